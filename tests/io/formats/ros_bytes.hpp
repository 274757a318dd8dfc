// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bzlib.h>
#include <doctest/doctest.h>
#include <lz4frame.h>
#include <sqlite3.h>
#include <zstd.h>

#include "tests/io/recording/recording_bytes.hpp"

namespace flurry::testing {

inline std::string bytes_of(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += i < 8 ? static_cast<char>(value >> (8 * i) & 0xffU) : '\0';
  return text;
}
inline std::string with_length(const std::string& text) { return bytes_of(text.size(), 4) + text; }

/// A message body: ROS 1, or CDR with its alignment.
class MessageBytes {
 public:
  explicit MessageBytes(bool cdr) : cdr_(cdr) {}
  MessageBytes& put(std::uint64_t value, std::size_t bytes) {
    while (cdr_ && body_.size() % bytes != 0) body_ += '\0';
    body_ += bytes_of(value, bytes);
    return *this;
  }
  MessageBytes& text(const std::string& text) {
    put(text.size() + (cdr_ ? 1 : 0), 4);
    body_ += text + (cdr_ ? std::string(1, '\0') : "");
    return *this;
  }
  MessageBytes& raw(const std::string& bytes) {
    put(bytes.size(), 4);
    body_ += bytes;
    return *this;
  }
  [[nodiscard]] std::string str() const { return cdr_ ? std::string("\0\1\0\0", 4) + body_ : body_; }

 private:
  bool cdr_;
  std::string body_;
};

inline MessageBytes message_header(bool cdr) {
  MessageBytes message(cdr);
  if (!cdr) message.put(7, 4);
  message.put(1000, 4).put(500'000'000, 4).text("cam");
  return message;
}

/// A 64x48 EventPacket stamped 1000.5 s.
inline std::string packet_bytes(bool cdr, std::uint64_t seq, std::uint64_t time_base,
                                const std::string& encoding, const std::string& events) {
  MessageBytes message = message_header(cdr);
  message.put(48, 4).put(64, 4).put(seq, 8).put(time_base, 8).text(encoding).put(0, 1).raw(events);
  return message.str();
}

inline std::string event_array_bytes(bool cdr, const std::vector<AddressEvent>& events) {
  MessageBytes message = message_header(cdr);
  message.put(48, 4).put(64, 4).put(events.size(), 4);
  for (const AddressEvent& e : events)
    message.put(e.x, 2)
        .put(e.y, 2)
        .put(static_cast<std::uint64_t>(e.t / 1'000'000), 4)
        .put(static_cast<std::uint64_t>(e.t % 1'000'000 * 1000), 4)
        .put(e.on ? 1 : 0, 1);
  return message.str();
}

inline std::string mono_word(std::uint32_t ns, std::uint32_t x, std::uint32_t y, bool on) {
  return words32({ns, x | (y | (on ? 0x8000U : 0U)) << 16U});
}

struct BagMessage {
  std::string topic;
  std::string type;  // "event_camera_msgs/EventPacket"
  std::string data;
};

inline std::string packed_as(const std::string& compression, std::string bytes) {
  std::string packed(2 * bytes.size() + 1000, '\0');
  std::size_t size = bytes.size();
  if (compression == "bz2") {
    auto length = static_cast<unsigned>(packed.size());
    BZ2_bzBuffToBuffCompress(packed.data(), &length, bytes.data(), static_cast<unsigned>(bytes.size()), 1, 0,
                             0);
    size = length;
  } else if (compression == "lz4") {
    size = LZ4F_compressFrame(packed.data(), packed.size(), bytes.data(), bytes.size(), nullptr);
  } else if (compression == "zstd") {
    size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 1);
  } else {
    return bytes;
  }
  packed.resize(size);
  return packed;
}

inline std::string bag_record(const std::vector<std::string>& fields, const std::string& data) {
  std::string header;
  for (const std::string& field : fields) header += with_length(field);
  return with_length(header) + with_length(data);
}

/// A ROS 1 bag with one chunk.
inline std::string ros1_bag(const std::vector<BagMessage>& messages, const std::string& compression) {
  std::vector<std::string> topics;
  std::string chunk;
  for (const BagMessage& m : messages) {
    const auto found = std::find(topics.begin(), topics.end(), m.topic);
    const std::string conn = "conn=" + bytes_of(static_cast<std::uint64_t>(found - topics.begin()), 4);
    if (found == topics.end()) {
      topics.push_back(m.topic);
      chunk += bag_record({"op=\x07", "topic=" + m.topic, conn}, with_length("type=" + m.type));
    }
    chunk += bag_record({"op=\x02", conn, "time=" + bytes_of(5, 8)}, m.data);
  }
  return "#ROSBAG V2.0\n" + bag_record({"op=\x03", "conn_count=" + bytes_of(1, 4)}, std::string(40, ' ')) +
         bag_record({"op=\x05", "compression=" + compression, "size=" + bytes_of(chunk.size(), 4)},
                    packed_as(compression, chunk)) +
         bag_record({"op=\x04", "ver=" + bytes_of(1, 4)}, "index");
}

inline std::string mcap_record(int op, const std::string& content) {
  return static_cast<char>(op) + bytes_of(content.size(), 8) + content;
}

/// An MCAP file, its messages in one chunk, or bare where `compression` is "bare".
inline std::string mcap_file(const std::vector<BagMessage>& messages, const std::string& compression,
                             const std::string& encoding = "cdr") {
  std::vector<std::string> topics;
  std::string records;
  for (const BagMessage& m : messages) {
    const auto found = std::find(topics.begin(), topics.end(), m.topic);
    const std::string id = bytes_of(static_cast<std::uint64_t>(found - topics.begin()) + 1, 2);
    if (found == topics.end()) {
      topics.push_back(m.topic);
      records += mcap_record(3, id + with_length(m.type) + with_length("ros2msg") + with_length(""));
      records += mcap_record(4, id + id + with_length(m.topic) + with_length(encoding) + with_length(""));
    }
    records += mcap_record(5, id + bytes_of(1, 4) + bytes_of(2, 16) + m.data);
  }
  const std::string magic = "\x89MCAP0\r\n";
  const std::string packed = packed_as(compression, records);
  const std::string chunk = bytes_of(0, 16) + bytes_of(records.size(), 8) + bytes_of(0, 4) +
                            with_length(compression == "none" ? "" : compression) +
                            bytes_of(packed.size(), 8) + packed;
  return magic + mcap_record(1, with_length("ros2") + with_length("test")) +
         (compression == "bare" ? records : mcap_record(6, chunk)) + mcap_record(15, bytes_of(0, 4)) +
         mcap_record(2, bytes_of(0, 20)) + magic;
}

/// A ROS 2 bag in SQLite.
inline std::string ros2_database(const std::vector<BagMessage>& messages,
                                 const std::string& compression = "") {
  const TemporaryRecording file("", ".db3");
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.path().c_str(), &database) == SQLITE_OK);
  const auto run = [&](const std::string& command, const std::string& data = {}) {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(database, command.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    sqlite3_bind_blob(statement, 1, data.data(), static_cast<int>(data.size()), SQLITE_TRANSIENT);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
  };
  run("PRAGMA page_size = 512");
  run("CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT, type TEXT, serialization_format TEXT)");
  run("CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, data BLOB)");
  std::vector<std::string> topics;
  for (const BagMessage& m : messages) {
    const auto found = std::find(topics.begin(), topics.end(), m.topic);
    const std::string id = std::to_string(found - topics.begin() + 1);
    if (found == topics.end()) {
      topics.push_back(m.topic);
      run("INSERT INTO topics VALUES(" + id + ", '" + m.topic + "', '" + m.type + "', 'cdr')");
    }
    run("INSERT INTO messages VALUES(NULL, " + id + ", 5, ?)", packed_as(compression, m.data));
  }
  sqlite3_close(database);
  return file_bytes(file.path());
}

}  // namespace flurry::testing
