// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/mcap_source.hpp"

#include "core/base/error.hpp"
#include "io/compression/message_chunk.hpp"
#include "io/recording/content_description.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

namespace {

enum McapOp : unsigned char {
  mcap_footer = 2,
  mcap_schema = 3,
  mcap_channel = 4,
  mcap_message = 5,
  mcap_chunk = 6
};

}  // namespace

McapSource::McapSource(const std::filesystem::path& path) : file_(path) {
  if (!file_.read(record_, signature.size()) || record_ != signature)
    throw FormatError(path.string() + ": does not start as an MCAP file does");
}

bool McapSource::next(RosMessage& message, ReadStatistics& statistics) {
  while (true) {
    bool found = false;
    if (chunk_at_ < chunk_.size())
      found = next_in_chunk(message, statistics);
    else if (file_.at_end() || !next_record(message, statistics, found))
      return false;
    if (found) return true;
  }
}

/// False at the end of the records and where the file ends inside one.
bool McapSource::next_record(RosMessage& message, ReadStatistics& statistics, bool& found) {
  offset_ = file_.offset();
  std::string head;
  if (!file_.read(head, 9) ||
      !file_.read(record_, ByteCursor(std::string_view(head).substr(1)).number<std::uint64_t>())) {
    note_damage(statistics, offset_, "the file ends inside a record that starts");
    return false;
  }
  const auto op = static_cast<unsigned char>(head[0]);
  if (op == mcap_footer && file_.read(record_, signature.size()) && file_.at_end()) return false;
  if (op == mcap_chunk)
    open_chunk(statistics, offset_);
  else
    found = take_record(op, record_, message);
  return true;
}

void McapSource::open_chunk(ReadStatistics& statistics, std::uint64_t offset) {
  ByteCursor cursor(record_);
  cursor.take(16);  // first and last time
  const auto size = cursor.number<std::uint64_t>();
  cursor.take(4);  // checksum
  const std::string_view compression = cursor.text();
  const std::string_view packed = cursor.take(cursor.number<std::uint64_t>());
  std::optional<std::string> chunk;
  if (cursor.ok()) chunk = unpack_chunk(compression, packed, size);
  if (!chunk) note_damage(statistics, offset, "a chunk (" + printable(compression) + ") cannot be unpacked");
  chunk_ = chunk ? std::move(*chunk) : std::string();
  chunk_at_ = 0;
}

bool McapSource::next_in_chunk(RosMessage& message, ReadStatistics& statistics) {
  ByteCursor cursor(std::string_view(chunk_).substr(chunk_at_));
  const auto op = cursor.number<unsigned char>();
  const std::string_view content = cursor.take(cursor.number<std::uint64_t>());
  if (!cursor.ok()) {
    note_damage(statistics, offset_, "a record reaches beyond its chunk");
    chunk_at_ = chunk_.size();
    return false;
  }
  chunk_at_ += cursor.at();
  return take_record(op, content, message);
}

/// True for a message.
bool McapSource::take_record(unsigned char op, std::string_view content, RosMessage& message) {
  ByteCursor cursor(content);
  if (op == mcap_schema) {
    const auto id = cursor.number<std::uint16_t>();
    schemas_[id] = cursor.text();
  } else if (op == mcap_channel) {
    const auto id = cursor.number<std::uint16_t>();
    const auto schema = cursor.number<std::uint16_t>();
    const std::string topic(cursor.text());
    const auto found = schemas_.find(schema);
    channels_[id] = {topic, found == schemas_.end() ? std::string() : found->second, cursor.text() == "cdr"};
  } else if (op == mcap_message) {
    const auto found = channels_.find(cursor.number<std::uint16_t>());
    cursor.take(20);  // number, times of logging and sending
    if (!cursor.ok() || found == channels_.end()) return false;
    message = {found->second.topic, found->second.type, found->second.cdr, content.substr(cursor.at()),
               offset_};
    return true;
  }
  return false;
}

}  // namespace flurry
