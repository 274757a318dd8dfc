// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"
#include "core/engine/field.hpp"
#include "core/network/distribution.hpp"
#include "core/network/network.hpp"
#include "models/dynamics/poisson_counts.hpp"
#include "models/dynamics/poisson_slots.hpp"

namespace flurry {

/// Poisson spikes in continuous time, independent for each element.
struct Poisson {
  static constexpr std::string_view name = "poisson";
  static constexpr std::string_view summary =
      "Poisson spikes in continuous time, constant or piecewise constant rate";
  static constexpr std::string_view equations =
      "intervals are exponential: P(no spike in h) = exp(-integral of rate over h)\n"
      "drawn by slots: how many, then where (piecewise rates: interval by interval; on a grid: how many)\n"
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
    TimeUnit unit;
  };
  using Counts = PoissonCounts;
  struct State {
    RandomSequence random;
    PoissonSlots slots;       // without a profile: how it is drawn,
    std::int64_t slot = 0;    // the slot it has come to
    std::uint32_t given = 0;  // and how many spikes of it are passed
    double next = 0.0;        // nothing comes before, ms (emit only)
    std::uint32_t kept = 0;   // spikes of the slot kept in `times`, where they are few
    std::array<double, 12> times{};
  };
  using Position = std::array<std::uint64_t, 4>;

  static std::string check(const Parameters&) { return ""; }
  static Shared shared(const Population& population, const TimeUnit& unit) {
    Shared result;
    result.unit = unit;
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
  /// On a grid: spikes per grid point, where they are many enough to be counted.
  static double mean_count(const Parameters& p, const Shared& shared) {
    if (!shared.unit.on_grid() || !shared.times.empty() || p.start.value > 0.0 ||
        p.stop.value < std::numeric_limits<double>::max())
      return 0.0;
    const double mean = p.rate.value * shared.unit.length();
    return mean >= Counts::smallest_mean && mean <= Counts::largest_mean ? mean : 0.0;
  }
  static State initial(const Parameters& p, const Shared&, const Population& population, std::uint64_t seed,
                       std::uint32_t element) {
    State state{RandomSequence(seed, Purpose::source, population.index, element),
                PoissonSlots::of_rate(p.rate.value)};
    if (state.slots.length > 0.0)
      state.slot = static_cast<std::int64_t>(std::min(p.start.value / state.slots.length, 0x1p57));
    state.next = std::max(p.start.value, state.slots.start(state.slot));
    return state;
  }

  static double next(const Parameters& p, const Shared& profile, State& state, double last) {
    if (!profile.times.empty()) return next_by_interval(p, profile, state, last);
    PoissonSlots::Times times;
    while (goes_on(p, state)) {
      const std::uint32_t count = state.slots.draw(state.random, state.slot, times);
      while (state.given < count) {
        const double time = times[state.given++];
        if (time >= p.start.value && time < p.stop.value) return time;
      }
      ++state.slot;
      state.given = 0;
    }
    return std::numeric_limits<double>::infinity();
  }

  static Position position(const State& state) {
    return {static_cast<std::uint64_t>(state.slot), state.given, std::bit_cast<std::uint64_t>(state.next),
            state.random.drawn()};
  }
  static void move_to(const Position& position, State& state) {
    state.slot = static_cast<std::int64_t>(position[0]);
    state.given = static_cast<std::uint32_t>(position[1]);
    state.next = std::bit_cast<double>(position[2]);
    state.random = state.random.after(position[3]);
    state.kept = 0;
  }

  static bool emits_together(const Shared& profile) { return profile.times.empty(); }
  /// All spikes before `end` of many elements at once. Returns a time before which no other one comes.
  template <class Element>
  static double emit(std::span<Element> elements, std::uint32_t first, std::uint32_t stream,
                     std::uint64_t seed, double end, std::vector<Spike>& spikes) {
    PoissonBatch batch(seed, stream, spikes);
    double earliest = std::numeric_limits<double>::infinity();
    for (std::uint32_t i = 0; i < elements.size(); ++i) {
      const Parameters& p = elements[i].parameters;
      State& state = elements[i].state;
      while (state.next < end) {
        const double slot_start = state.slots.start(state.slot);
        const double slot_end = state.slots.start(state.slot + 1);
        if (!goes_on(p, state)) {
          state.next = std::numeric_limits<double>::infinity();
        } else if (state.given == 0 && slot_end <= end && slot_start >= p.start.value &&
                   slot_end <= p.stop.value) {
          batch.add(state.slots, first + i, state.slot++);
          state.kept = 0;
          state.next = slot_end;
        } else {
          emit_part(p, state, first + i, end, batch, spikes);
        }
      }
      earliest = std::min(earliest, state.next);
    }
    batch.flush();
    return earliest;
  }

 private:
  static bool goes_on(const Parameters& p, const State& state) {
    return state.slots.length > 0.0 && state.slot < std::int64_t{1} << 57 &&
           state.slots.start(state.slot) < p.stop.value;
  }

  // The spikes before `end` of a slot that goes beyond it or is not wholly within start and stop.
  static void emit_part(const Parameters& p, State& state, std::uint32_t element, double end,
                        PoissonBatch& batch, std::vector<Spike>& spikes) {
    batch.flush();  // spikes of one element stay together
    PoissonSlots::Times drawn;
    const double* times = state.times.data();
    std::uint32_t count = state.kept;
    if (count == 0) {
      count = state.slots.draw(state.random, state.slot, drawn);
      times = drawn.data();
      if (count <= state.times.size()) {
        state.kept = count;
        std::copy_n(times, count, state.times.begin());
      }
    }
    for (; state.given < count; ++state.given) {
      const double time = times[state.given];
      state.next = time;
      if (time >= end) return;
      if (time >= p.start.value && time < p.stop.value) spikes.push_back({time, element});
    }
    state.given = 0;
    state.kept = 0;
    state.next = state.slots.start(++state.slot);
  }

  // With a profile: the integral of the rate between spikes is exponential.
  static double next_by_interval(const Parameters& p, const Shared& profile, State& state, double last) {
    double time = std::max(last, p.start.value);
    double left = standard_exponential(state.random);  // of the integral of the rate
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
  // Where what is left of the integral is used up at a rate that no longer changes.
  static double last_of(double time, double left, double rate, double stop) {
    if (!(rate > 0.0)) return std::numeric_limits<double>::infinity();
    time += left / rate;
    return time < stop ? time : std::numeric_limits<double>::infinity();
  }
};

}  // namespace flurry
