// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"
#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

struct PlotOptions {
  std::string run;
  std::string folder;
  std::vector<std::string> profiles;
  std::optional<double> step;
  bool as_json = false;
};

void declare(Arguments& arguments, PlotOptions& options) {
  arguments.positional("RUN.h5", options.run, "spike file written by `flurry run`");
  arguments.required_option("-o,--output", options.folder, "DIR",
                            "folder for the pictures, each as SVG and PNG");
  arguments.repeated("-p,--profile", options.profiles, "NAME|FILE", "energy profile to show, or 'all'");
  arguments.quantity("--step", options.step, Dimension::time,
                     "step of the time-stepped equivalents; default 0.1 ms");
  arguments.flag("--json", options.as_json, "print the paths as JSON");
}

int plot(const PlotOptions& options) {
  const RunReport report =
      make_report(options.run, read_spike_file(options.run), catalogue(), choose_profiles(options.profiles),
                  options.step.value_or(default_step));
  std::vector<std::string> paths;
  for (const Picture& picture : all_pictures(report)) paths.push_back(draw(picture, options.folder).string());
  if (paths.empty()) throw UsageError("'" + options.run + "' holds no spikes, so there is nothing to draw");
  if (options.as_json)
    fmt::print("{}\n", json_text(json(paths)));
  else
    for (const std::string& path : paths) fmt::print("{}\n", path);
  return 0;
}

}  // namespace

Verb plot_verb() {
  return {"plot", "Draw spikes, rates, time constants and energy of a run",
          "Examples:\n"
          "  flurry plot run.h5 -o pictures\n"
          "Writes raster, rate, time_constants and energy, as far as the run has them. Needs gnuplot.\n",
          [](Arguments& arguments) { return bind_verb<PlotOptions>(arguments, &declare, &plot); }};
}

}  // namespace flurry
