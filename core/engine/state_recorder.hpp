// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/sample_times.hpp"

namespace flurry {

/// Which variables of which neurons are sampled, and when. A sample at the instant of a spike or an arrival
/// is the state after all that happens then: the potential of a neuron that spikes is the reset's.
struct SampleRequest {
  std::uint32_t population = 0;
  std::vector<std::uint32_t> neurons;    // within the population, ascending, none twice
  std::vector<std::uint32_t> variables;  // places in the model's `recordables`
  SampleTimes times;
};

/// Samples at consecutive times of one request.
struct SampleRows {
  std::uint64_t first = 0;         // number of times[0] among the times of the request
  std::span<const double> times;   // ms
  std::span<const double> values;  // variable by variable, time by time, neuron by neuron; units of the model
};

/// Takes samples of states while a simulation runs.
class StateRecorder {
 public:
  StateRecorder() = default;
  StateRecorder(const StateRecorder&) = delete;
  StateRecorder& operator=(const StateRecorder&) = delete;
  virtual ~StateRecorder() = default;

  /// Each call begins where the last one ended. The rows are valid during the call.
  virtual void record(const SampleRows& rows) = 0;
};

/// Keeps all samples of a request in memory.
class StateMemory final : public StateRecorder {
 public:
  void record(const SampleRows& rows) override {
    const std::size_t times = rows.times.size();
    times_.insert(times_.end(), rows.times.begin(), rows.times.end());
    const std::size_t planes = values_.size();
    const std::size_t plane = rows.values.size() / planes;
    for (std::size_t v = 0; times > 0 && v < planes; ++v) {
      const auto part = rows.values.subspan(v * plane, plane);
      values_[v].insert(values_[v].end(), part.begin(), part.end());
    }
  }
  explicit StateMemory(std::size_t variables = 1) : values_(variables) {}

  [[nodiscard]] const std::vector<double>& times() const { return times_; }
  /// Of one variable of the request, time by time, neuron by neuron.
  [[nodiscard]] const std::vector<double>& values(std::size_t variable = 0) const {
    return values_[variable];
  }

 private:
  std::vector<double> times_;
  std::vector<std::vector<double>> values_;
};

}  // namespace flurry
