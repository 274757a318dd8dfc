// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/evt2_encoder.hpp"

#include "io/recording/byte_source.hpp"

namespace flurry {

namespace {

constexpr std::uint32_t evt2_time_high = 8;
constexpr std::int64_t evt2_epoch = std::int64_t{1} << 28U;  // values of TIME_HIGH

}  // namespace

std::string Evt2Encoder::header() const {
  return "% format EVT2;height=" + std::to_string(sensor_.height) +
         ";width=" + std::to_string(sensor_.width) + "\n% end\n";
}

void Evt2Encoder::encode(std::span<const AddressEvent> events, std::string& bytes) {
  for (const AddressEvent& event : events) {
    if (event.t >> 6 != high_) put_clock(event.t >> 6, bytes);
    append_le32((event.on ? 1U << 28U : 0U) | static_cast<std::uint32_t>(event.t & 63) << 22U |
                    std::uint32_t{event.x} << 11U | event.y,
                bytes);
  }
}

void Evt2Encoder::put_clock(std::int64_t high, std::string& bytes) {
  const auto put = [&](std::int64_t value) {
    if (value != high_)
      append_le32(evt2_time_high << 28U | static_cast<std::uint32_t>(value % evt2_epoch), bytes);
    high_ = value;
  };
  for (std::int64_t next = (high_ < 0 ? 0 : high_ / evt2_epoch) + 1; next <= high / evt2_epoch; ++next) {
    put(next * evt2_epoch - 1);
    put(next * evt2_epoch);
  }
  put(high);
}

}  // namespace flurry
