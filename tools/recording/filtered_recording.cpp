// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/filtered_recording.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "core/base/units.hpp"
#include "tools/recording/sensor_option.hpp"

namespace flurry {
namespace {

// "X,Y,WIDTH,HEIGHT"
PixelRectangle rectangle_of(const std::string& text) {
  const std::vector<std::string> parts = split(text, ',');
  std::vector<std::uint32_t> numbers;
  numbers.reserve(parts.size());
  for (const std::string& part : parts) {
    const bool digits =
        !part.empty() && part.size() <= 5 && part.find_first_not_of("0123456789") == std::string::npos;
    if (digits) numbers.push_back(static_cast<std::uint32_t>(std::stoul(part)));
  }
  if (numbers.size() != 4 || parts.size() != 4)
    throw UsageError("--crop '" + text + "' is not X,Y,WIDTH,HEIGHT in whole pixels up to 65536");
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

// us from ms.
std::int64_t microseconds(double ms, const std::string& option) {
  if (!(std::abs(ms) < 9e15))
    throw UsageError(option + " is " + shortest(ms) + " ms; allowed: less than 9e15 ms");
  return std::llround(ms * 1000.0);
}

std::int64_t positive_microseconds(double ms, const std::string& option) {
  const std::int64_t us = microseconds(ms, option);
  if (us < 1) throw UsageError(option + " is " + shortest(ms) + " ms; allowed: 1 us or more");
  return us;
}

std::unique_ptr<EventStage> slice_stage(const std::string& text) {
  const std::vector<std::string> ends = split(text, ',');
  if (ends.size() != 2 || (ends[0].empty() && ends[1].empty()))
    throw UsageError("--slice '" + text + "' is not FROM,TO; give '10 ms,20 ms', '10 ms,' or ',20 ms'");
  const auto end = [](const std::string& part, std::int64_t open) {
    return part.empty() ? open : microseconds(parse_quantity(part, Dimension::time, "--slice"), "--slice");
  };
  const std::int64_t from = end(ends[0], std::numeric_limits<std::int64_t>::min());
  const std::int64_t to = end(ends[1], std::numeric_limits<std::int64_t>::max());
  if (from >= to) throw UsageError("--slice '" + text + "' holds no time; FROM must be before TO");
  return std::make_unique<SliceStage>(from, to);
}

PolarityRule polarity_rule(const std::string& text) {
  const std::vector<std::string> names{"on", "off", "merge", "invert", "both"};
  const auto found = std::find(names.begin(), names.end() - 1, text);
  if (found == names.end() - 1) throw UsageError(unknown_name("value", text, "--polarity", names));
  return static_cast<PolarityRule>(found - names.begin());
}

// How many standard deviations; none for "auto".
std::optional<double> sigmas_of(const std::string& text) {
  if (text == "auto") return std::nullopt;
  const double sigmas = parse_quantity(text, Dimension::number, "--hot-pixels");
  if (!(sigmas > 0.0))
    throw UsageError("--hot-pixels is " + text + "; allowed: auto, or a number of standard deviations > 0");
  return sigmas;
}

void run_stages(const std::vector<std::unique_ptr<EventStage>>& stages, std::vector<AddressEvent>& events) {
  for (const std::unique_ptr<EventStage>& stage : stages) stage->apply(events);
}

}  // namespace

void declare_filter_options(Arguments& arguments, FilterOptions& options) {
  arguments.option("--sensor", options.sensor, "WxH",
                   "sensor size, for files that do not say; default: just large enough for the events");
  arguments.option("--slice", options.slice, "FROM,TO",
                   "only events from FROM to before TO by --clock, e.g. '10 ms,2 s'; one may be left out");
  arguments.option("--polarity", options.polarity, "on|off|both|merge|invert",
                   "only on or off events, both (default); all as on; on and off swapped");
  arguments.option("--hot-pixels", options.hot_pixels, "auto|N",
                   "leave out pixels that fire far more than their neighbours (auto) or N standard "
                   "deviations above the mean");
  arguments.quantity("--refractory", options.refractory, Dimension::time,
                     "leave out events this soon after the last kept one of their pixel");
  arguments.quantity("--denoise", options.denoise, Dimension::time,
                     "leave out events without an event at a neighbouring pixel in this time before");
  arguments.option("--crop", options.crop, "X,Y,W,H", "only this rectangle; its corner becomes 0,0");
  arguments.whole_number("--downsample", options.downsample,
                         "make squares of N x N pixels one pixel; keeps all events");
}

FilteredRecording::FilteredRecording(const RecordingOptions& recording, const FilterOptions& filters,
                                     const std::string& title) {
  // Opened once, for what can be read only once, unless a pass before is needed.
  input_ = std::make_unique<RecordingInput>(recording, title);
  sensor_ = input_->sensor();
  if (!filters.sensor.empty())
    sensor_ = parse_sensor(filters.sensor);
  else if (sensor_.width == 0 || sensor_.height == 0)
    sensor_ = sensor_of_events(recording);
  stages_ = selecting_stages(filters, sensor_);
  add_hot_pixels(recording, filters);
  if (filters.refractory)
    stages_.push_back(std::make_unique<RefractoryStage>(
        sensor_, positive_microseconds(*filters.refractory, "--refractory")));
  if (filters.denoise)
    stages_.push_back(
        std::make_unique<DenoiseStage>(sensor_, positive_microseconds(*filters.denoise, "--denoise")));
  add_geometry(filters);
  if (input_->events() == 0 && !hot_pixels_) return;
  input_.reset();  // first, since what answers Ctrl-C must be taken down in the order it was set up
  input_ = std::make_unique<RecordingInput>(recording, title);
}

bool FilteredRecording::read(std::vector<AddressEvent>& events) {
  if (!input_->read(events)) return false;
  run_stages(stages_, events);
  return true;
}

std::vector<std::pair<std::string, std::uint64_t>> FilteredRecording::dropped() const {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  counts.reserve(stages_.size() + 1);
  if (input_->late() > 0) counts.emplace_back("order", input_->late());
  for (const std::unique_ptr<EventStage>& stage : stages_)
    counts.emplace_back(stage->name(), stage->dropped());
  return counts;
}

SensorSize FilteredRecording::sensor_of_events(const RecordingOptions& recording) {
  check_rereadable(recording.file, "a recording that does not name its sensor (give --sensor WIDTH,HEIGHT)");
  SensorSize sensor{1, 1};  // where there are no events
  std::vector<AddressEvent> events;
  while (input_->read(events))
    for (const AddressEvent& event : events) {
      sensor.width = std::max(sensor.width, event.x + 1U);
      sensor.height = std::max(sensor.height, event.y + 1U);
    }
  return sensor;
}

FilteredRecording::Stages FilteredRecording::selecting_stages(const FilterOptions& filters,
                                                              SensorSize sensor) {
  Stages stages;
  if (!filters.sensor.empty()) stages.push_back(std::make_unique<SensorStage>(sensor));
  if (!filters.slice.empty()) stages.push_back(slice_stage(filters.slice));
  if (filters.polarity != "both")
    stages.push_back(std::make_unique<PolarityStage>(polarity_rule(filters.polarity)));
  return stages;
}

void FilteredRecording::add_hot_pixels(const RecordingOptions& recording, const FilterOptions& filters) {
  if (filters.hot_pixels.empty()) return;
  const std::optional<double> sigmas = sigmas_of(filters.hot_pixels);
  check_rereadable(recording.file, "--hot-pixels");
  PixelCounts counts(sensor_);
  {
    RecordingInput input(recording, "counting");
    const Stages stages = selecting_stages(filters, sensor_);
    std::vector<AddressEvent> events;
    while (input.read(events)) {
      run_stages(stages, events);
      counts.add(events);
    }
  }
  std::vector<bool> hot = sigmas ? counts.above(*sigmas) : counts.lonely();
  hot_pixels_ = static_cast<std::uint64_t>(std::count(hot.begin(), hot.end(), true));
  stages_.push_back(std::make_unique<HotPixelStage>(sensor_, std::move(hot)));
}

void FilteredRecording::add_geometry(const FilterOptions& filters) {
  if (!filters.crop.empty()) {
    const PixelRectangle crop = rectangle_of(filters.crop);
    if (crop.width == 0 || crop.height == 0 || crop.x + crop.width > sensor_.width ||
        crop.y + crop.height > sensor_.height)
      throw UsageError("--crop " + filters.crop + " is not a part of the sensor of " + size_text(sensor_));
    stages_.push_back(std::make_unique<CropStage>(crop));
    sensor_ = {crop.width, crop.height};
  }
  if (!filters.downsample) return;
  if (*filters.downsample < 1 || *filters.downsample > 65536)
    throw UsageError("--downsample is " + std::to_string(*filters.downsample) + "; allowed: 1 to 65536");
  const auto factor = static_cast<std::uint32_t>(*filters.downsample);
  stages_.push_back(std::make_unique<DownsampleStage>(factor));
  sensor_ = {(sensor_.width + factor - 1) / factor, (sensor_.height + factor - 1) / factor};
}

}  // namespace flurry
