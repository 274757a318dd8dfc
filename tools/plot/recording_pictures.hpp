// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "tools/plot/gnuplot.hpp"
#include "tools/recording/event_frames.hpp"
#include "tools/recording/filtered_recording.hpp"
#include "tools/recording/recording_survey.hpp"

namespace flurry {

/// What the pictures of a recording are made from.
struct RecordingScene {
  std::string file;
  SensorSize sensor;
  RecordingSurvey survey;
  std::optional<EventFrames> stills;  // six over the whole recording
  std::optional<EventFrames> film;    // one after the other, where asked for
  std::vector<AddressEvent> sample;   // every n-th event
  std::uint64_t sampled_each = 1;     // n
};

/// How a recording is to be shown.
struct SceneRequest {
  RecordingOptions recording;
  FilterOptions filters;
  std::optional<double> frame;  // ms of events in each frame; default: by the rate
  bool film = false;
};

/// Reads the recording twice in bounded memory. UsageError where no event is left to show.
[[nodiscard]] RecordingScene watch_recording(const SceneRequest& request);

/// Six frames: on minus off events, red and blue.
[[nodiscard]] Picture frames_picture(const RecordingScene& scene);
/// Events in time, column and row.
[[nodiscard]] Picture space_time_picture(const RecordingScene& scene);
/// On and off events per second over time.
[[nodiscard]] Picture event_rate_picture(const RecordingScene& scene);
/// The film, if there is one, to be drawn by draw_animation().
[[nodiscard]] std::optional<Picture> film_picture(const RecordingScene& scene);

}  // namespace flurry
