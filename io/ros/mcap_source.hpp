// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "io/ros/record_file.hpp"
#include "io/ros/ros_message.hpp"

namespace flurry {

/// The messages of an MCAP file: records of an operation, a length and fields, perhaps packed into chunks
/// (none, lz4, zstd).
class McapSource final : public MessageSource {
 public:
  static constexpr std::string_view signature = "\x89MCAP0\r\n";

  /// FormatError where the file does not start as MCAP does.
  explicit McapSource(const std::filesystem::path& path);
  bool next(RosMessage& message, ReadStatistics& statistics) override;
  [[nodiscard]] std::uint64_t bytes_read() const override { return file_.offset(); }

 private:
  struct Channel {
    std::string topic;
    std::string type;
    bool cdr = false;
  };
  bool next_record(RosMessage& message, ReadStatistics& statistics, bool& found);
  bool next_in_chunk(RosMessage& message, ReadStatistics& statistics);
  void open_chunk(ReadStatistics& statistics, std::uint64_t offset);
  bool take_record(unsigned char op, std::string_view content, RosMessage& message);

  RecordFile file_;
  std::string record_;
  std::string chunk_;
  std::size_t chunk_at_ = 0;
  std::uint64_t offset_ = 0;  // in the file: of the chunk or the record
  std::map<std::uint16_t, std::string> schemas_;
  std::map<std::uint16_t, Channel> channels_;
};

}  // namespace flurry
