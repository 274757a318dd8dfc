// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/analysis/run_report.hpp"
#include "tools/plot/gnuplot.hpp"

namespace flurry {

// Each picture is missing where the run has nothing to show in it.

/// Spikes of sampled neurons, each population sorted by its time constant, fast cells below.
[[nodiscard]] std::optional<Picture> raster_picture(const RunReport& report);

/// Mean rate of each population over time.
[[nodiscard]] std::optional<Picture> rate_picture(const RunReport& report);

/// Of the first population with individual time constants: rate in quantile bins of each, and the fastest and
/// slowest quarter over time.
[[nodiscard]] std::optional<Picture> time_constant_picture(const RunReport& report);

/// Energy under each profile with a total, event-driven beside time-stepped, logarithmic, with bands.
[[nodiscard]] std::optional<Picture> energy_picture(const RunReport& report);

/// All there are.
[[nodiscard]] std::vector<Picture> all_pictures(const RunReport& report);

/// Colour of population i: blue, red, then others that stay apart for colour-blind eyes.
[[nodiscard]] std::string population_colour(std::size_t index);

}  // namespace flurry
