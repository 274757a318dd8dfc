// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/demo_settings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace flurry {
namespace {

// As in examples/heterogeneous.toml.
constexpr double in_degree = 20.0;
constexpr double typical_tau_m = 20.0;   // ms
constexpr double typical_tau_syn = 5.0;  // ms
constexpr double typical_C_m = 250.0;    // pF
constexpr double wanted_mean = 8.0;      // mV above rest
constexpr std::uint32_t columns = 48;
constexpr std::uint32_t rows = 36;

}  // namespace

std::vector<std::string> demo_settings(const EventRecording& recording) {
  if (recording.events.empty()) return {};
  const auto [first, last] = std::minmax_element(recording.events.begin(), recording.events.end(),
                                                 [](const auto& a, const auto& b) { return a.t < b.t; });
  const double duration = std::max(1.0, static_cast<double>(last->t - first->t) / 1000.0);  // ms
  const double until = std::min(2000.0, duration + 20.0);
  const std::uint32_t width = std::min(columns, recording.sensor.width);
  const std::uint32_t height = std::min(rows, recording.sensor.height);
  const double pixels = static_cast<double>(width) * static_cast<double>(height);
  const double rate =
      in_degree * static_cast<double>(recording.events.size()) / pixels / duration;  // kHz a neuron
  // Mean depolarisation of a leaky membrane: rate * weight * tau_syn * tau_m / C_m. A recording not much
  // longer than synapses and membrane remember never reaches it: less of tau_m counts.
  const double gathered = typical_tau_m * duration / (duration + 2.0 * (typical_tau_syn + typical_tau_m));
  const double weight = wanted_mean * typical_C_m / (rate * typical_tau_syn * gathered);  // pA
  std::vector<std::string> settings{fmt::format("run.until={:.6g}", until),
                                    fmt::format("populations.pixels.grid='{}x{}'", width, height)};
  for (const char* target : {"E", "I"})
    settings.push_back(
        fmt::format("projections.pixels_{}.weight={{ lognormal = {{ mean = {:.4g}, sd = {:.4g} }} }}", target,
                    weight, 0.5 * weight));
  return settings;
}

}  // namespace flurry
