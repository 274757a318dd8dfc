// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"
#include "tools/recording/convert_recording.hpp"

namespace flurry {
namespace {

struct ConvertOptions {
  ConvertRequest request;
  bool as_json = false;
};

void declare(Arguments& arguments, ConvertOptions& options) {
  arguments.positional("IN", options.request.input.file, "recording; - for standard input, with --from");
  arguments.positional("OUT", options.request.output, "recording to write, instead of any there is");
  arguments.option("--to", options.request.format, "FORMAT",
                   "format to write (see flurry formats); default: by the extension of OUT");
  declare_recording_options(arguments, options.request.input);
  declare_filter_options(arguments, options.request.filters);
  arguments.flag("--json", options.as_json, "print the summary as JSON");
}

int convert(const ConvertOptions& options) {
  const ConvertResult result = convert_recording(options.request);
  if (options.as_json)
    fmt::print("{}\n", json_text(convert_document(result)));
  else if (!options.request.input.quiet)
    fmt::print("{}", convert_text(result));
  return 0;
}

}  // namespace

Verb convert_verb() {
  return {"convert", "Write a recording in another format, filtered and cut as wanted",
          "Examples:\n"
          "  flurry convert recording.es recording.raw            .raw is written as evt3\n"
          "  flurry convert recording.raw part.raw --clock zero --slice '2 s,3 s'\n"
          "  flurry convert recording.raw clean.raw --hot-pixels auto --denoise '2 ms'\n"
          "  flurry convert recording.raw small.raw --crop 320,180,640,360 --downsample 4\n"
          "  flurry convert twisted.raw straight.raw --order sort\n"
          "  zcat recording.raw.gz | flurry convert --from evt2 - recording.raw --sensor 640,480\n"
          "Whatever the order of the options: first order and clock, then slice, polarity, hot pixels,\n"
          "refractory and denoise on the camera's own pixels, then crop, then downsample. Memory does not\n"
          "grow with the recording. OUT is there whole or not at all: Ctrl-C and errors leave nothing.\n",
          [](Arguments& arguments) { return bind_verb<ConvertOptions>(arguments, &declare, &convert); }};
}

}  // namespace flurry
