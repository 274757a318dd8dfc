// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/base/error.hpp"
#include "io/formats/evt3.hpp"
#include "io/ros/database_source.hpp"
#include "io/ros/ros_event_reader.hpp"

namespace flurry {

/// Events in the messages of a ROS 2 bag: event_camera_msgs/EventPacket, dvs_msgs/EventArray.
struct Rosbag2 {
  static constexpr std::string_view name = "rosbag2";
  static constexpr std::string_view title = "ROS 2 bag in SQLite (EventPacket, EventArray)";
  static constexpr std::string_view extensions = ".db3";
  static constexpr std::string_view clock = ros_clock;
  static constexpr std::array choices{topic_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(DatabaseSource::signature) ? 3 : 0;
  }

  static bool holds(const std::filesystem::path& path) {
    try {
      const DatabaseSource source(path);
      return true;
    } catch (const FormatError&) {
      return false;
    }
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    return open_ros_events<Evt3Decoder>(std::make_unique<DatabaseSource>(path), path, readings);
  }
};

}  // namespace flurry
