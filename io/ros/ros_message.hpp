// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "io/recording/event_reader.hpp"

namespace flurry {

/// Reads little-endian numbers and texts one after the other and never past the end: what is not there is 0
/// or empty, and ok() false from then on.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    static_assert(std::endian::native == std::endian::little);
    T value{};
    const std::string_view from = take(sizeof(T));
    if (ok_) std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) {
      ok_ = false;
      at_ = bytes_.size();
      return {};
    }
    const std::string_view part = bytes_.substr(at_, static_cast<std::size_t>(count));
    at_ += part.size();
    return part;
  }
  /// With its length (32 bits) before it.
  std::string_view text() { return take(number<std::uint32_t>()); }
  void align(std::size_t to) { take((to - at_ % to) % to); }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// A message as it lies in a bag; the views hold until the next one is asked for.
struct RosMessage {
  std::string_view topic;
  std::string_view type;  // "event_camera_msgs/msg/EventPacket"
  bool cdr = false;       // ROS 2 encoding; else that of ROS 1
  std::string_view data;
  std::uint64_t offset = 0;  // of the message or its chunk in the file; in a database its row
};

/// The messages of a bag in the order of the file.
class MessageSource {
 public:
  MessageSource() = default;
  MessageSource(const MessageSource&) = delete;
  MessageSource& operator=(const MessageSource&) = delete;
  virtual ~MessageSource() = default;

  /// False at the end. What cannot be read is counted as damage.
  virtual bool next(RosMessage& message, ReadStatistics& statistics) = 0;
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  /// The place of a message's `offset`, in words.
  [[nodiscard]] virtual std::string place(std::uint64_t offset) const {
    return "byte offset " + std::to_string(offset);
  }
};

/// Whether a type (of ROS 1 or 2) is one whose messages hold events.
[[nodiscard]] bool is_event_type(std::string_view type);

}  // namespace flurry
