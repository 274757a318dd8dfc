// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "io/ros/record_file.hpp"
#include "io/ros/ros_message.hpp"

namespace flurry {

/// The messages of a ROS 1 bag (format 2.0): records of a header of "name=value" fields and data, messages
/// packed into chunks (none, bz2, lz4).
class BagSource final : public MessageSource {
 public:
  static constexpr std::string_view signature = "#ROSBAG V2.0\n";

  /// FormatError where the file does not start as a bag does.
  explicit BagSource(const std::filesystem::path& path);
  bool next(RosMessage& message, ReadStatistics& statistics) override;
  [[nodiscard]] std::uint64_t bytes_read() const override { return file_.offset(); }

 private:
  struct Connection {
    std::string topic;
    std::string type;
  };
  bool next_record(ReadStatistics& statistics);
  bool next_in_chunk(RosMessage& message, ReadStatistics& statistics);
  void add_connection(std::string_view header, std::string_view data);

  RecordFile file_;
  std::string header_;
  std::string data_;
  std::string chunk_;
  std::size_t chunk_at_ = 0;
  std::uint64_t chunk_offset_ = 0;  // in the file
  std::map<std::uint32_t, Connection> connections_;
};

}  // namespace flurry
