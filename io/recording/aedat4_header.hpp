// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/compression/frame_unpacker.hpp"
#include "io/recording/byte_source.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// One of the streams of packets that an AEDAT 4 file says it holds.
struct Aedat4Stream {
  std::int32_t id = 0;
  std::string type;   // EVTS, FRME, IMUS, TRIG, ...
  SensorSize sensor;  // 0x0 where the file does not say
};

/// What an AEDAT 4 file says before its first packet.
struct Aedat4Header {
  static constexpr std::string_view signature = "#!AER-DAT4.0\r\n";

  Packing packing = Packing::none;
  std::int64_t table = -1;  // byte offset of the table of packets; -1 where there is none
  std::vector<Aedat4Stream> streams;

  [[nodiscard]] const Aedat4Stream* stream(std::int32_t id) const;
};

/// Consumes the header. FormatError if it is cut, contradicts the format or is packed in an unknown way.
[[nodiscard]] Aedat4Header take_aedat4_header(ByteSource& source);

}  // namespace flurry
