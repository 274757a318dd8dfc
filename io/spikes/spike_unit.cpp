// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_unit.hpp"

#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

struct Spelling {
  std::string_view text;
  SpikeUnit unit;
};

constexpr SpikeUnit second{"s", 1000.0, 1.0};
constexpr SpikeUnit millisecond{"ms", 1.0, 1.0};
constexpr SpikeUnit microsecond{"us", 1.0, 1000.0};

constexpr std::array spellings{
    Spelling{"s", second},
    Spelling{"sec", second},
    Spelling{"second", second},
    Spelling{"seconds", second},
    Spelling{"ms", millisecond},
    Spelling{"msec", millisecond},
    Spelling{"millisecond", millisecond},
    Spelling{"milliseconds", millisecond},
    Spelling{"us", microsecond},
    Spelling{"usec", microsecond},
    Spelling{"microsecond", microsecond},
    Spelling{"microseconds", microsecond},
};

}  // namespace

std::optional<SpikeUnit> find_spike_unit(std::string_view text) {
  for (const Spelling& spelling : spellings)
    if (spelling.text == text) return spelling.unit;
  return std::nullopt;
}

SpikeUnit choose_spike_unit(const std::optional<std::string>& of_file, const std::string& of_user,
                            std::string_view of_format, const std::string& where) {
  const std::optional<SpikeUnit> asked = find_spike_unit(of_user.empty() ? of_format : of_user);
  if (!asked) throw UsageError("the unit '" + of_user + "' is none of time; allowed are s, ms and us");
  if (!of_file) return *asked;
  const std::optional<SpikeUnit> written = find_spike_unit(*of_file);
  if (!written)
    throw FormatError("'" + where + "' has units '" + *of_file +
                      "'; expected seconds, milliseconds or microseconds");
  if (!of_user.empty() && written->name != asked->name)
    throw UsageError("'" + where + "' has units '" + *of_file + "', not the '" + of_user + "' asked for");
  return *written;
}

void expect_finite_times(const PopulationSpikes& spikes, const std::string& where) {
  for (std::size_t i = 0; i < spikes.times.size(); ++i)
    if (!std::isfinite(spikes.times[i]))
      throw FormatError("'" + where + "' value " + std::to_string(i) + " is " + shortest(spikes.times[i]) +
                        "; expected a finite time");
}

}  // namespace flurry
