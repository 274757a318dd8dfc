// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace flurry {

/// exp(x) and expm1(x) from one reduction.
struct Exponential {
  double exp = 1.0;
  double expm1 = 0.0;
};

/// exp(x) and exp(x) - 1 for x <= 0, both to within 2 ulp; below -700, where every propagator has long
/// vanished, 0 and -1. Branch-free, and only +, *, fma and integer steps: the same bits alone and in a
/// vectorised loop.
///
/// x = k ln 2 + r with |r| <= ln(2)/2 (Cody & Waite 1980); expm1(r) by its Taylor polynomial of degree 13
/// (truncation below 2^-57 of the leading term); exp(x) = 2^k + 2^k expm1(r), expm1(x) = (2^k - 1) + 2^k
/// expm1(r), neither of which cancels for x <= 0.
[[gnu::always_inline]] inline Exponential exponential(double x) noexcept {
  constexpr double log2_e = 0x1.71547652b82fep+0;
  constexpr double ln2_high = 0x1.62e42fefa3800p-1;  // 42 bits: k * ln2_high is exact
  constexpr double ln2_low = 0x1.ef35793c76730p-45;
  constexpr double shifter = 0x1.8p52;  // adding it leaves round(x) in the low bits
  const double bounded = x < -700.0 ? -700.0 : x;
  const double shifted = std::fma(bounded, log2_e, shifter);
  const double k = shifted - shifter;
  const double r = std::fma(-k, ln2_low, std::fma(-k, ln2_high, bounded));

  const double r2 = r * r;
  const double r4 = r2 * r2;
  // Taylor coefficients 1/2! ... 1/13!, in Estrin's order.
  const double p23 = std::fma(r, 1.0 / 6.0, 0.5);
  const double p45 = std::fma(r, 1.0 / 120.0, 1.0 / 24.0);
  const double p67 = std::fma(r, 1.0 / 5040.0, 1.0 / 720.0);
  const double p89 = std::fma(r, 1.0 / 362880.0, 1.0 / 40320.0);
  const double p1011 = std::fma(r, 1.0 / 39916800.0, 1.0 / 3628800.0);
  const double p1213 = std::fma(r, 1.0 / 6227020800.0, 1.0 / 479001600.0);
  const double low = std::fma(r2, p45, p23);
  const double middle = std::fma(r2, p89, p67);
  const double high = std::fma(r2, p1213, p1011);
  const double tail = std::fma(r4, std::fma(r4, high, middle), low);
  const double p = std::fma(r2, tail, r);  // expm1(r)

  const auto bits = std::bit_cast<std::uint64_t>(shifted);
  const double scale = std::bit_cast<double>((bits << 52U) + std::bit_cast<std::uint64_t>(1.0));  // 2^k
  const double e = std::fma(scale, p, scale);
  const double em1 = std::fma(scale, p, scale - 1.0);
  const bool vanished = x < -700.0;
  return {vanished ? 0.0 : e, vanished ? -1.0 : em1};
}

}  // namespace flurry
