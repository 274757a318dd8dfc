// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "io/formats/evt3.hpp"
#include "io/ros/mcap_source.hpp"
#include "io/ros/ros_event_reader.hpp"

namespace flurry {

/// Events in the messages of an MCAP file: event_camera_msgs/EventPacket, dvs_msgs/EventArray.
struct Mcap {
  static constexpr std::string_view name = "mcap";
  static constexpr std::string_view title = "MCAP (EventPacket, EventArray)";
  static constexpr std::string_view extensions = ".mcap";
  static constexpr std::string_view clock = ros_clock;
  static constexpr std::array choices{topic_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(McapSource::signature) ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    return open_ros_events<Evt3Decoder>(std::make_unique<McapSource>(path), path, readings);
  }
};

}  // namespace flurry
