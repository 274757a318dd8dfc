// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "io/recording/event_reader.hpp"
#include "tools/recording/recording_input.hpp"
#include "tools/recording/recording_survey.hpp"

namespace flurry {

/// What a recording holds.
struct RecordingInfo {
  std::string file;
  const EventFormat* format = nullptr;
  SensorSize sensor;         // where the header is silent, just large enough for the events
  bool sensor_told = false;  // by the header
  RecordingSurvey survey;
  ReadStatistics statistics;
  BackwardSteps backward;
  std::uint64_t late = 0;  // events that --order drop left out
};

/// Reads a whole recording in bounded memory. Errors as RecordingInput's.
[[nodiscard]] RecordingInfo survey_recording(const RecordingOptions& options);

/// All of it as JSON, with the rate in at most 60 bins. Sums are exact however large.
[[nodiscard]] std::string recording_json(const RecordingInfo& info);
/// The same for people, with the rate as a curve.
[[nodiscard]] std::string recording_text(const RecordingInfo& info);

/// "12.5 ms", "3.2 s", "1:02:03": a duration of so many us.
[[nodiscard]] std::string duration_text(std::uint64_t us);

}  // namespace flurry
