// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>

#include "core/base/embedded_text.hpp"
#include "core/base/error.hpp"
#include "io/network_file/network_file.hpp"
#include "io/recording/event_reader.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/encoding/event_camera.hpp"
#include "models/encoding/moving_scene.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/analysis/report_text.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/demo_settings.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/run_input.hpp"
#include "tools/cli/run_simulation.hpp"
#include "tools/cli/text_output.hpp"
#include "tools/cli/verb.hpp"
#include "tools/plot/pictures.hpp"

namespace flurry {

/// The network files of examples/, inside the program.
[[nodiscard]] std::span<const EmbeddedText> example_networks();

namespace {

namespace fs = std::filesystem;

constexpr std::string_view demo_network = "heterogeneous";

struct DemoOptions {
  std::string recording;
  std::string folder = "flurry-demo";
  std::vector<std::string> settings;
  RunRequest request;
  bool as_json = false;
};

void declare(Arguments& arguments, DemoOptions& options) {
  arguments.optional_positional("RECORDING", options.recording,
                                "event-camera recording; made up where none is given");
  arguments.option("-o,--output", options.folder, "DIR", "folder for everything; default flurry-demo");
  arguments.whole_number("-t,--threads", options.request.threads,
                         "threads; the result is the same for any number");
  arguments.quantity("-u,--until", options.request.until, Dimension::time,
                     "time to simulate, instead of the network's");
  arguments.repeated("--set", options.settings, "KEY=VALUE", "change one value of the network");
  arguments.flag("--json", options.as_json, "print the summary as JSON");
  arguments.keep_command(options.request.command);
}

std::string network_text() {
  for (const EmbeddedText& file : example_networks())
    if (file.name == demo_network) return std::string(file.text);
  throw InternalError("the demo's network is not inside the program");
}

fs::path make_recording(const fs::path& folder) {
  const CameraParameters camera;
  const std::vector<AddressEvent> events = watch(camera, MovingScene(camera.seed));
  fs::path path = folder / "recording.raw";
  write_recording(path, "evt3", {camera.width, camera.height}, events);
  return path;
}

RunInput load(const DemoOptions& options, const fs::path& recording) {
  const fs::path path = fs::path(options.folder) / "network.toml";
  write_text(path, network_text());
  // A literal TOML string: backslashes and double quotes stay what they are.
  std::vector<std::string> settings{"populations.pixels.file='" + fs::absolute(recording).string() + "'"};
  for (std::string& setting : demo_settings(read_recording(recording)))
    settings.push_back(std::move(setting));
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  return load_run_input(path, catalogue(), settings);
}

std::vector<std::string> draw_all(const RunReport& report, const fs::path& folder) {
  std::vector<std::string> paths;
  if (!gnuplot_available()) {
    fmt::print(stderr,
               "note: no pictures, since gnuplot is not installed; install the package gnuplot-nox and run "
               "`flurry plot {}`\n",
               report.path);
    return paths;
  }
  for (const Picture& picture : all_pictures(report)) paths.push_back(draw(picture, folder).string());
  return paths;
}

std::string seen(const RunReport& report) {
  std::string text;
  for (const PopulationReport& population : report.populations)
    if (population.profile)
      text += fmt::format(
          "  {}: the quarter with {} below {:.3g} ms spikes at {:.1f} Hz, that above {:.3g} ms at {:.1f} "
          "Hz\n",
          population.name, population.tau, population.profile->fast.tau_high, population.profile->fast.rate,
          population.profile->slow.tau_low, population.profile->slow.rate);
  for (const EnergyReport& energy : report.energies) {
    if (energy.profile.name != "loihi1-table2" || !energy.event_driven.has_total()) continue;
    text +=
        fmt::format("  energy by {} ({}): {} event-driven, {} with every neuron updated each {:g} ms\n",
                    energy.profile.name, energy.profile.scope, energy_text(energy.event_driven.total().value),
                    energy_text(energy.sparse_steps.total().value), report.step);
  }
  return text;
}

void print_outcome(const RunResult& result, const RunReport& report, const std::vector<std::string>& pictures,
                   const fs::path& folder) {
  fmt::print(
      "{}\nWhat you see: every pixel of the recording drives neurons that all have time constants of their "
      "own.\n{}",
      summary_text(result), seen(report));
  fmt::print("\n{}\n", (folder / "report.txt").string());
  for (const std::string& picture : pictures) fmt::print("{}\n", picture);
}

int demo(const DemoOptions& options) {
  const fs::path folder = options.folder;
  make_folder(folder);
  const fs::path recording = options.recording.empty() ? make_recording(folder) : fs::path(options.recording);
  RunInput input = load(options, recording);
  for (const std::string& note : input.notes) fmt::print(stderr, "note: {}\n", note);
  RunRequest request = options.request;
  request.output = folder / "spikes.h5";
  request.progress = progress_wanted(false, false);
  const RunResult result = run_simulation(std::move(input.network), catalogue(), request);
  if (!result.complete)
    throw Interrupted("interrupted; " + request.output.string() + " is marked incomplete");

  const std::string spikes = request.output.string();
  const RunReport report =
      make_report(spikes, read_spike_file(spikes), catalogue(), choose_profiles({}), default_step);
  write_text(folder / "report.txt", report_text(report));
  write_text(folder / "report.json", json_text(report_document(report)) + "\n");
  const std::vector<std::string> pictures = draw_all(report, folder);
  if (options.as_json)
    fmt::print("{}\n", json_text(summary_document(result)));
  else
    print_outcome(result, report, pictures, folder);
  return ExitCode::ok;
}

}  // namespace

Verb demo_verb() {
  return {"demo", "A heterogeneous network watching an event camera: run, report, pictures",
          "Examples:\n  flurry demo\n  flurry demo recording.raw -o out --threads 4\n"
          "Makes the recording itself where none is given. Needs gnuplot for the pictures.\n",
          [](Arguments& arguments) { return bind_verb<DemoOptions>(arguments, &declare, &demo); }};
}

}  // namespace flurry
