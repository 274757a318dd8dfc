// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "io/formats/evt3.hpp"
#include "io/ros/bag_source.hpp"
#include "io/ros/ros_event_reader.hpp"

namespace flurry {

/// Events in the messages of a ROS 1 bag: event_camera_msgs/EventPacket, dvs_msgs/EventArray.
struct Rosbag1 {
  static constexpr std::string_view name = "rosbag1";
  static constexpr std::string_view title = "ROS 1 bag (EventPacket, EventArray)";
  static constexpr std::string_view extensions = ".bag";
  static constexpr std::string_view clock = ros_clock;
  static constexpr std::array choices{topic_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(BagSource::signature) ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    return open_ros_events<Evt3Decoder>(std::make_unique<BagSource>(path), path, readings);
  }
};

}  // namespace flurry
