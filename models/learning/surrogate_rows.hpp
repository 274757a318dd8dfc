// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "models/learning/surrogate_layer.hpp"

namespace flurry {

/// How many steps later the study reads a spike than it happens.
constexpr std::size_t readout_lag(Integrator integrator) {
  return integrator == Integrator::perez_nieves_2021 ? 1 : 0;
}

/// As many numbers of a row as make 64 bytes: loops over these are vectorised whatever else is in them.
template <class Real>
inline constexpr std::size_t lanes = 64 / sizeof(Real);
template <class Real, std::size_t N>
struct LanesOf {
  using type [[gnu::vector_size(N * sizeof(Real))]] = Real;
};
template <class Real>
using Lanes = typename LanesOf<Real, lanes<Real>>::type;

/// lanes<To> numbers, converted.
template <class To, class From>
[[gnu::always_inline]] inline Lanes<To> load(const From* from) {
  typename LanesOf<From, lanes<To>>::type part;
  std::memcpy(&part, from, sizeof(part));
  if constexpr (std::is_same_v<From, To>)
    return part;
  else
    return __builtin_convertvector(part, Lanes<To>);
}
/// lanes<From> numbers, converted.
template <class From, class To>
[[gnu::always_inline]] inline void store(const Lanes<From>& from, To* to) {
  using Part = typename LanesOf<To, lanes<From>>::type;
  if constexpr (std::is_same_v<From, To>) {
    std::memcpy(to, &from, sizeof(from));
  } else {
    const Part part = __builtin_convertvector(from, Part);
    std::memcpy(to, &part, sizeof(part));
  }
}

/// to += row; `stride` is a multiple of 16.
template <class Real>
void add_row(const Real* row, Real* to, std::size_t stride) {
  for (std::size_t n = 0; n < stride; n += lanes<Real>)
    store<Real>(load<Real>(to + n) + load<Real>(row + n), to + n);
}

/// Adds the rows `ids` of `w`, `Blocks` vectors of them at once.
template <std::size_t Blocks, class From, class To>
[[gnu::always_inline]] inline void add_block(std::span<const std::uint32_t> ids, const From* w, To* to,
                                             std::size_t stride) {
  Lanes<To> sum[Blocks];
  for (std::size_t k = 0; k < Blocks; ++k) sum[k] = load<To>(to + k * lanes<To>);
  for (const std::uint32_t id : ids)
    for (std::size_t k = 0; k < Blocks; ++k) sum[k] += load<To>(w + id * stride + k * lanes<To>);
  for (std::size_t k = 0; k < Blocks; ++k) store<To>(sum[k], to + k * lanes<To>);
}

/// to += the rows `ids` of `w`: what the spikes of a step give.
template <class From, class To>
void add_rows(std::span<const std::uint32_t> ids, const From* w, To* to, std::size_t stride) {
  if (ids.empty()) return;
  std::size_t n = 0;
  for (; n + 8 * lanes<To> <= stride; n += 8 * lanes<To>) add_block<8>(ids, w + n, to + n, stride);
  for (; n < stride; n += lanes<To>) add_block<1>(ids, w + n, to + n, stride);
}

/// to = row, of another precision perhaps.
template <class From, class To>
void copy_row(const From* row, To* to, std::size_t stride) {
  for (std::size_t n = 0; n < stride; n += lanes<From>) store<From>(load<From>(row + n), to + n);
}

/// The scalar product of two rows, summed in lanes.
template <class Real>
Real product(const Real* a, const Real* b, std::size_t stride) {
  Lanes<Real> sum{};
  for (std::size_t n = 0; n < stride; n += lanes<Real>) sum += load<Real>(a + n) * load<Real>(b + n);
  Real part[lanes<Real>];
  std::memcpy(part, &sum, sizeof(sum));
  for (std::size_t half = lanes<Real> / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) part[i] += part[i + half];
  return part[0];
}

/// Calls act(n) in order for each n < stride with condition(n), which is rare: many are looked at together.
template <class Condition, class Act>
void for_each_where(std::size_t stride, const Condition& condition, const Act& act) {
  constexpr std::size_t together = 64;
  std::array<std::uint8_t, together> holds{};
  for (std::size_t begin = 0; begin < stride; begin += together) {
    const std::size_t count = std::min(together, stride - begin);
    for (std::size_t i = 0; i < count; ++i) holds[i] = condition(begin + i) ? 1 : 0;
    for (std::size_t i = 0; i < count; i += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, &holds[i], sizeof(eight));
      if (eight == 0) [[likely]]
        continue;
      for (std::size_t k = i; k < i + 8; ++k)
        if (holds[k] != 0) act(begin + k);
    }
  }
}

}  // namespace flurry
