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

  /// FormatError where there are no such tables, or the file is cut: SQLite takes the missing end of a page
  /// for zeros.
  explicit DatabaseSource(const std::filesystem::path& path);
  bool next(RosMessage& message, ReadStatistics& statistics) override;
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_read_; }
  /// SQLite does not say where in the file a row is.
  [[nodiscard]] std::string place(std::uint64_t row) const override { return "row " + std::to_string(row); }

 private:
  struct Close {
    void operator()(void* database) const;
  };
  struct Finalize {
    void operator()(void* statement) const;
  };
  std::unique_ptr<void, Close> database_;
  std::unique_ptr<void, Finalize> messages_;
  void expect_whole_pages(const std::filesystem::path& path) const;

  std::uint64_t size_ = 0;
  std::uint64_t row_ = 0;  // of the last message
  std::uint64_t bytes_read_ = 0;
  std::string unpacked_;
};

}  // namespace flurry
