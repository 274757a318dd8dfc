// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace flurry {

/// A number of 64 bits that tells whether two things are the same, from all that they are made of, in order.
/// No proof against intent.
class Fingerprint {
 public:
  template <std::integral Number>
  void add(Number number) {
    mix(static_cast<std::uint64_t>(number));
  }
  void add(double number) { mix(std::bit_cast<std::uint64_t>(number)); }
  void add(std::string_view text) {
    add(text.size());
    add_bytes(text.data(), text.size());
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void add(std::span<const T> values) {
    add(values.size());
    add_bytes(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  /// A struct of doubles.
  template <class Struct>
  void add_fields(const Struct& value) {
    if constexpr (!std::is_empty_v<Struct>)
      for (const double field : std::bit_cast<std::array<double, sizeof(Struct) / sizeof(double)>>(value))
        add(field);
  }

  [[nodiscard]] std::uint64_t value() const { return finished(state_); }

  /// Every bit depends on every bit of x (the end of MurmurHash3).
  static std::uint64_t finished(std::uint64_t x) {
    x = (x ^ (x >> 33U)) * 0xFF51'AFD7'ED55'8CCDU;
    x = (x ^ (x >> 33U)) * 0xC4CE'B9FE'1A85'EC53U;
    return x ^ (x >> 33U);
  }

 private:
  void mix(std::uint64_t word) {
    state_ = (std::rotl(state_, 27) ^ (word * 0x9E37'79B9'7F4A'7C15U)) * 0x8765'3F9A'5D2E'6C4BU;
    state_ ^= state_ >> 29U;
  }
  void add_bytes(const char* bytes, std::size_t size) {
    std::uint64_t word = 0;
    for (; size >= sizeof word; size -= sizeof word, bytes += sizeof word) {
      std::memcpy(&word, bytes, sizeof word);
      mix(word);
    }
    word = 0;
    std::memcpy(&word, bytes, size);
    mix(word);
  }

  std::uint64_t state_ = 0x243F'6A88'85A3'08D3U;
};

/// Of one element of many: their sum does not depend on who holds which.
template <class Struct>
std::uint64_t fingerprint_of(std::uint32_t element, const Struct& fields) {
  Fingerprint one;
  one.add(element);
  one.add_fields(fields);
  return one.value();
}

}  // namespace flurry
