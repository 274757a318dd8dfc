// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/recording/event_reader.hpp"
#include "models/encoding/event_camera.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/text_output.hpp"
#include "tools/cli/verb.hpp"
#include "tools/recording/camera_input.hpp"
#include "tools/recording/convert_recording.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

constexpr double usual_dark = 0.35;
constexpr double usual_frame_rate = 0.03;  // kHz

struct RecordOptions {
  std::vector<std::string> inputs;
  std::string output;
  std::string format;
  std::optional<std::uint64_t> index, width, height, seed;
  std::optional<double> duration, interval, frame_rate, dark;
  std::optional<double> threshold, threshold_off, mismatch, refractory, leak, noise, bandwidth;
  bool all = false;
  bool saccades = false;
  bool quiet = false;
  bool progress = false;
  bool as_json = false;
};

void declare_camera(Arguments& arguments, RecordOptions& options) {
  arguments.quantity("--threshold", options.threshold, Dimension::number,
                     "change of natural log luminance that makes an event; default 0.15");
  arguments.quantity("--threshold-off", options.threshold_off, Dimension::number,
                     "the same for off events; default: as --threshold");
  arguments.quantity("--mismatch", options.mismatch, Dimension::number,
                     "standard deviation of the thresholds over pixels, in the same unit; default 0.03");
  arguments.quantity("--refractory", options.refractory, Dimension::time,
                     "time after an event in which the pixel sees nothing; default 0.5 ms");
  arguments.quantity("--leak", options.leak, Dimension::rate,
                     "on events of a pixel at rest, from leakage; default 0.1 Hz");
  arguments.quantity("--noise", options.noise, Dimension::rate,
                     "events of a pixel without cause, half of them on; default 1 Hz");
  arguments.quantity("--bandwidth", options.bandwidth, Dimension::rate,
                     "cutoff of the photoreceptor, one pole; default: none");
}

void declare(Arguments& arguments, RecordOptions& options) {
  arguments.positionals(
      "INPUT", options.inputs,
      "the scene bar-disc; one PGM or PPM image, or several as the frames of a film; an IDX "
      "file of images (gzipped or not)");
  arguments.required_option("-o,--output", options.output, "OUT", "recording to write; a folder with --all");
  arguments.option("--to", options.format, "FORMAT",
                   "format to write (see flurry formats); default: by the extension of OUT, evt3 with --all");
  arguments.whole_number("--index", options.index, "which image of an IDX file, from 0");
  arguments.flag("--all", options.all, "every image of an IDX file, a recording each");
  arguments.flag("--saccades", options.saccades,
                 "move one image, or images of an IDX file, by three saccades of 100 ms, as N-MNIST did");
  arguments.quantity("--dark", options.dark, Dimension::number,
                     "luminance of black as a part of white's; default 0.35");
  arguments.quantity("--frame-rate", options.frame_rate, Dimension::rate, "of several images; default 30 Hz");
  arguments.whole_number("--width", options.width, "pixels of the sensor; default: as the input needs");
  arguments.whole_number("--height", options.height, "the same");
  arguments.quantity("--duration", options.duration, Dimension::time,
                     "how long to watch; default: 1 s of a scene, all of a film, 300 ms of saccades");
  arguments.quantity("--view-interval", options.interval, Dimension::time,
                     "between views of the scene; log luminance is linear in between; default 1 ms, the "
                     "frames of a film");
  declare_camera(arguments, options);
  arguments.whole_number("-s,--seed", options.seed, "seed of thresholds, noise and scene; default 1");
  arguments.flag("-q,--quiet", options.quiet, "print nothing but errors");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
  arguments.flag("--json", options.as_json, "print a summary as JSON");
}

std::uint32_t narrow(const std::optional<std::uint64_t>& number, std::uint32_t otherwise, const char* name) {
  if (number.value_or(0) > std::numeric_limits<std::uint32_t>::max())
    throw UsageError(fmt::format("{} is {}; it must be below 2^32", name, *number));
  return number ? static_cast<std::uint32_t>(*number) : otherwise;
}

CameraParameters camera_for(const RecordOptions& options, const CameraInput& input, std::uint32_t take) {
  CameraParameters camera;
  camera.width = narrow(options.width, input.width, "--width");
  camera.height = narrow(options.height, input.height, "--height");
  camera.duration = options.duration.value_or(input.duration);
  camera.frame_interval = options.interval.value_or(input.interval.value_or(camera.frame_interval));
  camera.threshold_on = options.threshold.value_or(camera.threshold_on);
  camera.threshold_off = options.threshold_off.value_or(options.threshold.value_or(camera.threshold_off));
  camera.threshold_spread = options.mismatch.value_or(camera.threshold_spread);
  camera.refractory_period = options.refractory.value_or(camera.refractory_period);
  // Rates come in kHz.
  camera.leak_rate = options.leak ? *options.leak * 1e3 : camera.leak_rate;
  camera.noise_rate = options.noise ? *options.noise * 1e3 : camera.noise_rate;
  camera.bandwidth = options.bandwidth ? *options.bandwidth * 1e3 : camera.bandwidth;
  camera.seed = options.seed.value_or(camera.seed);
  camera.take = take;
  if (input.interval && (options.width || options.height))
    throw UsageError("--width and --height are given by the frames of a film");
  return camera;
}

const EventFormat& format_for(const RecordOptions& options) {
  return written_format(options.output, options.all && options.format.empty() ? "evt3" : options.format);
}

/// What was recorded so far.
struct Tally {
  std::uint64_t recordings = 0;
  std::uint64_t events = 0;
  std::uint64_t on = 0;
  CameraParameters camera;
};

void stop_if_asked() {
  if (InterruptGuard::requested()) throw Interrupted("interrupted; what was not complete is not there");
}

void record_one(const CameraInput& input, const CameraParameters& camera, const EventFormat& format,
                const fs::path& path, Tally& tally) {
  const std::unique_ptr<EventWriter> writer = format.create(path, {camera.width, camera.height});
  watch(camera, *input.scene, [&](std::span<const AddressEvent> events) {
    stop_if_asked();
    writer->write(events);
    tally.events += events.size();
    for (const AddressEvent& event : events) tally.on += event.on ? 1U : 0U;
  });
  writer->close();
  ++tally.recordings;
  tally.camera = camera;
}

std::string first_extension(const EventFormat& format) {
  const std::string_view all = format.extensions;
  return std::string(all.substr(0, all.find_first_of(" ,")));
}

void expect_saccades(const RecordOptions& options) {
  if (!options.saccades)
    throw UsageError(
        "an image that does not move gives no events but noise; move it with --saccades, or give "
        "several images as a film");
}

void record_idx(const RecordOptions& options, const EventFormat& format, Tally& tally) {
  expect_saccades(options);
  const fs::path path = options.inputs.front();
  if (options.all == options.index.has_value())
    throw UsageError(path.string() + " holds many images: choose one with --index, or take --all");
  IdxFile file(path);
  const std::uint32_t first = narrow(options.index, 0, "--index");
  const double dark = options.dark.value_or(usual_dark);
  if (!options.all) {
    file.seek(first);
    const CameraInput input = saccade_input(*next_picture(file, path), dark);
    return record_one(input, camera_for(options, input, first), format, options.output, tally);
  }
  make_folder(options.output);
  ProgressBar bar("record", progress_wanted(options.progress, options.quiet || options.as_json));
  for (std::uint32_t i = 0; i < file.size(); ++i) {
    stop_if_asked();
    const CameraInput input = saccade_input(next_picture(file, path).value(), dark);
    const fs::path target = fs::path(options.output) / fmt::format("{:05}{}", i, first_extension(format));
    record_one(input, camera_for(options, input, i), format, target, tally);
    bar.update(static_cast<double>(i + 1) / file.size(), fmt::format("{} of {}", i + 1, file.size()));
  }
}

CameraInput open_input(const RecordOptions& options) {
  const double dark = options.dark.value_or(usual_dark);
  if (options.inputs.size() > 1) {
    if (options.saccades) throw UsageError("--saccades moves one image; several are the frames of a film");
    return film_input(options.inputs, 1.0 / options.frame_rate.value_or(usual_frame_rate), dark);
  }
  CameraInput built_in = built_in_scene(options.inputs.front(), options.seed.value_or(1));
  if (!built_in.scene) {
    GreyPicture picture = read_picture(options.inputs.front());
    expect_saccades(options);
    return saccade_input(std::move(picture), dark);
  }
  if (options.saccades) throw UsageError("--saccades moves an image; the scene moves by itself");
  return built_in;
}

void print_tally(const RecordOptions& options, const EventFormat& format, const Tally& tally) {
  if (options.as_json) {
    fmt::print("{}\n", json_text(json(Document::Table{{"output", json(options.output)},
                                                      {"format", json(format.name)},
                                                      {"recordings", json(tally.recordings)},
                                                      {"width", json(tally.camera.width)},
                                                      {"height", json(tally.camera.height)},
                                                      {"duration_ms", json(tally.camera.duration)},
                                                      {"events", json(tally.events)},
                                                      {"on", json(tally.on)},
                                                      {"off", json(tally.events - tally.on)}})));
  } else if (!options.quiet) {
    fmt::print("{}: {} events ({} on, {} off)", options.output, grouped(tally.events), grouped(tally.on),
               grouped(tally.events - tally.on));
    if (options.all) fmt::print(" in {} recordings", grouped(tally.recordings));
    fmt::print(" of {}x{} pixels, {:g} ms{}, {}\n", tally.camera.width, tally.camera.height,
               tally.camera.duration, options.all ? " each" : "", format.name);
  }
}

int record(const RecordOptions& options) {
  if (options.inputs.empty())
    throw UsageError(
        "name what to record: bar-disc, images (PGM, PPM) or an IDX file (see flurry record --help)");
  if (options.frame_rate && !(*options.frame_rate > 0.0)) throw UsageError("--frame-rate must be above 0 Hz");
  const EventFormat& format = format_for(options);
  const InterruptGuard guard;
  Tally tally;
  if (options.inputs.size() == 1 && IdxFile::is_idx(options.inputs.front())) {
    record_idx(options, format, tally);
  } else {
    if (options.all || options.index)
      throw UsageError("--index and --all choose among the images of an IDX file");
    const CameraInput input = open_input(options);
    record_one(input, camera_for(options, input, 0), format, options.output, tally);
  }
  print_tally(options, format, tally);
  return ExitCode::ok;
}

}  // namespace

Verb record_verb() {
  return {"record", "Record scenes and images with a simulated event camera",
          "Examples:\n"
          "  flurry record bar-disc -o scene.raw --duration '2 s' --seed 7\n"
          "  flurry record digit.pgm -o digit.raw --saccades --noise '0 Hz'\n"
          "  flurry record frames/*.pgm -o film.raw --frame-rate '60 Hz' --bandwidth '200 Hz'\n"
          "  flurry record train-images-idx3-ubyte.gz -o one.raw --index 3 --saccades\n"
          "  flurry record train-images-idx3-ubyte.gz -o folder --all --saccades\n"
          "A pixel reports when the logarithm of its luminance has changed by its threshold; with the same\n"
          "options and seed the file is the same, byte for byte. The defaults give images of MNIST about as\n"
          "many events as N-MNIST has.\n",
          [](Arguments& arguments) { return bind_verb<RecordOptions>(arguments, &declare, &record); }};
}

}  // namespace flurry
