// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/catalogue/catalogue.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/analysis/report_text.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"
#include "tools/plot/html_report.hpp"

namespace flurry {
namespace {

struct ReportOptions {
  std::string run;
  std::vector<std::string> profiles;
  std::optional<double> step;
  std::string html;
  bool as_json = false;
};

void declare(Arguments& arguments, ReportOptions& options) {
  arguments.positional("RUN.h5", options.run, "spike file written by `flurry run`");
  arguments.repeated("-p,--profile", options.profiles, "NAME|FILE",
                     "energy profile to price the counts with, or 'all'");
  arguments.quantity("--step", options.step, Dimension::time,
                     "step of the time-stepped equivalents; default 0.1 ms");
  arguments.option("--html", options.html, "FILE", "also write the report with pictures as one HTML file");
  arguments.flag("--json", options.as_json, "print as JSON");
}

int report(const ReportOptions& options) {
  const RunReport result =
      make_report(options.run, read_spike_file(options.run), catalogue(), choose_profiles(options.profiles),
                  options.step.value_or(default_step));
  if (!options.html.empty()) write_html_report(result, options.html);
  if (options.as_json)
    fmt::print("{}\n", json_text(report_document(result)));
  else
    fmt::print("{}", report_text(result));
  return 0;
}

}  // namespace

Verb report_verb() {
  return {"report", "Rates, time constants, activity and energy of a run",
          "Examples:\n"
          "  flurry report run.h5\n"
          "  flurry report run.h5 --profile loihi1-table2 --profile mychip.toml --step '1 ms'\n"
          "  flurry report run.h5 --profile all --json\n"
          "  flurry report run.h5 --html report.html\n"
          "Energies are exact counts times published prices, not measurements; where a counted term has no "
          "price\n"
          "there is no total.\n",
          [](Arguments& arguments) { return bind_verb<ReportOptions>(arguments, &declare, &report); }};
}

}  // namespace flurry
