// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/address_event.hpp"
#include "models/encoding/scene.hpp"

namespace flurry {

/// An event camera: each pixel reports when the logarithm of its luminance has changed by a threshold since
/// its last report (Lichtsteiner, Posch & Delbruck 2008, IEEE J. Solid-State Circuits 43:566).
///
/// Between frames log luminance is taken as linear, so that crossings have times of their own (Rebecq, Gehrig
/// & Scaramuzza 2018, ESIM, CoRL); mismatch, leak, shot noise and bandwidth follow Hu, Liu & Delbruck 2021
/// (v2e, CVPRW), the last two without their dependence on luminance.
struct CameraParameters {
  std::uint32_t width = 96;  // pixels, up to 65536
  std::uint32_t height = 72;
  double duration = 1000.0;     // ms
  double frame_interval = 1.0;  // ms between views of the scene
  double threshold_on = 0.15;   // change of natural log luminance
  double threshold_off = 0.15;
  double threshold_spread = 0.03;  // standard deviation over pixels, in the same unit; drawn again below 0.01
  double refractory_period = 0.5;  // ms after a report in which the pixel is held at reset
  double leak_rate = 0.1;          // Hz: on reports of a pixel at rest, by leakage of the stored level
  double noise_rate = 1.0;         // Hz: reports of a pixel without cause, half of them on
  double bandwidth = 0.0;          // Hz: -3 dB cutoff of the photoreceptor, one pole; 0: none
  std::uint64_t seed = 1;
  std::uint32_t take = 0;  // of several watched by one camera: the noise differs, the thresholds do not
};

/// What the camera reports of the scene from 0 to `duration`, ordered by time, then y, then x. A function of
/// the parameters and the scene alone. UsageError for a parameter out of range or a luminance that is not >
/// 0.
[[nodiscard]] std::vector<AddressEvent> watch(const CameraParameters& parameters, const Scene& scene);

/// The same events in the same order, handed over as they come: memory depends on the sensor alone.
void watch(const CameraParameters& parameters, const Scene& scene,
           const std::function<void(std::span<const AddressEvent>)>& report);

}  // namespace flurry
