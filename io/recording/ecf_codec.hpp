// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/address_event.hpp"

namespace flurry {

/// How many events a chunk in Prophesee's event compression (ECF, HDF5 filter 0x8ECF) says it holds; 0 where
/// it is too short to say.
[[nodiscard]] std::uint32_t ecf_count(std::string_view chunk);

/// Turns chunks into events, column by column.
///
/// A chunk: 4 bytes count x 4 and how coordinates are packed; 8 bytes first time; steps of time and how many
/// events follow each; then either 24 bits an event (y 11, x 11, polarity) or runs of y, followed by either
/// 12 bits an event (x, polarity) or x with a mask of the five pixels to its right and runs of polarity.
class EcfDecoder {
 public:
  static constexpr std::size_t most_events = 65535;  // in a chunk

  /// `events.size()` must be ecf_count(chunk). False where that is more than most_events or the chunk
  /// contradicts itself: it ends early or a run is longer than what is left; the events are then meaningless.
  [[nodiscard]] bool decode(std::string_view chunk, std::span<AddressEvent> events);

 private:
  // With room behind, so that a whole vector may be written for a short run.
  static constexpr std::size_t room = 128;
  std::vector<std::int64_t> t_ = std::vector<std::int64_t>(most_events + room);
  std::vector<std::uint16_t> x_ = std::vector<std::uint16_t>(most_events + room);
  std::vector<std::uint16_t> y_ = std::vector<std::uint16_t>(most_events + room);
  std::vector<std::uint8_t> on_ = std::vector<std::uint8_t>(most_events + room);
};

}  // namespace flurry
