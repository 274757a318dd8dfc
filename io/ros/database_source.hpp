// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "io/ros/ros_message.hpp"

namespace flurry {

/// The messages of a ROS 2 bag kept in an SQLite database: tables topics and messages.
class DatabaseSource final : public MessageSource {
 public:
  static constexpr std::string_view signature{"SQLite format 3\0", 16};

  /// FormatError where there are no such tables.
  explicit DatabaseSource(const std::filesystem::path& path);
  bool next(RosMessage& message, ReadStatistics& statistics) override;
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_read_; }

 private:
  struct Close {
    void operator()(void* database) const;
  };
  struct Finalize {
    void operator()(void* statement) const;
  };
  std::unique_ptr<void, Close> database_;
  std::unique_ptr<void, Finalize> messages_;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::string unpacked_;
};

}  // namespace flurry
