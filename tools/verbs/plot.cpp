// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"
#include "tools/plot/learning_pictures.hpp"
#include "tools/plot/pictures.hpp"
#include "tools/plot/recording_pictures.hpp"
#include "tools/plot/report_pictures.hpp"

namespace flurry {
namespace {

struct PlotOptions {
  SceneRequest scene;  // with the file, whatever it holds
  std::string folder;
  std::vector<std::string> profiles;
  std::optional<double> step;
  bool as_json = false;
};

void declare(Arguments& arguments, PlotOptions& options) {
  arguments.positional(
      "FILE", options.scene.recording.file,
      "spike file or report written by `flurry run`, model written by `flurry train`, or recording");
  arguments.required_option("-o,--output", options.folder, "DIR",
                            "folder for the pictures, each as SVG and PNG");
  arguments.repeated("-p,--profile", options.profiles, "NAME|FILE", "energy profile to show, or 'all'");
  arguments.quantity("--step", options.step, Dimension::time,
                     "step of the time-stepped equivalents; default 0.1 ms");
  arguments.flag("--animate", options.scene.film, "of a recording, also film.gif");
  arguments.quantity("--frame", options.scene.frame, Dimension::time,
                     "of a recording, time of events in each frame; default: by the rate");
  declare_recording_options(arguments, options.scene.recording);
  declare_filter_options(arguments, options.scene.filters);
  arguments.flag("--json", options.as_json, "print the paths as JSON");
}

using Paths = std::vector<std::string>;

Paths draw_run(const PlotOptions& options) {
  const std::string& run = options.scene.recording.file;
  const RunReport report =
      make_report(run, read_spike_file(run), catalogue(), choose_profiles(options.profiles),
                  options.step.value_or(default_step));
  Paths paths;
  for (const Picture& picture : all_pictures(report)) paths.push_back(draw(picture, options.folder).string());
  if (paths.empty()) throw UsageError("'" + run + "' holds no spikes, so there is nothing to draw");
  return paths;
}

Paths draw_model(const PlotOptions& options) {
  Paths paths;
  for (const Picture& picture : model_pictures(read_model(options.scene.recording.file)))
    paths.push_back(draw(picture, options.folder).string());
  return paths;
}

Paths draw_report(const PlotOptions& options) {
  Paths paths;
  for (const Picture& picture : report_pictures(ReportFile(options.scene.recording.file)))
    paths.push_back(draw(picture, options.folder).string());
  return paths;
}

Paths draw_recording(const PlotOptions& options) {
  const RecordingScene scene = watch_recording(options.scene);
  Paths paths;
  for (const Picture& picture : {frames_picture(scene), space_time_picture(scene), event_rate_picture(scene)})
    paths.push_back(draw(picture, options.folder).string());
  if (const std::optional<Picture> film = film_picture(scene))
    paths.push_back(draw_animation(*film, options.folder).string());
  return paths;
}

int plot(const PlotOptions& options) {
  const RecordingOptions& file = options.scene.recording;
  const bool by_content = file.format.empty();
  const Paths paths = by_content && is_model(existing_file(file.file))         ? draw_model(options)
                      : by_content && is_spike_file(existing_file(file.file))  ? draw_run(options)
                      : by_content && is_report_file(existing_file(file.file)) ? draw_report(options)
                                                                               : draw_recording(options);
  if (options.as_json)
    fmt::print("{}\n", json_text(json(paths)));
  else if (!file.quiet)
    for (const std::string& path : paths) fmt::print("{}\n", path);
  return 0;
}

}  // namespace

Verb plot_verb() {
  return {
      "plot",
      "Draw a run (spikes, rates, energy), a report (traces), a recording (frames, space-time, rate) or a "
      "trained model",
      "Examples:\n"
      "  flurry plot run.h5 -o pictures\n"
      "  flurry plot run.E.V_m.h5 -o pictures\n"
      "  flurry plot recording.raw -o pictures --animate\n"
      "  flurry plot recording.raw -o pictures --slice '1 s,1.5 s' --denoise '2 ms' --frame '10 ms'\n"
      "Of a trained model: learning, learned_time_constants. Of a run: raster, rate, time_constants and\n"
      "energy, as far as it has them. Of a report: traces. Of a recording: frames, space_time, rate, and\n"
      "film.gif with --animate; filters as in `flurry convert`. Needs gnuplot.\n",
      [](Arguments& arguments) { return bind_verb<PlotOptions>(arguments, &declare, &plot); }};
}

}  // namespace flurry
