// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/engine/catalogue.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/energy/energy_model.hpp"
#include "tools/analysis/parameter_bins.hpp"
#include "tools/analysis/temporal_profile.hpp"

namespace flurry {

/// How a population's spiking depends on one of its individual parameters.
struct ParameterReport {
  std::string name;
  std::string unit;
  std::vector<double> values;  // per neuron, inside unit
  std::vector<ParameterBin> bins;
  std::optional<double> rate_correlation;  // Spearman, parameter against rate
};

struct PopulationReport {
  std::string name;
  std::string model;  // "" where the file does not say
  NeuronTrains trains;
  SpikeStatistics statistics;
  std::vector<ParameterReport> parameters;  // those that differ between neurons
  std::string tau;                          // the parameter that tells fast from slow
  std::optional<TemporalProfile> profile;
};

/// What a run would cost under one profile, beside the same computed with time steps.
struct EnergyReport {
  EnergyProfile profile;
  EnergyEstimate event_driven;
  EnergyEstimate sparse_steps;
  EnergyEstimate dense_steps;
};

/// Everything `flurry report` and `flurry plot` know of a run.
struct RunReport {
  std::string path;
  SpikeFileStatus status;
  double duration = 0.0;  // ms
  std::string seed;
  std::string command;
  std::vector<PopulationReport> populations;
  std::optional<ActivityCounts> counts;
  double step = 0.0;  // ms, of the time-stepped equivalents
  std::vector<EnergyReport> energies;
  std::vector<std::string> notes;  // what could not be told, and why
};

/// Quantile bins of a parameter.
inline constexpr std::size_t parameter_bin_count = 8;
inline constexpr double default_step = 0.1;  // ms, of the time-stepped equivalents

/// Analyses a run. `profiles`: energy prices to put on it; `step`: ms.
[[nodiscard]] RunReport make_report(const std::string& path, const SpikeFile& file,
                                    const Catalogue& catalogue, const std::vector<EnergyProfile>& profiles,
                                    double step);

/// A round bin width (1, 2, 5, 10, ... ms) that gives about `points` points.
[[nodiscard]] double round_bin(double duration, double points);

}  // namespace flurry
