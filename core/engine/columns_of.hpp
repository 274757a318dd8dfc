// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace flurry {

/// One of two numbers, bit by bit: `mask` is all ones for the first, 0 for the second. What the compiler can
/// not turn into a branch it turns into vector instructions.
[[gnu::always_inline]] inline double choose(std::int64_t mask, double a, double b) noexcept {
  return std::bit_cast<double>((std::bit_cast<std::int64_t>(a) & mask) |
                               (std::bit_cast<std::int64_t>(b) & ~mask));
}

/// The same for structs of doubles.
template <class Struct>
[[gnu::always_inline]] inline Struct choose(std::int64_t mask, const Struct& a, const Struct& b) noexcept {
  using Fields = std::array<double, sizeof(Struct) / sizeof(double)>;
  const auto from_a = std::bit_cast<Fields>(a);
  const auto from_b = std::bit_cast<Fields>(b);
  return [&]<std::size_t... k>(std::index_sequence<k...>) {
    return Struct{choose(mask, from_a[k], from_b[k])...};
  }
  (std::make_index_sequence<std::tuple_size_v<Fields>>{});
}

/// A struct of doubles, to be compared bit by bit.
template <class Struct>
auto bits_of(const Struct& value) {
  return std::bit_cast<std::array<std::uint64_t, sizeof(Struct) / sizeof(double)>>(value);
}

/// Several values of a struct of doubles (or an array), field by field, so that a loop over them becomes
/// vector instructions.
template <std::size_t count, class Struct>
class ColumnsOf {
 public:
  static constexpr std::size_t fields = sizeof(Struct) / sizeof(double);
  static_assert(sizeof(Struct) == fields * sizeof(double), "a struct of doubles");

  [[gnu::always_inline]] Struct get(std::size_t i) const noexcept {
    return get(i, std::make_index_sequence<fields>{});
  }
  // Field by field: a copy of the whole, as std::bit_cast makes one, keeps a loop from being vectorised.
  [[gnu::always_inline]] void set(std::size_t i, const Struct& value) noexcept {
    set(i, reinterpret_cast<const double*>(&value), std::make_index_sequence<fields>{});
  }

 private:
  template <std::size_t... k>
  [[gnu::always_inline]] Struct get(std::size_t i, std::index_sequence<k...>) const noexcept {
    return Struct{values_[k][i]...};
  }
  template <std::size_t... k>
  [[gnu::always_inline]] void set(std::size_t i, const double* flat, std::index_sequence<k...>) noexcept {
    ((values_[k][i] = flat[k]), ...);
  }
  alignas(64) double values_[fields][count]{};
};

}  // namespace flurry
