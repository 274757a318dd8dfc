// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "io/recording/event_reader.hpp"
#include "io/spikes/spike_formats.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct FormatsOptions {
  bool as_json = false;
};

struct OtherFormat {
  const char* name;
  const char* what;
  const char* use;
};

constexpr std::array others{
    OtherFormat{"network", "network file (TOML)", "read: run, check, info"},
    OtherFormat{"sonata", "SONATA simulation_config.json, circuit_config.json", "read: run, check, info"},
    OtherFormat{"energy", "energy profile (TOML)", "read: report, plot"},
};

void declare(Arguments& arguments, FormatsOptions& options) {
  arguments.flag("--json", options.as_json, "print as JSON");
}

Document choices_document(const EventFormat& format) {
  Document::Array choices;
  for (const ReadingChoice& choice : format.choices)
    choices.push_back(json(Document::Table{
        {"name", json(choice.name)}, {"values", json(choice.values)}, {"title", json(choice.title)}}));
  return json(std::move(choices));
}

int print_json() {
  Document::Array recordings;
  for (const EventFormat& format : event_formats())
    recordings.push_back(json(Document::Table{{"name", json(format.name)},
                                              {"title", json(format.title)},
                                              {"extensions", json(format.extensions)},
                                              {"clock", json(format.clock)},
                                              {"written", json(format.create != nullptr)},
                                              {"readings", choices_document(format)}}));
  Document::Array spikes;
  for (const SpikeFormat& format : spike_formats())
    spikes.push_back(json(Document::Table{{"name", json(format.name)},
                                          {"title", json(format.title)},
                                          {"extensions", json(format.extensions)},
                                          {"written", json(format.written)}}));
  Document::Array rest;
  for (const OtherFormat& format : others)
    rest.push_back(json(Document::Table{
        {"name", json(format.name)}, {"title", json(format.what)}, {"use", json(format.use)}}));
  fmt::print("{}\n", json_text(json(Document::Table{{"recordings", json(std::move(recordings))},
                                                    {"spikes", json(std::move(spikes))},
                                                    {"others", json(std::move(rest))}})));
  return 0;
}

int formats(const FormatsOptions& options) {
  if (options.as_json) return print_json();
  fmt::print("recordings of event cameras, told apart by content\n");
  for (const EventFormat& format : event_formats()) {
    fmt::print("  {:<12} {:<51} {:<13} {}\n", format.name, format.title,
               format.create != nullptr ? "read, written" : "read", format.extensions);
    fmt::print("  {:<12} time: {}\n", "", format.clock);
    for (const ReadingChoice& choice : format.choices)
      fmt::print("  {:<12} --reading {}=...: {}; {}\n", "", choice.name, choice.title, choice.values);
  }
  fmt::print(
      "\nspikes (info, convert; SONATA is what run writes and report, plot, compare and sources read)\n");
  for (const SpikeFormat& format : spike_formats())
    fmt::print("  {:<12} {:<51} {:<13} {}\n", format.name, format.title,
               format.written ? "read, written" : "read", format.extensions);
  fmt::print("\nothers\n");
  for (const OtherFormat& format : others)
    fmt::print("  {:<12} {:<51} {}\n", format.name, format.what, format.use);
  return 0;
}

}  // namespace

Verb formats_verb() {
  return {"formats", "List the file formats that are read and written",
          "Examples:\n  flurry formats\n  flurry formats --json\n",
          [](Arguments& arguments) { return bind_verb<FormatsOptions>(arguments, &declare, &formats); }};
}

}  // namespace flurry
