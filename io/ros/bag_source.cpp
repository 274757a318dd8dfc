// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/bag_source.hpp"

#include "core/base/error.hpp"
#include "io/compression/message_chunk.hpp"
#include "io/recording/content_description.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

namespace {

enum BagOp : std::uint8_t { bag_message = 2, bag_chunk = 5, bag_connection = 7 };

/// The value of a header's field; "" where there is none.
std::string_view bag_field(std::string_view header, std::string_view name) {
  ByteCursor cursor(header);
  while (!cursor.at_end() && cursor.ok()) {
    const std::string_view field = cursor.text();
    if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=')
      return field.substr(name.size() + 1);
  }
  return {};
}

template <class T>
T bag_number(std::string_view header, std::string_view name) {
  return ByteCursor(bag_field(header, name)).number<T>();
}

}  // namespace

BagSource::BagSource(const std::filesystem::path& path) : file_(path) {
  if (!file_.read(header_, signature.size()) || header_ != signature)
    throw FormatError(path.string() + ": does not start with '#ROSBAG V2.0', so it is no ROS 1 bag");
}

bool BagSource::next(RosMessage& message, ReadStatistics& statistics) {
  while (true) {
    if (chunk_at_ < chunk_.size()) {
      if (next_in_chunk(message, statistics)) return true;
    } else if (file_.at_end() || !next_record(statistics)) {
      return false;
    }
  }
}

/// False where the file ends inside the record.
bool BagSource::next_record(ReadStatistics& statistics) {
  const std::uint64_t offset = file_.offset();
  std::string length;
  const auto read_part = [&](std::string& part) {
    return file_.read(length, 4) && file_.read(part, ByteCursor(length).number<std::uint32_t>());
  };
  if (!read_part(header_) || !read_part(data_)) {
    note_damage(statistics, offset, "the file ends inside a record that starts");
    return false;
  }
  const auto op = bag_number<std::uint8_t>(header_, "op");
  if (op == bag_connection) add_connection(header_, data_);
  if (op != bag_chunk) return true;
  const std::string_view compression = bag_field(header_, "compression");
  std::optional<std::string> chunk =
      unpack_chunk(compression, data_, bag_number<std::uint32_t>(header_, "size"));
  if (!chunk) note_damage(statistics, offset, "a chunk (" + printable(compression) + ") cannot be unpacked");
  chunk_ = chunk ? std::move(*chunk) : std::string();
  chunk_at_ = 0;
  chunk_offset_ = offset;
  return true;
}

/// False where the next record of the chunk is no message.
bool BagSource::next_in_chunk(RosMessage& message, ReadStatistics& statistics) {
  ByteCursor cursor(std::string_view(chunk_).substr(chunk_at_));
  const std::string_view header = cursor.text();
  const std::string_view data = cursor.text();
  if (!cursor.ok()) {
    note_damage(statistics, chunk_offset_, "a record reaches beyond its chunk");
    chunk_at_ = chunk_.size();
    return false;
  }
  chunk_at_ += cursor.at();
  const auto op = bag_number<std::uint8_t>(header, "op");
  if (op == bag_connection) add_connection(header, data);
  if (op != bag_message) return false;
  const auto found = connections_.find(bag_number<std::uint32_t>(header, "conn"));
  if (found == connections_.end()) {
    note_damage(statistics, chunk_offset_, "a message belongs to no connection, in the chunk");
    return false;
  }
  message = {found->second.topic, found->second.type, false, data, chunk_offset_};
  return true;
}

void BagSource::add_connection(std::string_view header, std::string_view data) {
  connections_[bag_number<std::uint32_t>(header, "conn")] = {std::string(bag_field(header, "topic")),
                                                             std::string(bag_field(data, "type"))};
}

}  // namespace flurry
