// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/catalogue/catalogue.hpp"
#include "tools/analysis/network_estimate.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/run_input.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct CheckOptions {
  std::string input;
  std::vector<std::string> settings;
  std::optional<double> rate;
  bool as_json = false;
};

void declare(Arguments& arguments, CheckOptions& options) {
  arguments.positional("INPUT", options.input, "network file (.toml) or SONATA configuration (.json)");
  arguments.repeated("--set", options.settings, "KEY=VALUE", "change one value of the network file");
  arguments.quantity("--rate", options.rate, Dimension::rate,
                     "rate assumed for neurons in the estimate of work; default 10 Hz");
  arguments.flag("--json", options.as_json, "print as JSON");
}

int check(const CheckOptions& options) {
  const RunInput input = load_run_input(options.input, catalogue(), options.settings);
  const NetworkEstimate estimate = estimate_network(input.network, catalogue(), options.rate.value_or(0.01));
  if (options.as_json) {
    Document document = estimate_document(estimate);
    std::get<Document::Table>(document.value())["notes"] = json(input.notes);
    fmt::print("{}\n", json_text(document));
    return 0;
  }
  fmt::print("{}", estimate_text(estimate));
  for (const std::string& note : input.notes) fmt::print("note        {}\n", note);
  fmt::print("{} is fine\n", options.input);
  return 0;
}

}  // namespace

Verb check_verb() {
  return {"check", "Check a network file; estimate its memory and work",
          "Examples:\n"
          "  flurry check network.toml\n"
          "  flurry check network.toml --rate '30 Hz' --json\n"
          "Nothing big is built. Exit code 2 and one sentence with file and line for the first mistake.\n",
          [](Arguments& arguments) { return bind_verb<CheckOptions>(arguments, &declare, &check); }};
}

}  // namespace flurry
