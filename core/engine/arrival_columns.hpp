// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/arrival.hpp"

namespace flurry {

/// The arrivals of a block in one window: eight neurons side by side, one column each, ordered by time down
/// the column; several at one instant also by weight where weights are shared, else in any order. What vector
/// instructions work on. Where arrivals are few, only neurons that have any get a column.
///
/// Columns are sorted all eight at once by a network of compare-exchanges (Batcher 1968; Knuth, TAOCP 3,
/// 5.2.2 M), which no data can slow down, on 64-bit numbers that hold a time in their upper 48 bits (see
/// PackedArrival) and its weight, or where to find it, in the lower 16.
class ArrivalColumns {
 public:
  static constexpr std::uint32_t width = 8;

  /// Eight neurons of the block: times() and weights() are rows of eight.
  struct Group {
    std::uint32_t rows = 0;                      // of the longest column
    std::array<std::uint32_t, width> neurons{};  // within the block, where the count is not 0
    std::array<std::uint32_t, width> counts{};
    const double* times = nullptr;  // rows + 1 of them; below the end of a column stands `last`
    const double* weights = nullptr;
  };

  /// False where columns are not worth their while, or not possible: a handful of arrivals, one neuron with
  /// far more than the others, the first windows of all.
  /// `together`: neurons (within the block) that are to stand side by side.
  [[nodiscard]] bool assign(const BlockArrivals& arrivals, std::span<const std::uint32_t> together = {});
  [[nodiscard]] std::uint32_t first() const { return first_; }
  [[nodiscard]] std::uint32_t groups() const { return (columns_ + width - 1) / width; }
  /// Orders a group. Valid until the next call.
  const Group& order(std::uint32_t group);

 private:
  // Eight numbers, aligned for one instruction.
  template <class T>
  struct alignas(width * sizeof(T)) Row {
    T values[width];
  };

  [[nodiscard]] bool give_everyone_a_column(const BlockArrivals& arrivals,
                                            std::span<const std::uint32_t> together);
  [[nodiscard]] bool give_columns_as_they_come(const BlockArrivals& arrivals);
  template <class Column>
  [[nodiscard]] bool scatter_packed(const BlockArrivals& arrivals, const Column& column);
  template <class Column>
  [[nodiscard]] bool scatter(const BlockArrivals& arrivals, const Column& column);
  template <class Column>
  [[nodiscard]] bool scatter_all(const BlockArrivals& arrivals, const Column& column);
  void reserve_rows(std::uint32_t rows);
  void decode(std::uint32_t group, const std::uint64_t* keys);

  std::uint32_t first_ = 0;
  std::uint32_t columns_ = 0;
  double start_ = 0.0;
  double last_ = 0.0;                       // the last instant of the window
  const double* packed_weights_ = nullptr;  // null: keys hold rows of weights_
  std::uint32_t rows_ = 0;                  // there is room for, per column
  std::vector<std::uint32_t> fill_;         // by column
  std::vector<std::uint32_t> neuron_of_;    // each column
  std::vector<std::uint32_t> column_of_;    // each neuron
  std::vector<Row<std::uint64_t>> keys_;    // group by group
  std::vector<Row<double>> weights_;        // the same, in the order of arrival
  std::vector<Row<double>> group_times_;    // of the group at hand, in order
  std::vector<Row<double>> group_weights_;
  Group group_;
};

}  // namespace flurry
