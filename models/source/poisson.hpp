// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"
#include "core/engine/field.hpp"
#include "core/network/distribution.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Poisson spikes in continuous time, independent for each element.
struct Poisson {
  static constexpr std::string_view name = "poisson";
  static constexpr std::string_view summary =
      "Poisson spikes in continuous time, constant or piecewise constant rate";
  static constexpr std::string_view equations =
      "intervals are exponential: P(no spike in h) = exp(-integral of rate over h)\n"
      "with a profile [[time, rate], ...] the rate is that of the last row passed, and `rate` before the "
      "first";

  struct Parameters {
    Rate rate{0.0};
    Time start{0.0};
    Time stop{std::numeric_limits<double>::max()};
  };
  using P = Parameters;
  static constexpr std::tuple parameters{Field{"rate", &P::rate, "mean rate", not_negative},
                                         Field{"start", &P::start, "no spike before this time", not_negative},
                                         Field{"stop", &P::stop, "no spike at or after this time"}};
  static inline const std::array options{OptionInfo{
      "profile", true, {Dimension::time, Dimension::rate}, "steps of the rate: [[time, rate], ...]"}};

  struct Shared {
    std::vector<double> times;  // ms, ascending
    std::vector<double> rates;  // kHz
  };
  struct State {
    RandomSequence random;
  };

  static std::string check(const Parameters&) { return ""; }
  static Shared shared(const Population& population) {
    Shared result;
    const auto found = population.description.tables.find("profile");
    if (found == population.description.tables.end()) return result;
    for (const std::vector<double>& step : found->second) {
      const bool in_order = step.size() == 2 && (result.times.empty() || step[0] > result.times.back());
      if (!in_order || !(step[1] >= 0.0) || !std::isfinite(step[1]))
        throw UsageError("population " + population.name() + " (" + population.description.where +
                         "): profile needs rows of [time, rate] with rising times and rates >= 0");
      result.times.push_back(step[0]);
      result.rates.push_back(step[1]);
    }
    return result;
  }
  static State initial(const Parameters&, const Shared&, const Population& population, std::uint64_t seed,
                       std::uint32_t element) {
    return {RandomSequence(seed, Purpose::source, population.index, element)};
  }

  static double next(const Parameters& p, const Shared& profile, State& state, double last) {
    double time = std::max(last, p.start.value);
    double left = standard_exponential(state.random);  // of the integral of the rate
    if (profile.times.empty()) return last_of(time, left, p.rate.value, p.stop.value);
    const auto after = std::upper_bound(profile.times.begin(), profile.times.end(), time);
    auto step = static_cast<std::size_t>(after - profile.times.begin());  // rows passed
    for (; step < profile.times.size(); ++step) {
      const double rate = step == 0 ? p.rate.value : profile.rates[step - 1];
      const double gained = rate * (profile.times[step] - time);
      if (gained >= left) break;
      left -= gained;
      time = profile.times[step];
    }
    return last_of(time, left, step == 0 ? p.rate.value : profile.rates[step - 1], p.stop.value);
  }

 private:
  // Where what is left of the integral is used up at a rate that no longer changes.
  static double last_of(double time, double left, double rate, double stop) {
    if (!(rate > 0.0)) return std::numeric_limits<double>::infinity();
    time += left / rate;
    return time < stop ? time : std::numeric_limits<double>::infinity();
  }
};

}  // namespace flurry
