// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/event_reader.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/recording/byte_source.hpp"
#include "io/recording/content_description.hpp"

namespace flurry {

std::vector<EventFormat> event_format_entries();  // generated from io/formats

namespace {

constexpr std::size_t head_bytes = std::size_t{1} << 16U;

/// The first bytes of a file and its size.
struct Content {
  std::string head;
  std::uint64_t size = 0;
};

Content look_at(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_other(path, error))  // a pipe can be read only once
    throw SystemError(path.string() +
                      ": is no regular file, so its format cannot be recognised; name the format");
  ByteSource source(path, head_bytes);
  source.fill();
  const std::uint64_t size = std::filesystem::file_size(path, error);
  return {std::string(source.unread()), error ? source.unread().size() : size};
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const EventFormat& format : event_formats()) names.emplace_back(format.name);
  return names;
}

std::string joined(const std::vector<std::string>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last : ", ";
    text += names[i];
  }
  return text;
}

/// The formats that are surest of this content; empty if none knows it.
std::vector<const EventFormat*> best_formats(const std::filesystem::path& path, const Content& content) {
  constexpr int by_signature = 3;
  std::vector<const EventFormat*> best;
  int best_score = foreign_signature(content.head).empty() ? 1 : by_signature;
  for (const EventFormat& format : event_formats()) {
    const int score = format.recognise(content.head, content.size);
    if (score < best_score || (format.holds != nullptr && !format.holds(path))) continue;
    if (score > best_score) best.clear();
    best_score = score;
    best.push_back(&format);
  }
  return best;
}

std::string choice_names(const EventFormat& format) {
  std::vector<std::string> names;
  names.reserve(format.choices.size());
  for (const ReadingChoice& choice : format.choices) names.emplace_back(choice.name);
  return joined(names, " and ");
}

const EventFormat& named_format(const std::filesystem::path& path, std::string_view name) {
  for (const EventFormat& format : event_formats())
    if (format.name == name) return format;
  throw UsageError(unknown_name("recording format", name, path.string(), format_names()));
}

}  // namespace

const std::vector<EventFormat>& event_formats() {
  static const std::vector<EventFormat> formats = event_format_entries();
  return formats;
}

const EventFormat& recognise_recording(const std::filesystem::path& path, std::string_view name) {
  if (!name.empty()) return named_format(path, name);
  const Content content = look_at(path);
  const std::vector<const EventFormat*> best = best_formats(path, content);
  if (best.empty()) {
    const std::string_view advice = content_advice(content.head);
    throw FormatError(path.string() + ": no event-camera recording that can be read: it looks like " +
                      describe_content(content.head) + (advice.empty() ? "" : "; ") + std::string(advice) +
                      "; read are " + joined(format_names(), " and "));
  }
  if (best.size() > 1) {
    std::vector<std::string> names;
    names.reserve(best.size());
    for (const EventFormat* format : best) names.emplace_back(format->name);
    throw FormatError(path.string() + ": the content could be " + joined(names, " or ") +
                      "; name the format");
  }
  return *best.front();
}

bool is_recording(const std::filesystem::path& path) { return !best_formats(path, look_at(path)).empty(); }

std::unique_ptr<EventReader> EventFormat::open(const std::filesystem::path& path, const Readings& readings,
                                               std::size_t threads) const {
  for (const auto& [key, value] : readings) {
    const bool known = std::any_of(choices.begin(), choices.end(),
                                   [&key = key](const ReadingChoice& choice) { return choice.name == key; });
    if (!known)
      throw UsageError(
          path.string() + ": the format " + std::string(name) + " has no reading '" + key +
          (choices.empty() ? "'; it can be read one way only" : "'; it has " + choice_names(*this)));
  }
  std::error_code error;
  if (threads > 1 && open_on != nullptr && std::filesystem::is_regular_file(path, error))
    return open_on(path, threads);
  return open_as(path, readings);
}

namespace {

/// How many events a file will give, going by its first `count`; a little more, so that memory is asked for
/// once. No more than twelve in two bytes, the densest of formats.
std::size_t expected_events(std::size_t count, std::uint64_t bytes_read, std::uint64_t file_bytes) {
  if (bytes_read == 0 || bytes_read >= file_bytes) return count;
  const double expected =
      1.02 * static_cast<double>(count) * static_cast<double>(file_bytes) / static_cast<double>(bytes_read);
  return static_cast<std::size_t>(std::min(expected, 6.0 * static_cast<double>(file_bytes)));
}

}  // namespace

EventRecording read_recording(const std::filesystem::path& path, std::string_view format,
                              const Readings& readings, std::size_t threads) {
  const EventFormat& chosen = recognise_recording(path, format);
  const std::unique_ptr<EventReader> reader = chosen.open(path, readings, threads);
  EventRecording recording;
  recording.format = chosen.name;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::vector<AddressEvent>& events = recording.events;
  std::vector<AddressEvent> block(threads > 1 ? std::size_t{1} << 20U : std::size_t{1} << 14U);
  while (const std::size_t got = reader->read(block)) {
    if (events.capacity() < events.size() + got)
      events.reserve(
          std::max(2 * events.size() + got,
                   error ? 0 : expected_events(events.size() + got, reader->statistics().bytes_read, size)));
    events.insert(events.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
  }
  recording.sensor = reader->sensor();
  recording.statistics = reader->statistics();
  if (recording.sensor.width == 0 || recording.sensor.height == 0) {
    recording.sensor = {};
    for (const AddressEvent& event : recording.events) {
      recording.sensor.width = std::max(recording.sensor.width, std::uint32_t{event.x} + 1);
      recording.sensor.height = std::max(recording.sensor.height, std::uint32_t{event.y} + 1);
    }
  }
  return recording;
}

void write_recording(const std::filesystem::path& path, std::string_view format, SensorSize sensor,
                     std::span<const AddressEvent> events) {
  const EventFormat& chosen = named_format(path, format);
  if (chosen.create == nullptr)
    throw UsageError(path.string() + ": the format " + std::string(format) + " is read but not written");
  const std::unique_ptr<EventWriter> writer = chosen.create(path, sensor);
  writer->write(events);
  writer->close();
}

}  // namespace flurry
