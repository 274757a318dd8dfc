// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/convert_recording.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "tools/cli/file_extension.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

std::string written_names() {
  std::string text;
  for (const EventFormat& format : event_formats())
    if (format.create != nullptr)
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", format.name, format.extensions);
  return text;
}

void check_places(const std::string& input, const fs::path& output) {
  std::error_code failed;
  if (fs::is_directory(output, failed))
    throw SystemError(output.string() + ": is a folder; give the name of the file to write");
  if (fs::equivalent(existing_file(input), output, failed) && !failed)
    throw UsageError(output.string() + ": is the recording to convert; give the output another name");
}

}  // namespace

const EventFormat& written_format(const fs::path& output, const std::string& name) {
  if (!name.empty()) {
    const EventFormat& format = recognise_recording(output, name);
    if (format.create == nullptr)
      throw UsageError(fmt::format("{}: the format {} is read but not written; written are {}",
                                   output.string(), name, written_names()));
    return format;
  }
  const std::string extension = lower_case(output.extension().string());
  std::vector<const EventFormat*> found;
  for (const EventFormat& format : event_formats())
    if (format.create != nullptr && names_extension(format.extensions, extension)) found.push_back(&format);
  const auto usual = std::find_if(found.begin(), found.end(),
                                  [](const EventFormat* format) { return format->name == "evt3"; });
  if (usual != found.end()) return **usual;
  if (found.size() == 1) return *found.front();
  if (found.empty())
    throw UsageError(fmt::format("{}: {} no format that is written; choose one with --to: {}",
                                 output.string(),
                                 extension.empty() ? std::string("without an extension this names")
                                                   : "the extension '" + extension + "' names",
                                 written_names()));
  std::string names;
  for (const EventFormat* format : found) names += (names.empty() ? "" : " or ") + std::string(format->name);
  throw UsageError(fmt::format("{}: the extension '{}' could mean {}; choose with --to", output.string(),
                               extension, names));
}

ConvertResult convert_recording(const ConvertRequest& request) {
  const fs::path output = request.output;
  check_places(request.input.file, output);
  const EventFormat& format = written_format(output, request.format);
  FilteredRecording recording(request.input, request.filters, "converting");
  const std::unique_ptr<EventWriter> writer = format.create(output, recording.sensor());
  ConvertResult result;
  std::vector<AddressEvent> events;
  while (recording.read(events)) {
    writer->write(events);
    result.events_out += events.size();
  }
  writer->close();
  result.input = request.input.file;
  result.input_format = recording.input().format().name;
  result.output = request.output;
  result.output_format = format.name;
  result.sensor = recording.sensor();
  result.events_in = recording.input().events();
  result.dropped = recording.dropped();
  result.hot_pixels = recording.hot_pixels();
  result.backward = recording.input().backward();
  result.statistics = recording.input().statistics();
  std::error_code unknown;
  const std::uintmax_t bytes = fs::file_size(output, unknown);
  result.bytes_out = unknown ? 0 : bytes;
  return result;
}

Document convert_document(const ConvertResult& result) {
  Document::Table dropped;
  for (const auto& [name, count] : result.dropped) dropped[name] = json(count);
  Document::Table table{{"input", json(result.input)},
                        {"from", json(result.input_format)},
                        {"output", json(result.output)},
                        {"to", json(result.output_format)},
                        {"width", json(result.sensor.width)},
                        {"height", json(result.sensor.height)},
                        {"events_in", json(result.events_in)},
                        {"events_out", json(result.events_out)},
                        {"dropped", json(std::move(dropped))},
                        {"backward_steps", json(result.backward.count)},
                        {"backward_largest_us", json(result.backward.largest)},
                        {"triggers", json(result.statistics.triggers)},
                        {"skipped", json(result.statistics.skipped)},
                        {"damaged", json(result.statistics.damaged)},
                        {"damage", json(result.statistics.damage)},
                        {"bytes_in", json(result.statistics.bytes_read)},
                        {"bytes_out", json(result.bytes_out)}};
  if (result.hot_pixels) table["hot_pixels"] = json(*result.hot_pixels);
  return json(std::move(table));
}

std::string convert_text(const ConvertResult& result) {
  std::string text = fmt::format("{} ({}, {}): {} events\n", result.input, result.input_format,
                                 bytes_text(result.statistics.bytes_read), grouped(result.events_in));
  for (const auto& [name, count] : result.dropped)
    if (count > 0) text += fmt::format("  {:<12} {} dropped\n", name, grouped(count));
  if (result.hot_pixels) text += fmt::format("  {} hot pixels\n", grouped(*result.hot_pixels));
  text += fmt::format("{} ({}, {}): {} events, {}x{}\n", result.output, result.output_format,
                      bytes_text(result.bytes_out), grouped(result.events_out), result.sensor.width,
                      result.sensor.height);
  if (result.statistics.triggers > 0)
    text += fmt::format("{} triggers are not carried over\n", grouped(result.statistics.triggers));
  if (result.statistics.damaged > 0)
    text += fmt::format("{} places of damage in the input; the first: {}\n",
                        grouped(result.statistics.damaged), result.statistics.damage);
  return text;
}

}  // namespace flurry
