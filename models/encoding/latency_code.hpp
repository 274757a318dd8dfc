// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/base/spike.hpp"

namespace flurry {

/// Brightness to the time of one spike a pixel: each pixel is a constant current x (0 to 1) into a leaky
/// integrator that spikes when it reaches a threshold, at t = tau ln(x / (x - threshold)). Pixels at or below
/// the threshold never spike. The code of Perez-Nieves et al. 2021 (Nat. Commun. 12:5791) for Fashion-MNIST,
/// with the constants of their runs.
struct LatencyCode {
  double tau = 20.0;       // ms
  double threshold = 0.2;  // of full brightness, above 0 and below 1
  double last = 100.0;     // ms; later spikes are left out
};

/// The spikes of an image, in ms, ordered by time, then pixel; element i is pixel i. Full brightness is 255.
/// UsageError for constants out of range.
[[nodiscard]] SpikeTrain latency_spikes(std::span<const std::uint8_t> pixels, const LatencyCode& code = {});

}  // namespace flurry
