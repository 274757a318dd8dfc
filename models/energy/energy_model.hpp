// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/energy/energy_profile.hpp"
#include "models/energy/workload.hpp"

namespace flurry {

/// An energy with its band, in pJ.
struct EnergyBand {
  double low = 0.0;
  double value = 0.0;
  double high = 0.0;
};

/// One term of an estimate.
struct EnergyLine {
  enum class Kind { priced, not_charged, unpriced };
  std::string term;
  Kind kind = Kind::priced;
  std::uint64_t count = 0;
  EnergyBand energy;   // pJ; 0 unless priced
  std::string source;  // the citation, or why it is not charged
};

/// What a workload costs under one profile. There is no total where a counted term has no price.
struct EnergyEstimate {
  std::string profile;
  std::string scope;
  std::vector<EnergyLine> lines;      // terms that happened, and static power where the profile has it
  std::vector<std::string> unpriced;  // terms that happened and have neither price nor reason
  EnergyBand sum;                     // pJ over the priced lines

  [[nodiscard]] bool has_total() const { return unpriced.empty(); }
  /// The total in pJ; UsageError naming the unpriced terms where there is none.
  [[nodiscard]] const EnergyBand& total() const;
  /// "no total: seneca has no price for neuron_update (120 counted)"; "" where there is one.
  [[nodiscard]] std::string refusal() const;
};

/// Puts prices on counts. An idle update costs as much as any other where a profile does not tell them apart.
[[nodiscard]] EnergyEstimate price(const Workload& workload, const EnergyProfile& profile);
[[nodiscard]] EnergyEstimate price(const ActivityCounts& counts, const EnergyProfile& profile);

/// "1.23 uJ": an energy in pJ with the unit that suits it.
[[nodiscard]] std::string energy_text(double picojoules);

}  // namespace flurry
