// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>

#include "core/engine/field.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Spikes at equal intervals.
struct Regular {
  static constexpr std::string_view name = "regular";
  static constexpr std::string_view summary = "spikes at equal intervals";
  static constexpr std::string_view equations = "spike k at start + k interval, for all that lie before stop";

  struct Parameters {
    Time interval{100.0};
    Time start{0.0};
    Time stop{std::numeric_limits<double>::max()};
  };
  using P = Parameters;
  static constexpr std::tuple parameters{Field{"interval", &P::interval, "time between spikes", positive},
                                         Field{"start", &P::start, "time of the first spike", not_negative},
                                         Field{"stop", &P::stop, "no spike at or after this time"}};
  static inline const std::array<OptionInfo, 0> options{};

  struct Shared {};
  struct State {
    std::uint64_t sent = 0;
  };
  using Position = std::array<std::uint64_t, 1>;

  static std::string check(const Parameters&) { return ""; }
  static Shared shared(const Population&, const TimeUnit&) { return {}; }
  static State initial(const Parameters&, const Shared&, const Population&, std::uint64_t, std::uint32_t) {
    return {};
  }
  static double next(const Parameters& p, const Shared&, State& state, double) {
    // A product, not a running sum: the k-th spike carries one rounding, not k.
    const double time = p.start.value + static_cast<double>(state.sent++) * p.interval.value;
    return time < p.stop.value ? time : std::numeric_limits<double>::infinity();
  }
  static Position position(const State& state) { return {state.sent}; }
  static void move_to(const Position& position, State& state) { state.sent = position[0]; }
};

}  // namespace flurry
