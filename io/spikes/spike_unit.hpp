// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// A unit of time as files spell it.
struct SpikeUnit {
  std::string_view name;   // "s", "ms", "us"
  double numerator = 1.0;  // ms = value * numerator / divisor: one rounding
  double divisor = 1.0;

  [[nodiscard]] double milliseconds(double value) const { return value * numerator / divisor; }
};
/// "s", "sec", "seconds", "ms", "milliseconds", "us", "microseconds", ...; nothing for other texts.
[[nodiscard]] std::optional<SpikeUnit> find_spike_unit(std::string_view text);

/// The unit a file names, else the one the user names, else the format's. UsageError where file and user
/// differ or the user's is unknown; FormatError where the file's is unknown.
[[nodiscard]] SpikeUnit choose_spike_unit(const std::optional<std::string>& of_file,
                                          const std::string& of_user, std::string_view of_format,
                                          const std::string& where);

/// FormatError naming `where` and the first time that is not finite.
void expect_finite_times(const PopulationSpikes& spikes, const std::string& where);

}  // namespace flurry
