// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/recording/event_filters.hpp"
#include "tools/recording/recording_input.hpp"

namespace flurry {

/// Which events a user wants and where, as typed; "" and nothing where not asked for. Times in ms.
struct FilterOptions {
  std::string sensor;  // "WIDTH,HEIGHT"
  std::string slice;   // "FROM,TO", either may be empty
  std::string polarity = "both";
  std::string hot_pixels;  // "auto" or a number of standard deviations
  std::optional<double> refractory;
  std::optional<double> denoise;
  std::string crop;  // "X,Y,WIDTH,HEIGHT"
  std::optional<std::uint64_t> downsample;

  friend bool operator==(const FilterOptions&, const FilterOptions&) = default;
};

void declare_filter_options(Arguments& arguments, FilterOptions& options);

/// A recording read through the filters asked for, always in this order: sensor, slice, polarity, hot pixels,
/// refractory, denoise (all on the camera's own pixels), crop, downsample.
class FilteredRecording {
 public:
  /// Errors as RecordingInput's, and UsageError for filters that cannot be. Reads the recording once more
  /// before where its sensor has to be found from the events, and for hot pixels.
  FilteredRecording(const RecordingOptions& recording, const FilterOptions& filters,
                    const std::string& title);

  /// The next events left; may be none. False after the last.
  bool read(std::vector<AddressEvent>& events);

  [[nodiscard]] const RecordingInput& input() const { return *input_; }
  /// After crop and downsample.
  [[nodiscard]] SensorSize sensor() const { return sensor_; }
  /// Events dropped by each filter asked for, in order.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const;
  [[nodiscard]] std::optional<std::uint64_t> hot_pixels() const { return hot_pixels_; }

 private:
  using Stages = std::vector<std::unique_ptr<EventStage>>;

  // Reads the input to its end.
  SensorSize sensor_of_events(const RecordingOptions& recording);
  static Stages selecting_stages(const FilterOptions& filters, SensorSize sensor);
  void add_hot_pixels(const RecordingOptions& recording, const FilterOptions& filters);
  void add_geometry(const FilterOptions& filters);

  SensorSize sensor_;
  Stages stages_;
  std::optional<std::uint64_t> hot_pixels_;
  std::unique_ptr<RecordingInput> input_;
};

}  // namespace flurry
