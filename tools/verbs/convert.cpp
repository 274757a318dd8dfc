// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/spike_conversion.hpp"
#include "tools/cli/verb.hpp"
#include "tools/recording/convert_recording.hpp"

namespace flurry {
namespace {

struct ConvertOptions {
  ConvertRequest request;
  bool as_json = false;
};

void declare(Arguments& arguments, ConvertOptions& options) {
  arguments.positional("IN", options.request.input.file,
                       "recording or spike file; - for a recording from standard input, with --from");
  arguments.positional("OUT", options.request.output, "file to write, instead of any there is");
  arguments.option("--to", options.request.format, "FORMAT",
                   "format to write (see flurry formats); default: by the extension of OUT");
  declare_recording_options(arguments, options.request.input);
  declare_filter_options(arguments, options.request.filters);
  arguments.flag("--json", options.as_json, "print the summary as JSON");
}

template <class Formats>
bool names(const Formats& formats, const std::string& name) {
  return std::any_of(formats.begin(), formats.end(), [&](const auto& format) { return format.name == name; });
}

// Spikes or a recording: by --from where only one of them has a format of that name, else by content.
bool holds_spikes(const RecordingOptions& input) {
  const bool named = names(spike_formats(), input.format);
  if (!input.format.empty() && (!named || !names(event_formats(), input.format))) return named;
  std::error_code failed;
  return std::filesystem::is_regular_file(existing_file(input.file), failed) &&
         recognise_spikes(existing_file(input.file)) != nullptr;
}

// The unit of times is the one thing spikes leave open.
std::string unit_among(const std::vector<std::string>& readings) {
  std::string unit;
  for (const std::string& reading : readings) {
    if (!reading.starts_with("unit="))
      throw UsageError(
          fmt::format("--reading {}: of spikes only the unit of times is open, as in unit=s", reading));
    unit = reading.substr(5);
  }
  return unit;
}

int convert_spike_file(const ConvertOptions& options) {
  const RecordingOptions& input = options.request.input;
  if (options.request.filters != FilterOptions{} || input.clock != "raw" || input.order != "keep")
    throw UsageError(
        fmt::format("{} holds spikes; filters, --clock and --order are for recordings", input.file));
  const Document summary =
      convert_spikes(input.file, options.request.output,
                     {{input.format, unit_among(input.readings)}, options.request.format});
  if (options.as_json)
    fmt::print("{}\n", json_text(summary));
  else if (!input.quiet)
    fmt::print("{} ({}): {} spikes of {} populations from {} ({})\n", options.request.output,
               summary.at("output_format", "summary").text("summary"),
               json_text(summary.at("spikes", "summary"), -1),
               json_text(summary.at("populations", "summary"), -1), input.file,
               summary.at("input_format", "summary").text("summary"));
  return ExitCode::ok;
}

int convert(const ConvertOptions& options) {
  if (holds_spikes(options.request.input)) return convert_spike_file(options);
  const ConvertResult result = convert_recording(options.request);
  if (options.as_json)
    fmt::print("{}\n", json_text(convert_document(result)));
  else if (!options.request.input.quiet)
    fmt::print("{}", convert_text(result));
  return 0;
}

}  // namespace

Verb convert_verb() {
  return {"convert", "Write a recording, filtered and cut as wanted, or spikes in another format",
          "Examples:\n"
          "  flurry convert recording.es recording.raw            .raw is written as evt3\n"
          "  flurry convert recording.raw part.raw --clock zero --slice '2 s,3 s'\n"
          "  flurry convert recording.raw clean.raw --hot-pixels auto --denoise '2 ms'\n"
          "  flurry convert recording.raw small.raw --crop 320,180,640,360 --downsample 4\n"
          "  flurry convert twisted.raw straight.raw --order sort\n"
          "  zcat recording.raw.gz | flurry convert --from evt2 - recording.raw --sensor 640,480\n"
          "  flurry convert spikes.nwb spikes.h5                  spikes: sonata, shd, csv, gdf are written\n"
          "  flurry convert spikes.txt spikes.csv --from aer --reading unit=us\n"
          "Whatever the order of the options: first order and clock, then slice, polarity, hot pixels,\n"
          "refractory and denoise on the camera's own pixels, then crop, then downsample. Memory does not\n"
          "grow with the recording. OUT is there whole or not at all: Ctrl-C and errors leave nothing.\n",
          [](Arguments& arguments) { return bind_verb<ConvertOptions>(arguments, &declare, &convert); }};
}

}  // namespace flurry
