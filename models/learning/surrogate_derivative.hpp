// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace flurry {

/// What stands in for the derivative of a spike by the potential x = V - V_th, which is zero nearly
/// everywhere.
struct SurrogateDerivative {
  enum class Shape : std::uint8_t {
    fast_sigmoid,  // 1 / (k|x| + 1)^2 (SuperSpike: Zenke & Ganguli 2018, eq. 2.4)
    arctan,        // 1 / (1 + (pi k x / 2)^2) (Fang et al. 2021)
    triangle       // max(0, 1 - k|x|) (Bellec et al. 2018)
  };
  Shape shape = Shape::fast_sigmoid;
  double steepness = 100.0;                               // k, per unit of potential
  double band = std::numeric_limits<double>::infinity();  // no gradient where |x| >= band (Perez-Nieves
                                                          // & Goodman 2021)

  template <class Real>
  [[nodiscard]] Real at(Real x) const {
    const Real scaled = static_cast<Real>(steepness) * std::abs(x);
    switch (shape) {
      case Shape::arctan: {
        const Real y = scaled * static_cast<Real>(0.5 * std::numbers::pi);
        return Real{1} / (Real{1} + y * y);
      }
      case Shape::triangle:
        return std::max(Real{0}, Real{1} - scaled);
      case Shape::fast_sigmoid:
        break;
    }
    return Real{1} / ((scaled + Real{1}) * (scaled + Real{1}));
  }
};

}  // namespace flurry
