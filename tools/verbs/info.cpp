// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/file_info.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct InfoOptions {
  std::string file;
  std::string format;
  bool as_json = false;
};

void declare(Arguments& arguments, InfoOptions& options) {
  arguments.positional("FILE", options.file, "recording, spike file, network file or SONATA configuration");
  arguments.option("--from", options.format, "FORMAT",
                   "read as this recording format, whatever the content (see flurry formats)");
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

Document info_of(const InfoOptions& options) {
  std::error_code failed;
  if (!std::filesystem::exists(options.file, failed))
    throw SystemError("there is no file '" + options.file + "'");
  const std::filesystem::path path = options.file;
  if (!options.format.empty()) return recording_info(path, options.format);
  if (path.extension() == ".toml") return network_info(path, catalogue());
  if (is_spike_file(path)) return spike_file_info(path);
  if (is_sonata_config(path)) return sonata_info(path, catalogue());
  return recording_info(path, "");
}

int info(const InfoOptions& options) {
  const Document document = info_of(options);
  if (options.as_json)
    fmt::print("{}\n", json_text(document));
  else
    print_table(document, "");
  return 0;
}

}  // namespace

Verb info_verb() {
  return {"info", "Say what a file holds",
          "Examples:\n  flurry info recording.raw\n  flurry info run.h5 --json\n  flurry info network.toml\n",
          [](Arguments& arguments) { return bind_verb<InfoOptions>(arguments, &declare, &info); }};
}

}  // namespace flurry
