// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/recording_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr std::size_t still_count = 6;
constexpr std::size_t film_count = 60;
constexpr std::uint32_t still_columns = 480;
constexpr std::uint32_t film_columns = 320;
constexpr std::size_t most_dots = 30'000;
constexpr const char* on_colour = "#d62728";
constexpr const char* off_colour = "#1f5fb4";

// The unit in which a recording of this duration is shown.
struct ShownUnit {
  const char* name;
  double us;
};
ShownUnit unit_for(std::uint64_t duration) {
  if (duration < 2'000) return {"us", 1.0};
  return duration < 2'000'000 ? ShownUnit{"ms", 1e3} : ShownUnit{"s", 1e6};
}

// us of events in a still: as asked for, else until every eighth pixel has one.
std::uint64_t frame_width(const RecordingScene& scene, std::optional<double> wished, std::uint64_t spacing) {
  if (wished && !(*wished >= 1e-3 && *wished < 9e15))
    throw UsageError(fmt::format("--frame is {:g} ms; allowed: 1 us or more", *wished));
  const double pixels = static_cast<double>(scene.sensor.width) * scene.sensor.height;
  const double filled = static_cast<double>(scene.survey.duration()) * 0.125 * pixels /
                        static_cast<double>(scene.survey.events);
  const double width = wished ? *wished * 1e3 : filled;
  return static_cast<std::uint64_t>(std::clamp(width, 1.0, static_cast<double>(spacing)));
}

EventFrames::Windows windows_of(const RecordingSurvey& survey, std::size_t count) {
  const std::uint64_t spacing = survey.duration() / count + 1;
  return {survey.t_min, spacing, spacing, count};
}

void prepare(RecordingScene& scene, const SceneRequest& request) {
  EventFrames::Windows stills = windows_of(scene.survey, still_count);
  stills.width = frame_width(scene, request.frame, stills.spacing);
  scene.stills.emplace(scene.sensor, stills, still_columns);
  if (request.film) scene.film.emplace(scene.sensor, windows_of(scene.survey, film_count), film_columns);
  scene.sampled_each = (scene.survey.events + most_dots - 1) / most_dots;
  scene.sample.reserve(most_dots);
}

void watch(RecordingScene& scene, const std::vector<AddressEvent>& events, std::uint64_t& seen) {
  scene.stills->add(events);
  if (scene.film) scene.film->add(events);
  for (const AddressEvent& event : events)
    if (seen++ % scene.sampled_each == 0 && scene.sample.size() < most_dots) scene.sample.push_back(event);
}

// "recording.raw, 640x480": how titles begin.
std::string scene_text(const RecordingScene& scene) {
  return fmt::format("{}, {}x{}", scene.file, scene.sensor.width, scene.sensor.height);
}

std::string frame_style(const EventFrames& frames, int most) {
  return fmt::format(
      "set palette defined (-1 '#0b3c8c', -0.4 '#5b94d6', 0 '#ffffff', 0.4 '#ef7f76', 1 '#b3141b')\n"
      "set cbrange [{}:{}]\nunset colorbox\nunset key\nunset grid\nunset tics\n"
      "set border 15 linecolor rgb '#bbbbbb'\nset size ratio -1\n"
      "set xrange [-0.5:{}.5]\nset yrange [{}.5:-0.5]\n",
      -most, most, frames.columns() - 1, frames.rows() - 1);
}

// us since the first event.
double since_start(const EventFrames& frames, std::size_t frame) {
  return static_cast<double>(frames.windows().spacing) * static_cast<double>(frame);
}

int height_of(const EventFrames& frames, int width) {
  const double ratio = static_cast<double>(frames.rows()) / static_cast<double>(frames.columns());
  return static_cast<int>(std::lround(std::clamp(ratio * width, 60.0, 3.0 * width)));
}

std::string sample_rows(const RecordingScene& scene, bool on, double unit) {
  std::string rows;
  for (const AddressEvent& event : scene.sample)
    if (event.on == on)
      fmt::format_to(std::back_inserter(rows), "{:.6g} {} {}\n",
                     static_cast<double>(time_between(event.t, scene.survey.t_min)) / unit, event.x, event.y);
  return rows;
}

}  // namespace

RecordingScene watch_recording(const SceneRequest& request) {
  check_rereadable(request.recording.file, "a picture");
  RecordingScene scene;
  scene.file = std::filesystem::path(request.recording.file).filename().string();
  std::vector<AddressEvent> events;
  {
    FilteredRecording first(request.recording, request.filters, "looking");
    scene.sensor = first.sensor();
    while (first.read(events)) scene.survey.add(events);
  }
  if (scene.survey.events == 0)
    throw UsageError("'" + request.recording.file + "' has no events left to show");
  prepare(scene, request);
  FilteredRecording second(request.recording, request.filters, "drawing");
  std::uint64_t seen = 0;
  while (second.read(events)) watch(scene, events, seen);
  return scene;
}

Picture frames_picture(const RecordingScene& scene) {
  const EventFrames& frames = *scene.stills;
  const ShownUnit unit = unit_for(scene.survey.duration());
  const int most = frames.usual_most();
  Picture picture{"frames", "", 900, 2 * (height_of(frames, 290) + 28) + 44};
  for (std::size_t i = 0; i < still_count; ++i)
    picture.script += data_block(fmt::format("frame{}", i), frames.lines(i, most));
  picture.script += frame_style(frames, most);
  const double width = static_cast<double>(frames.windows().width) / unit.us;
  picture.script += "set multiplot layout 2,3 margins 0.01,0.99,0.015,0.89 spacing 0.012,0.07 title " +
                    gnuplot_text(fmt::format("{}: on (red) minus off (blue) events of {:.3g} {}",
                                             scene_text(scene), width, unit.name)) +
                    "\n";
  for (std::size_t i = 0; i < still_count; ++i)
    picture.script += fmt::format("set title '{:.4g} {}' offset 0,-0.7\nplot $frame{} matrix with image\n",
                                  since_start(frames, i) / unit.us, unit.name, i);
  picture.script += "unset multiplot\n";
  return picture;
}

Picture space_time_picture(const RecordingScene& scene) {
  const ShownUnit unit = unit_for(scene.survey.duration());
  Picture picture{"space_time", "", 900, 560};
  std::string plots;
  for (const bool on : {false, true}) {
    const std::string rows = sample_rows(scene, on, unit.us);
    if (rows.empty()) continue;
    picture.script += data_block(on ? "on" : "off", rows);
    plots +=
        fmt::format("{} ${} using 1:2:3 with points pointtype 7 pointsize 0.12 linecolor rgb '{}' notitle",
                    plots.empty() ? "splot" : ",", on ? "on" : "off", on ? on_colour : off_colour);
  }
  const std::string title = fmt::format(
      "{}: {} of the events, on red, off blue", scene_text(scene),
      scene.sampled_each == 1 ? std::string("all") : fmt::format("one in {}", scene.sampled_each));
  picture.script += "set title " + gnuplot_text(title) + "\n";
  picture.script += fmt::format(
      "set xlabel 'time since the first event ({})' rotate parallel offset 0,-0.7\n"
      "set ylabel 'x (pixels)' rotate parallel offset 1,0\n"
      "set zlabel 'y (pixels)' rotate parallel\n",
      unit.name);
  picture.script += fmt::format("set xrange [0:{:.6g}]\nset yrange [0:{}]\nset zrange [{}:0]\n",
                                std::max(static_cast<double>(scene.survey.duration()), 1.0) / unit.us,
                                scene.sensor.width, scene.sensor.height);
  picture.script +=
      "set border 4095 linecolor rgb '#bbbbbb'\nset xyplane 0\nset view 68,28,1,1.05\nunset grid\n" + plots +
      "\n";
  return picture;
}

Picture event_rate_picture(const RecordingScene& scene) {
  const ShownUnit unit = unit_for(scene.survey.duration());
  const RateCurve::Curve curve = scene.survey.rate.curve(200);
  const double seconds = 1e-6 * static_cast<double>(curve.width);
  std::string rows;
  double highest = 0.0;
  for (std::size_t i = 0; i < curve.bins.size(); ++i) {
    const RateCurve::Bin& bin = curve.bins[i];
    const double t = (static_cast<double>(i) + 0.5) * static_cast<double>(curve.width) / unit.us;
    const double on = static_cast<double>(bin.on) / seconds;
    const double off = static_cast<double>(bin.off) / seconds;
    highest = std::max({highest, on, off});
    fmt::format_to(std::back_inserter(rows), "{:.6g} {:.6g} {:.6g}\n", t, on, off);
  }
  const double scale = highest >= 2e6 ? 1e6 : highest >= 2e3 ? 1e3 : 1.0;
  const char* prefix = highest >= 2e6 ? "million " : highest >= 2e3 ? "thousand " : "";
  Picture picture{"rate", data_block("rate", rows), 900, 400};
  picture.script += "set title " + gnuplot_text(scene_text(scene) + ": event rate") + "\n";
  picture.script += fmt::format("set xlabel 'time since the first event ({})'\n", unit.name);
  picture.script += fmt::format("set ylabel '{}events per second (bins of {:.3g} {})'\n", prefix,
                                static_cast<double>(curve.width) / unit.us, unit.name);
  picture.script += fmt::format(
      "set xrange [0:{:.6g}]\nset yrange [0:*]\nset offsets 0,0,graph 0.2,0\n"
      "plot $rate using 1:($2/{:g}) with lines linewidth 1.6 linecolor rgb '{}' title 'on', "
      "$rate using 1:($3/{:g}) with lines linewidth 1.6 linecolor rgb '{}' title 'off'\n",
      std::max(static_cast<double>(scene.survey.duration()), 1.0) / unit.us, scale, on_colour, scale,
      off_colour);
  return picture;
}

std::optional<Picture> film_picture(const RecordingScene& scene) {
  if (!scene.film) return std::nullopt;
  const EventFrames& frames = *scene.film;
  const ShownUnit unit = unit_for(scene.survey.duration());
  const int most = frames.usual_most();
  Picture picture{"film", "", 640, height_of(frames, 620) + 40};
  picture.script += frame_style(frames, most);
  picture.script += "set lmargin 1\nset rmargin 1\nset bmargin 0.5\nset tmargin 1.8\n";
  for (std::size_t i = 0; i < film_count; ++i) {
    picture.script += data_block("frame", frames.lines(i, most));
    picture.script += "set title " +
                      gnuplot_text(fmt::format("{}: {:.4g} {}", scene_text(scene),
                                               since_start(frames, i) / unit.us, unit.name)) +
                      "\nplot $frame matrix with image\n";
  }
  return picture;
}

}  // namespace flurry
