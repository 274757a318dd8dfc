// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace flurry {

/// How the learning rate changes while a network is trained.
struct LearningRate {
  enum class Schedule : std::uint8_t { constant, cosine, exponential, steps };
  Schedule schedule = Schedule::constant;
  double last = 0.0;         // cosine, exponential: the share of the rate left at the end
  double factor = 0.1;       // steps: what the rate is multiplied with
  double every = 50.0;       // steps: after so many epochs
  double rise_epochs = 0.0;  // linear rise from 0 over so many epochs at the beginning

  /// The share of the optimiser's rate at `epoch` (with fraction) of `epochs`.
  [[nodiscard]] double at(double epoch, double epochs) const {
    const double rise = rise_epochs > 0.0 ? std::min(1.0, (epoch + 1e-9) / rise_epochs) : 1.0;
    const double done = std::min(1.0, epoch / epochs);
    switch (schedule) {
      case Schedule::cosine:
        return rise * (last + (1.0 - last) * 0.5 * (1.0 + std::cos(std::numbers::pi * done)));
      case Schedule::exponential:
        return rise * std::pow(std::max(last, 1e-12), done);
      case Schedule::steps:
        return rise * std::pow(factor, std::floor(epoch / every));
      case Schedule::constant:
        break;
    }
    return rise;
  }
};

}  // namespace flurry
