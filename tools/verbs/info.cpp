// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "io/dataset/shd_dataset.hpp"
#include "io/report/report_file.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "io/spikes/spike_formats.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/file_info.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"
#include "tools/dataset/dataset_info.hpp"
#include "tools/recording/recording_info.hpp"

namespace flurry {
namespace {

struct InfoOptions {
  RecordingOptions recording;  // with the file, whatever it holds
  bool as_json = false;
};

void declare(Arguments& arguments, InfoOptions& options) {
  arguments.positional(
      "FILE", options.recording.file,
      "recording, spike file, report, network file or SONATA configuration; - for a recording on "
      "standard input");
  declare_recording_options(arguments, options.recording);
  arguments.flag("--json", options.as_json, "print as JSON");
}

std::string value_text(const Document& value) {
  if (value.is_text() && value.text("").find('\n') != std::string::npos)
    return fmt::format("{} characters, shown by --json", value.text("").size());
  if (value.is_text()) return value.text("");
  return value.is_null() ? "-" : json_text(value, -1);
}

void print_table(const Document& table, const std::string& indent) {
  for (const auto& [key, value] : table.table("info")) {
    if (value.is_table()) {
      fmt::print("{}{}\n", indent, key);
      print_table(value, indent + "  ");
    } else if (value.is_array() && !value.array("").empty() && value.array("").front().is_table()) {
      for (const Document& item : value.array("")) fmt::print("{}{}: {}\n", indent, key, json_text(item, -1));
    } else {
      fmt::print("{}{:<14} {}\n", indent, key, value_text(value));
    }
  }
}

// Whether the file is to be read as a recording, since nothing else it could be has such options.
bool asks_for_recording(const RecordingOptions& options) {
  std::error_code failed;
  return !options.format.empty() || !options.readings.empty() || options.clock != "raw" ||
         options.order != "keep" || std::filesystem::is_other(existing_file(options.file), failed);
}

/// What a file that is no recording holds; null where it may be one.
Document info_of(const std::filesystem::path& path) {
  if (path.extension() == ".toml") return network_info(path, catalogue());
  if (ShdDataset::holds(path)) {
    ShdDataset dataset(path);
    return dataset_info(dataset, {});
  }
  if (is_report_file(path)) return report_info(path);
  if (recognise_spikes(path) != nullptr) return spike_file_info(path);
  if (is_sonata_config(path)) return sonata_info(path, catalogue());
  return {};
}

int info(const InfoOptions& options) {
  const std::filesystem::path path = existing_file(options.recording.file);
  const Document document = asks_for_recording(options.recording) ? Document{} : info_of(path);
  if (document.is_null()) {
    const RecordingInfo recording = survey_recording(options.recording);
    fmt::print("{}", options.as_json ? recording_json(recording) + "\n" : recording_text(recording));
  } else if (options.as_json) {
    fmt::print("{}\n", json_text(document));
  } else {
    print_table(document, "");
  }
  return 0;
}

}  // namespace

Verb info_verb() {
  return {"info", "Say what a file holds",
          "Examples:\n"
          "  flurry info recording.raw\n"
          "  flurry info recording.raw --json --clock zero\n"
          "  flurry info stereo.bin --from evt3          headerless, or of a format not recognised\n"
          "  zcat recording.raw.gz | flurry info --from evt2 -\n"
          "  flurry info run.h5 --json\n"
          "  flurry info network.toml\n"
          "--from, --reading, --clock and --order are for recordings. Damage is counted, never fatal.\n",
          [](Arguments& arguments) { return bind_verb<InfoOptions>(arguments, &declare, &info); }};
}

}  // namespace flurry
