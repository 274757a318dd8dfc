// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/evt3_decoder.hpp"

namespace flurry {

namespace {

/// The last word that is a `type` or an `other`; no_word if there is none.
std::size_t last_of(std::string_view words, std::uint32_t type, std::uint32_t other) {
  return last_word<std::uint16_t>(words, [=](std::uint16_t w) {
    return ((static_cast<std::uint16_t>(w >> 12U) == type) |
            (static_cast<std::uint16_t>(w >> 12U) == other)) != 0;
  });
}

std::uint32_t type_at(std::string_view words, std::size_t at) { return load_le16(words.data() + at) >> 12U; }

}  // namespace

bool Evt3Decoder::resume(std::string_view before) {
  const bool at_time = before.size() >= 2 && type_at(before, before.size() - 2) == time_low;
  if (!has_clock_ || mask_ != 0 || !at_time) return false;
  if (const std::size_t high = last_of(before, time_high, time_high); high != no_word)
    high_ = load_le16(before.data() + high) & 0xfffU;
  const std::uint32_t low = load_le16(before.data() + before.size() - 2) & 0xfffU;
  if (!resume_base(before)) return false;
  if (const std::size_t row = last_of(before, addr_y, exposure_y); row != no_word) {
    state_.has_row = type_at(before, row) == addr_y;
    state_.row = load_le16(before.data() + row) & 0x7ffU;
  }
  state_.time = epoch_ + (std::int64_t{high_} << 12U | low);
  return true;
}

/// The vectors' base and polarity, and whether there is one; uses what the rest was before `before`.
bool Evt3Decoder::resume_base(std::string_view before) {
  const std::size_t last = last_of(before, vect_base_x, exposure_y);
  std::string_view since = before;
  if (last != no_word) {
    since = before.substr(last + 2);
    if (type_at(before, last) == exposure_y) {
      state_.has_base = false;
      return true;
    }
    const std::size_t row = last_of(before.substr(0, last), addr_y, exposure_y);
    const bool had_row = row == no_word ? state_.has_row : type_at(before, row) == addr_y;
    if (!had_row) return false;
    set_base(load_le16(before.data() + last) & 0xfffU, state_);
  }
  if (!state_.has_base) return true;
  state_.base += static_cast<std::uint32_t>(count_words<std::uint16_t>(since, [](std::uint16_t w) {
    const std::uint32_t type = w >> 12U;
    return type == vect_12 ? 12U : type == vect_8 ? 8U : 0U;
  }));
  return true;
}

}  // namespace flurry
