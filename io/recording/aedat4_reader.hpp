// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "io/recording/aedat4_header.hpp"

namespace flurry {

/// Reads the events of one stream of an AEDAT 4 file, packet by packet.
///
/// A packet is the id of its stream and its size, 32 bits each, then one frame (or plain bytes) that unpacks
/// to a flatbuffer. What is no packet is passed over until one begins again: a known id, a size within the
/// file and the mark of a frame. The table of packets at the end is not needed and not read.
class Aedat4Reader final : public EventReader {
 public:
  /// `source` stands behind the header; `stream` is one of the header's.
  Aedat4Reader(ByteSource source, Aedat4Header header, const Aedat4Stream& stream);

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }
  [[nodiscard]] std::optional<std::int64_t> unix_offset() const override { return 0; }
  std::size_t read(std::span<AddressEvent> events) override;

 private:
  struct Packet {
    const Aedat4Stream* stream = nullptr;
    std::size_t bytes = 0;
  };

  bool next_packet();
  std::optional<Packet> packet_at(std::string_view head) const;
  [[nodiscard]] bool frame_begins(std::string_view body, std::size_t bytes) const;
  void pass_over(std::size_t bytes);
  void take_packet(const Packet& packet);
  bool unpack(std::size_t bytes);
  std::size_t take_events(std::span<AddressEvent> events);

  ByteSource source_;
  Aedat4Header header_;
  std::int32_t stream_;
  SensorSize sensor_;
  std::uint64_t file_size_;
  FrameUnpacker unpacker_;
  std::string_view pending_;         // events unpacked and not yet given, 16 bytes each
  std::uint64_t packet_offset_ = 0;  // of the packet they came from
  bool lost_ = false;                // among bytes that are no packet
  ReadStatistics statistics_;
};

}  // namespace flurry
