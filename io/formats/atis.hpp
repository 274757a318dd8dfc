// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/packed_event.hpp"
#include "io/recording/stream_reader.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

/// The headerless format of N-MNIST and N-Caltech101 (Orchard et al. 2015), for a 304x240 ATIS sensor.
///
/// Five bytes an event, most significant first: x, y, then polarity (bit 23, set = on) and 23 bits of time in
/// us. y = 240 is no event: it adds 2^13 us to all later ones.
class AtisDecoder {
 public:
  static constexpr unsigned overflow_y = 240;

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    std::size_t at = 0;
    std::size_t count = 0;
    for (; bytes.size() - at >= 5 && count < events.size(); at += 5) {
      const auto* byte = reinterpret_cast<const unsigned char*>(bytes.data() + at);
      if (byte[1] >= overflow_y) [[unlikely]] {
        if (byte[1] == overflow_y)
          epoch_ += 1 << 13;
        else
          note_damage(statistics, offset + at, "an event lies outside the sensor (y > 240)");
        continue;
      }
      put_event(&events[count++], epoch_ + field_time(byte),
                packed_pixel(byte[0], byte[1], (byte[2] & 0x80U) != 0));
    }
    return {at, count};
  }

  static std::int64_t field_time(const unsigned char* byte) {
    return (byte[2] & 0x7fU) << 16U | std::uint32_t{byte[3]} << 8U | byte[4];
  }

 private:
  std::int64_t epoch_ = 0;  // us, multiples of 2^13
};

/// Turns events into the mirror image: as few overflow markers as the 23 bits of time need.
class AtisEncoder {
 public:
  static constexpr EventLimits limits{
      .title = "ATIS", .max_width = 256, .max_height = 240, .t_max = (std::int64_t{1} << 36U) - 1};

  explicit AtisEncoder(SensorSize /*sensor*/) {}

  [[nodiscard]] static std::string header() { return {}; }

  void encode(std::span<const AddressEvent> events, std::string& bytes) {
    for (const AddressEvent& event : events) {
      for (; event.t - epoch_ >= std::int64_t{1} << 23U; epoch_ += 1 << 13)
        put(bytes, 0, AtisDecoder::overflow_y, 0);
      const auto time = static_cast<std::uint32_t>(event.t - epoch_);
      put(bytes, event.x, event.y, (event.on ? 0x800000U : 0U) | time);
    }
  }
  void finish(std::string& /*bytes*/) const {}

 private:
  static void put(std::string& bytes, std::uint32_t x, std::uint32_t y, std::uint32_t word) {
    for (const std::uint32_t byte : {x, y, word >> 16U, word >> 8U & 0xffU, word & 0xffU})
      bytes += static_cast<char>(byte);
  }

  std::int64_t epoch_ = 0;  // us, what the markers written have added
};

struct Atis {
  static constexpr std::string_view name = "atis";
  static constexpr std::string_view title = "ATIS binary (N-MNIST, N-Caltech101)";
  static constexpr std::string_view extensions = ".bin";
  static constexpr std::string_view clock =
      "23 bits of us as written, plus 2^13 us for each overflow marker (y = 240) before";

  /// Nothing marks this format: 1 if time rises, not all pixels are one and no row is beyond the sensor.
  static int recognise(std::string_view head, std::uint64_t file_size) {
    if (file_size % 5 != 0) return 0;
    const std::size_t count = head.size() / 5;
    std::size_t falls = 0, moves = 0;
    std::int64_t last = 0, first = 0, epoch = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto* byte = reinterpret_cast<const unsigned char*>(head.data() + 5 * i);
      if (byte[1] > AtisDecoder::overflow_y) return 0;
      if (byte[1] == AtisDecoder::overflow_y) {
        epoch += 1 << 13;
        continue;
      }
      const std::int64_t time = epoch + AtisDecoder::field_time(byte);
      if (i == 0) first = time;
      if (i > 0 && time < last) ++falls;
      if (i > 0 && (byte[0] != byte[-5] || byte[1] != byte[-4])) ++moves;
      last = time;
    }
    return count >= 10 && falls <= count / 100 && moves > count / 4 && last > first ? 1 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    return std::make_unique<StreamReader<AtisDecoder>>(ByteSource(path), AtisDecoder(), SensorSize{});
  }

  /// The file does not say the sensor; x goes up to 255, y up to 239.
  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<AtisEncoder>>(path, sensor);
  }
};

}  // namespace flurry
