// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/document.hpp"
#include "core/base/embedded_text.hpp"

namespace flurry {

/// The profiles that travel inside the program (models/energy/profiles), as text.
[[nodiscard]] std::span<const EmbeddedText> energy_profiles();

/// A price with its band: what one event of a kind costs, in pJ (of static power: in mW).
struct EnergyPrice {
  double low = 0.0;
  double value = 0.0;
  double high = 0.0;
  bool default_band = false;  // low and high are value / 3 and value x 3 for want of better
  std::string citation;
  std::string conditions;
  std::string includes;
  std::string excludes;
};

/// Published prices of one chip under one scope.
struct EnergyProfile {
  std::string name;
  std::int64_t version = 1;
  std::string chip;
  double node_nm = 0.0;  // 0 where it means nothing (a brain)
  std::string scope;     // one of energy_scopes()
  std::string evidence;  // one of energy_evidences()
  std::string citation;
  std::string notes;
  std::map<std::string, EnergyPrice, std::less<>> terms;        // by name, from energy_terms()
  std::map<std::string, std::string, std::less<>> not_charged;  // term -> why it costs nothing here
  std::optional<EnergyPrice> static_power;                      // mW, times duration
};

/// What is counted and can be priced: "synaptic_event", "neuron_update", ...
[[nodiscard]] const std::vector<std::string>& energy_terms();
[[nodiscard]] const std::vector<std::string>& energy_scopes();
[[nodiscard]] const std::vector<std::string>& energy_evidences();

/// Interprets a parsed profile. UsageError with file:line for unknown keys and terms, a missing citation, a
/// price that is negative or outside its own band, a term both priced and not charged.
[[nodiscard]] EnergyProfile parse_energy_profile(const Document& document);

}  // namespace flurry
