// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/learning/cache_lines.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {

/// The transpose of a matrix of weights [neurons][to]: what all neurons' spikes are worth is a sum of its
/// rows, without sums across a vector.
template <class Real>
struct SurrogateColumns {
  std::size_t stride = 0;  // of neurons
  std::size_t count = 0;   // columns up to the last that is not zero
  CacheLines<Real> rows;   // [count][stride]

  void transpose(const Real* w, std::size_t neurons, std::size_t to, std::size_t neuron_stride) {
    constexpr std::size_t tile = 16;  // divides both strides
    stride = neuron_stride;
    rows.resize(to * stride);
    for (std::size_t k = 0; k < to; k += tile)
      for (std::size_t n = 0; n < stride; n += tile)
        for (std::size_t i = 0; i < tile; ++i)
          for (std::size_t j = 0; j < tile; ++j)
            rows[(k + i) * stride + n + j] = n + j < neurons ? w[(n + j) * to + k + i] : Real{0};
    count = to;
    const auto zero = [&](std::size_t k) {
      for (std::size_t n = 0; n < stride; ++n)
        if (rows[k * stride + n] != Real{0}) return false;
      return true;
    };
    while (count > 0 && zero(count - 1)) --count;
  }
};

/// One product: `to` [stride] += the columns times `by` [count].
template <class Real>
struct ColumnsProduct {
  const Real* by = nullptr;
  Real* to = nullptr;
};

/// The order in which a product goes through the columns. Turned at every step, it finds those in the cache
/// that it left there last.
enum class ColumnOrder : std::uint8_t { rising, falling };

template <std::size_t Many, std::size_t Blocks, class Real>
[[gnu::always_inline]] inline void add_product_block(const SurrogateColumns<Real>& columns, ColumnOrder order,
                                                     const ColumnsProduct<Real>* products, std::size_t n) {
  Lanes<Real> sum[Many][Blocks];
  for (std::size_t s = 0; s < Many; ++s)
    for (std::size_t b = 0; b < Blocks; ++b) sum[s][b] = load<Real>(products[s].to + n + b * lanes<Real>);
  const bool rising = order == ColumnOrder::rising;
  std::ptrdiff_t k = rising ? 0 : static_cast<std::ptrdiff_t>(columns.count) - 1;
  const std::ptrdiff_t step = rising ? 1 : -1;
  const std::ptrdiff_t row_step = step * static_cast<std::ptrdiff_t>(columns.stride);
  const Real* row = columns.rows.data() + k * static_cast<std::ptrdiff_t>(columns.stride) + n;
  for (std::size_t left = columns.count; left > 0; --left, row += row_step, k += step)
    for (std::size_t b = 0; b < Blocks; ++b) {
      const Lanes<Real> w = load<Real>(row + b * lanes<Real>);
      for (std::size_t s = 0; s < Many; ++s) sum[s][b] += w * products[s].by[k];
    }
  for (std::size_t s = 0; s < Many; ++s)
    for (std::size_t b = 0; b < Blocks; ++b) store<Real>(sum[s][b], products[s].to + n + b * lanes<Real>);
}

template <std::size_t Many, std::size_t Blocks, class Real>
void add_products_of(const SurrogateColumns<Real>& columns, ColumnOrder order,
                     const ColumnsProduct<Real>* products) {
  std::size_t n = 0;
  for (; n + Blocks * lanes<Real> <= columns.stride; n += Blocks * lanes<Real>)
    add_product_block<Many, Blocks>(columns, order, products, n);
  for (; n < columns.stride; n += lanes<Real>) add_product_block<Many, 1>(columns, order, products, n);
}

/// All products; each has the same bits whatever stands beside it.
template <class Real>
void add_products(const SurrogateColumns<Real>& columns, ColumnOrder order,
                  std::span<const ColumnsProduct<Real>> products) {
  if (columns.count == 0) return;
  for (; products.size() >= 8; products = products.subspan(8))
    add_products_of<8, 2>(columns, order, products.data());
  for (; products.size() >= 4; products = products.subspan(4))
    add_products_of<4, 4>(columns, order, products.data());
  for (; products.size() >= 2; products = products.subspan(2))
    add_products_of<2, 8>(columns, order, products.data());
  for (const ColumnsProduct<Real>& product : products) add_products_of<1, 8>(columns, order, &product);
}

}  // namespace flurry
