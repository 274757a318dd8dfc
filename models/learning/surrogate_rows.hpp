// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "models/learning/for_each_where.hpp"
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
#ifdef __AVX512F__  // g++ 12 makes four instructions of this one
  if constexpr (std::is_same_v<From, float> && std::is_same_v<To, double>) {
    return _mm512_cvtps_pd(part);
  } else
#endif
      if constexpr (std::is_same_v<From, To>) {
    return part;
  } else {
    return __builtin_convertvector(part, Lanes<To>);
  }
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

#ifdef __AVX512F__
/// The same, with the first four and the last four numbers of a row: those `ends` are apart.
template <std::size_t Blocks>
[[gnu::always_inline]] inline void add_block_and_ends(std::span<const std::uint32_t> ids, const float* w,
                                                      double* to, std::size_t stride, std::size_t ends) {
  Lanes<double> sum[Blocks];
  for (std::size_t k = 0; k < Blocks; ++k) sum[k] = load<double>(to + 4 + k * lanes<double>);
  __m256d first = _mm256_loadu_pd(to);
  __m256d last = _mm256_loadu_pd(to + ends);
  for (const std::uint32_t id : ids) {
    const float* row = w + id * stride;
    first = first + _mm256_cvtps_pd(_mm_loadu_ps(row));
    for (std::size_t k = 0; k < Blocks; ++k) sum[k] += load<double>(row + 4 + k * lanes<double>);
    last = last + _mm256_cvtps_pd(_mm_loadu_ps(row + ends));
  }
  for (std::size_t k = 0; k < Blocks; ++k) store<double>(sum[k], to + 4 + k * lanes<double>);
  _mm256_storeu_pd(to, first);
  _mm256_storeu_pd(to + ends, last);
}

/// add_rows() where rows begin in the middle of 32 bytes, as memory of std::vector does: the same sums, but
/// no load lies across cache lines.
inline void add_shifted_rows(std::span<const std::uint32_t> ids, const float* w, double* to,
                             std::size_t stride) {
  constexpr std::size_t most = 15;
  const std::size_t ends = stride - 4;
  std::size_t n = 4;
  if (stride >= 4 + most * lanes<double> + 4) {
    add_block_and_ends<most>(ids, w, to, stride, ends);
    n += most * lanes<double>;
  } else {
    add_block_and_ends<1>(ids, w, to, stride, ends);
    n += lanes<double>;
  }
  for (; n + 8 * lanes<double> <= ends; n += 8 * lanes<double>) add_block<8>(ids, w + n, to + n, stride);
  for (; n + 4 * lanes<double> <= ends; n += 4 * lanes<double>) add_block<4>(ids, w + n, to + n, stride);
  for (; n < ends; n += lanes<double>) add_block<1>(ids, w + n, to + n, stride);
}
#endif

/// to += the rows `ids` of `w`: what the spikes of a step give.
template <class From, class To>
void add_rows(std::span<const std::uint32_t> ids, const From* w, To* to, std::size_t stride) {
  if (ids.empty()) return;
#ifdef __AVX512F__
  if constexpr (std::is_same_v<From, float> && std::is_same_v<To, double>)
    if (reinterpret_cast<std::uintptr_t>(w) % 32 == 16) return add_shifted_rows(ids, w, to, stride);
#endif
  std::size_t n = 0;
  for (; n + 8 * lanes<To> <= stride; n += 8 * lanes<To>) add_block<8>(ids, w + n, to + n, stride);
  for (; n < stride; n += lanes<To>) add_block<1>(ids, w + n, to + n, stride);
}

/// to = row, of another precision perhaps.
template <class From, class To>
void copy_row(const From* row, To* to, std::size_t stride) {
  for (std::size_t n = 0; n < stride; n += lanes<From>) store<From>(load<From>(row + n), to + n);
}

/// The sum over a vector's lanes, by halves.
template <class Real, std::size_t N>
[[gnu::always_inline]] inline Real sum_of_lanes(const typename LanesOf<Real, N>::type& all) {
  using Half = typename LanesOf<Real, N / 2>::type;
  Half half[2];
  std::memcpy(&half, &all, sizeof(all));
  const Half sum = half[0] + half[1];
  if constexpr (N == 4)
    return sum[0] + sum[1];
  else
    return sum_of_lanes<Real, N / 2>(sum);
}

/// sum += a b, lane by lane.
template <class Real>
[[gnu::always_inline]] inline void add_product(const Real* a, const Real* b, std::size_t stride,
                                               Lanes<Real>& sum) {
  for (std::size_t n = 0; n < stride; n += lanes<Real>) sum += load<Real>(a + n) * load<Real>(b + n);
}

}  // namespace flurry
