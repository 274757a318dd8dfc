// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// Eight structs of `fields` doubles, field by field: `to` are rows of eight, aligned to 64 bytes. Eight by
/// eight in registers, for eight numbers stored one by one are slow to be read as one. Fields before
/// `from_field` may be left as they are.
template <std::size_t fields, std::size_t from_field = 0>
void transpose(const std::array<const double*, 8>& from, double* to) noexcept {
  using Eight [[gnu::vector_size(64)]] = double;
  const auto eight_fields = [&](std::size_t k) {
    std::array<Eight, 8> a, b;
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(&a[i], from[i] + k, sizeof(Eight));
    for (std::size_t i = 0; i < 8; i += 2) {  // of rows i and i + 1: even fields, odd fields
      b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
      b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (std::size_t i = 0; i < 8; i += 4)
      for (std::size_t odd = 0; odd < 2;
           ++odd) {  // of four rows: fields 0 and 4 (1 and 5), 2 and 6 (3 and 7)
        a[i + odd] = __builtin_shufflevector(b[i + odd], b[i + odd + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        a[i + odd + 2] = __builtin_shufflevector(b[i + odd], b[i + odd + 2], 2, 3, 10, 11, 6, 7, 14, 15);
      }
    for (std::size_t i = 0; i < 4; ++i) {
      b[i] = __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
      b[i + 4] = __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(to + (k + i) * 8, &b[i], sizeof(Eight));
  };
  if constexpr (fields < 8) {
    for (std::size_t k = 0; k < fields; ++k)
      for (std::size_t i = 0; i < 8; ++i) to[k * 8 + i] = from[i][k];
  } else {
    constexpr std::size_t last = fields - 8;
    for (std::size_t k = 0; k < last && from_field < last; k += 8) eight_fields(k);
    eight_fields(last);
  }
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
