// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/arrival_columns.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

namespace flurry {
namespace {

constexpr std::uint32_t width = ArrivalColumns::width;
constexpr std::size_t fewest = 8;  // arrivals; below, columns are not worth their while
constexpr std::uint32_t many = 4;  // arrivals per neuron; from here on every neuron has its column
constexpr std::uint32_t none = 0xFFFFU;
constexpr std::uint32_t most_rows = 1024;

using Keys [[gnu::vector_size(width * sizeof(std::uint64_t)), gnu::may_alias]] = std::uint64_t;

inline void exchange(Keys& a, Keys& b) {
  const Keys low = a < b ? a : b;
  b = a < b ? b : a;
  a = low;
}

constexpr std::uint32_t few_rows = 6;
constexpr std::uint32_t rows_together = 16;  // rows sorted in registers

// Batcher's merge exchange on sixteen rows of eight; the loops unroll.
[[gnu::always_inline]] inline void sort_sixteen(Keys* keys) {
  Keys k[rows_together];
  for (std::uint32_t i = 0; i < rows_together; ++i) k[i] = keys[i];
#pragma GCC unroll 4
  for (std::uint32_t p = rows_together / 2; p > 0; p /= 2) {
    std::uint32_t r = 0;
    std::uint32_t d = p;
#pragma GCC unroll 4
    for (std::uint32_t q = rows_together / 2; q >= p; q /= 2) {
#pragma GCC unroll 16
      for (std::uint32_t i = 0; i + d < rows_together; ++i)
        if ((i & p) == r) exchange(k[i], k[i + d]);
      d = q - p;
      r = p;
    }
  }
  for (std::uint32_t i = 0; i < rows_together; ++i) keys[i] = k[i];
}

// Merges sorted runs of `run` rows, neighbours two by two, until all is one: Batcher's odd-even merge. What
// lies beyond `rows` counts as largest and is never touched.
void merge_runs(Keys* keys, std::uint32_t rows, std::uint32_t run) {
  for (; run < rows; run *= 2)
    for (std::uint32_t begin = 0; begin + run < rows; begin += 2 * run) {
      const std::uint32_t end = std::min(begin + 2 * run, rows);
      for (std::uint32_t i = begin; i + run < end; ++i) exchange(keys[i], keys[i + run]);
      for (std::uint32_t d = run / 2; d > 0; d /= 2)
        for (std::uint32_t first = begin + d; first + d < end; first += 2 * d) {
          const std::uint32_t last = std::min(first + d, end - d);
          for (std::uint32_t i = first; i < last; ++i) exchange(keys[i], keys[i + d]);
        }
    }
}

// There must be room for a multiple of sixteen rows; those beyond `rows` hold nothing smaller than the
// others.
void sort_columns(Keys* keys, std::uint32_t rows) {
  if (rows <= few_rows) {  // neighbours until nothing moves any more (odd-even transposition)
    for (std::uint32_t pass = 0; pass < rows; ++pass)
      for (std::uint32_t i = pass % 2; i + 1 < rows; i += 2) exchange(keys[i], keys[i + 1]);
    return;
  }
  for (std::uint32_t row = 0; row < rows; row += rows_together) sort_sixteen(keys + row);
  merge_runs(keys, rows, rows_together);
}

}  // namespace

void ArrivalColumns::reserve_rows(std::uint32_t rows) {
  rows_ = rows;
  keys_.resize(std::size_t{PackedArrival::most_neurons / width} * rows_);
  group_times_.resize(std::size_t{rows_} + 1);
  group_weights_.resize(rows_);
}

bool ArrivalColumns::assign(const BlockArrivals& arrivals, std::span<const std::uint32_t> together) {
  const std::size_t total = arrivals.size();
  if (total < fewest) return false;
  if (arrivals.start < static_cast<double>(PackedArrival::first_window) * arrivals.length) return false;
  first_ = arrivals.first;
  start_ = arrivals.start;
  last_ = std::nextafter(arrivals.start + arrivals.length, 0.0);
  bool only_packed = true;
  for (const auto& part : arrivals.wide) only_packed = only_packed && part.empty();
  packed_weights_ = only_packed ? arrivals.packed_weights : nullptr;
  if (rows_ == 0) reserve_rows(32);
  neuron_of_.resize(PackedArrival::most_neurons);
  fill_.resize(PackedArrival::most_neurons);
  const bool everyone = total >= std::size_t{many} * arrivals.count;
  for (;;) {
    if (everyone ? give_everyone_a_column(arrivals, together) : give_columns_as_they_come(arrivals))
      return true;
    if (rows_ == most_rows) return false;
    reserve_rows(2 * rows_);
  }
}

bool ArrivalColumns::give_everyone_a_column(const BlockArrivals& arrivals,
                                            std::span<const std::uint32_t> together) {
  columns_ = arrivals.count;
  std::fill_n(fill_.begin(), std::size_t{groups()} * width, 0U);
  if (together.empty()) {
    std::iota(neuron_of_.begin(), neuron_of_.end(), 0U);
    return scatter_all(arrivals, [](std::uint32_t neuron) { return neuron; });
  }
  column_of_.assign(PackedArrival::most_neurons, none);
  std::uint32_t next = 0;
  const auto place = [&](std::uint32_t neuron) {
    if (column_of_[neuron] != none) return;
    column_of_[neuron] = next;
    neuron_of_[next++] = neuron;
  };
  for (const std::uint32_t neuron : together) place(neuron);
  for (std::uint32_t neuron = 0; neuron < arrivals.count; ++neuron) place(neuron);
  const bool fits = scatter_all(arrivals, [this](std::uint32_t neuron) { return column_of_[neuron]; });
  column_of_.assign(PackedArrival::most_neurons, none);
  return fits;
}

bool ArrivalColumns::give_columns_as_they_come(const BlockArrivals& arrivals) {
  columns_ = 0;
  column_of_.resize(PackedArrival::most_neurons, none);
  const bool fits = scatter_all(arrivals, [&](std::uint32_t neuron) {
    if (column_of_[neuron] == none) {
      column_of_[neuron] = columns_;
      fill_[columns_] = 0;
      neuron_of_[columns_++] = neuron;
    }
    return column_of_[neuron];
  });
  for (std::uint32_t c = 0; c < columns_; ++c) column_of_[neuron_of_[c]] = none;
  std::fill(fill_.begin() + columns_, fill_.begin() + std::ptrdiff_t{groups()} * width, 0U);
  return fits;
}

// False where a column does not fit.
template <class Column>
bool ArrivalColumns::scatter_all(const BlockArrivals& arrivals, const Column& column) {
  return packed_weights_ != nullptr ? scatter_packed(arrivals, column) : scatter(arrivals, column);
}

template <class Column>
bool ArrivalColumns::scatter_packed(const BlockArrivals& arrivals, const Column& column) {
  std::uint32_t* fill = fill_.data();
  std::uint64_t* keys = keys_.data()->values;
  const std::uint32_t rows = rows_;
  for (const auto& part : arrivals.packed)
    for (const PackedArrival arrival : part) {
      const std::uint32_t c = column(arrival.neuron());
      const std::uint32_t row = fill[c]++;
      if (row == rows) return false;
      keys[(std::size_t{c / width} * rows + row) * width + c % width] = arrival.bits;
    }
  return true;
}

template <class Column>
bool ArrivalColumns::scatter(const BlockArrivals& arrivals, const Column& column) {
  if (weights_.size() < keys_.size()) weights_.resize(keys_.size());
  bool fits = true;
  arrivals.for_each([&](std::uint32_t neuron, double time, double weight) {
    const std::uint32_t c = column(neuron);
    const std::uint32_t row = fill_[c];
    if (row == rows_) {
      fits = false;
      return;
    }
    ++fill_[c];
    const std::size_t place = std::size_t{c / width} * rows_ + row;
    keys_[place].values[c % width] = std::bit_cast<std::uint64_t>(time) << 16U | row;
    weights_[place].values[c % width] = weight;
  });
  return fits;
}

const ArrivalColumns::Group& ArrivalColumns::order(std::uint32_t group) {
  const std::size_t first = std::size_t{group} * width;
  const std::uint32_t* fill = &fill_[first];
  std::copy_n(&neuron_of_[first], width, group_.neurons.begin());
  std::copy_n(fill, width, group_.counts.begin());
  group_.rows = *std::max_element(fill, fill + width);
  std::uint64_t* keys = keys_[std::size_t{group} * rows_].values;
  const std::uint64_t beyond = std::bit_cast<std::uint64_t>(last_) << 16U | 0xFFFFU;
  const std::uint32_t room = group_.rows <= few_rows
                                 ? group_.rows
                                 : (group_.rows + rows_together - 1) / rows_together * rows_together;
  const std::uint32_t whole = *std::min_element(fill, fill + width);
  auto* const rows = reinterpret_cast<Keys*>(keys);
  using Counts [[gnu::vector_size(width * sizeof(std::uint32_t))]] = std::uint32_t;
  Counts filled;
  std::memcpy(&filled, fill, sizeof(filled));
  const Keys counts = __builtin_convertvector(filled, Keys);
  for (std::uint64_t row = whole; row < room; ++row) rows[row] = row < counts ? rows[row] : beyond - Keys{};
  sort_columns(rows, group_.rows);
  decode(group, keys);
  return group_;
}

void ArrivalColumns::decode(std::uint32_t group, const std::uint64_t* keys) {
  constexpr std::uint64_t top = 0xFFFF'0000'0000'0000U;
  const std::uint64_t high = std::bit_cast<std::uint64_t>(start_) & top;
  const std::uint32_t values = group_.rows * width;
  double* times = group_times_.data()->values;
  double* weights = group_weights_.data()->values;
  for (std::uint32_t i = 0; i < values; ++i) times[i] = std::bit_cast<double>(high | keys[i] >> 16U);
  for (std::uint32_t i = values; i < values + width; ++i) times[i] = last_;
  if (packed_weights_ != nullptr) {
    for (std::uint32_t i = 0; i < values; ++i) weights[i] = packed_weights_[PackedArrival::code_of(keys[i])];
  } else {
    const double* drawn = weights_[std::size_t{group} * rows_].values;
    for (std::uint32_t i = 0; i < values; ++i)
      weights[i] = drawn[std::min<std::uint64_t>(keys[i] & 0xFFFFU, rows_ - 1) * width + i % width];
  }
  group_.times = times;
  group_.weights = weights;
}

}  // namespace flurry
