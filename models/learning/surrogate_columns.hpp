// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "models/learning/surrogate_rows.hpp"

namespace flurry {

/// The transpose of a matrix of weights [neurons][to]: what all neurons' spikes are worth is a sum of its
/// rows, without sums across a vector.
template <class Real>
struct SurrogateColumns {
  std::size_t stride = 0;  // of neurons
  std::size_t count = 0;   // columns up to the last that is not zero
  std::vector<Real> rows;  // [count][stride]

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

template <std::size_t Many, std::size_t Blocks, class Real>
[[gnu::always_inline]] inline void add_product_block(const SurrogateColumns<Real>& columns,
                                                     const ColumnsProduct<Real>* products, std::size_t n) {
  Lanes<Real> sum[Many][Blocks];
  for (std::size_t s = 0; s < Many; ++s)
    for (std::size_t b = 0; b < Blocks; ++b) sum[s][b] = load<Real>(products[s].to + n + b * lanes<Real>);
  const Real* row = columns.rows.data() + n;
  for (std::size_t k = 0; k < columns.count; ++k, row += columns.stride)
    for (std::size_t b = 0; b < Blocks; ++b) {
      const Lanes<Real> w = load<Real>(row + b * lanes<Real>);
      for (std::size_t s = 0; s < Many; ++s) sum[s][b] += w * products[s].by[k];
    }
  for (std::size_t s = 0; s < Many; ++s)
    for (std::size_t b = 0; b < Blocks; ++b) store<Real>(sum[s][b], products[s].to + n + b * lanes<Real>);
}

/// All products; each has the same bits whatever stands beside it.
template <class Real>
void add_products(const SurrogateColumns<Real>& columns, std::span<const ColumnsProduct<Real>> products) {
  constexpr std::size_t together = 4;
  while (products.size() >= together) {
    std::size_t n = 0;
    for (; n + 4 * lanes<Real> <= columns.stride; n += 4 * lanes<Real>)
      add_product_block<together, 4>(columns, products.data(), n);
    for (; n < columns.stride; n += lanes<Real>) add_product_block<together, 1>(columns, products.data(), n);
    products = products.subspan(together);
  }
  for (const ColumnsProduct<Real>& product : products) {
    std::size_t n = 0;
    for (; n + 8 * lanes<Real> <= columns.stride; n += 8 * lanes<Real>)
      add_product_block<1, 8>(columns, &product, n);
    for (; n < columns.stride; n += lanes<Real>) add_product_block<1, 1>(columns, &product, n);
  }
}

}  // namespace flurry
