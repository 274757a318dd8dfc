// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "models/catalogue/source_entry.hpp"

namespace flurry::testing {
namespace {

/// The smallest source a file could drop in: two spikes per element, the second after the first.
struct Pair {
  static constexpr std::string_view name = "pair";
  static constexpr std::string_view summary = "two spikes";
  static constexpr std::string_view equations = "at first and at second";
  struct Parameters {
    Time first{1.0};
    Time second{2.0};
  };
  static constexpr std::tuple parameters{Field{"first", &Parameters::first, "first spike", not_negative},
                                         Field{"second", &Parameters::second, "second spike"}};
  static inline const std::array<OptionInfo, 0> options{};
  struct Shared {};
  struct State {
    int sent = 0;
  };
  static std::string check(const Parameters& p) { return p.second > p.first ? "" : "second is not last"; }
  static Shared shared(const Population&, const TimeUnit&) { return {}; }
  static State initial(const Parameters&, const Shared&, const Population&, std::uint64_t, std::uint32_t) {
    return {};
  }
  static double next(const Parameters& p, const Shared&, State& state, double) {
    ++state.sent;
    return state.sent == 1   ? p.first.value
           : state.sent == 2 ? p.second.value
                             : std::numeric_limits<double>::infinity();
  }
  using Position = std::array<std::uint64_t, 1>;
  static Position position(const State& state) { return {static_cast<std::uint64_t>(state.sent)}; }
  static void move_to(const Position& position, State& state) { state.sent = static_cast<int>(position[0]); }
};

PopulationDescription pairs(const std::vector<double>& first, const std::vector<double>& second) {
  PopulationDescription p;
  p.name = "p";
  p.model = "pair";
  p.size = static_cast<std::uint32_t>(first.size());
  p.parameters.emplace("first", Distribution::list(first));
  p.parameters.emplace("second", Distribution::list(second));
  return p;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a source's own check is asked for every element, and the one it refuses is named") {
  const SourceModel model = source_entry<Pair>();
  CHECK(model.info.is_source);
  CHECK(model.make({pairs({1.0, 3.0}, {2.0, 4.0})}, 1)->size() == 2);
  CHECK_THROWS_WITH_AS((void)model.make({pairs({1.0, 3.0, 5.0}, {2.0, 4.0, 5.0})}, 1),
                       doctest::Contains("population p, element 2: second is not last"), UsageError);
}

TEST_CASE("one by one or window by window, a source gives each spike once and then none for ever") {
  const SourceModel model = source_entry<Pair>();
  const PopulationDescription description = pairs({1.0, 0.0, 7.5}, {2.0, 7.0, 8.0});
  const auto alone = model.make({description}, 1);
  CHECK(alone->next(1) == 0.0);
  CHECK(alone->next(1) == 7.0);
  CHECK(alone->next(1) == infinity);
  CHECK(alone->next(1) == infinity);
  CHECK(alone->next(2) == 7.5);  // untouched by its neighbour
  const auto together = model.make({description}, 1);
  std::vector<Spike> spikes;
  Tally tally;
  CHECK(together->emit_block(0, 3, -infinity, spikes, tally) <= 0.0);
  CHECK(spikes.empty());
  CHECK(together->emit_block(0, 3, 2.0, spikes, tally) <= 2.0);
  CHECK(spikes == std::vector<Spike>{{1.0, 0}, {0.0, 1}});
  spikes.clear();
  CHECK(together->emit_block(0, 3, 7.0, spikes, tally) <= 7.0);  // what is due at the end comes later
  CHECK(spikes == std::vector<Spike>{{2.0, 0}});
  spikes.clear();
  CHECK(together->emit_block(1, 2, 100.0, spikes, tally) == infinity);
  CHECK(spikes == std::vector<Spike>{{7.0, 1}, {7.5, 2}, {8.0, 2}});
  CHECK(tally.spikes == 6);
}

TEST_CASE("a source goes on from its position as if it had never been away") {
  const SourceModel model = source_entry<Pair>();
  const PopulationDescription description = pairs({1.0, 0.0, 7.5}, {2.0, 7.0, 8.0});
  const auto first = model.make({description}, 1);
  std::vector<Spike> spikes;
  Tally tally;
  (void)first->emit_block(0, 3, 1.5, spikes, tally);
  PopulationState state;
  first->save(state);
  const auto second = model.make({description}, 1);
  second->restore(state);
  std::vector<Spike> here, there;
  CHECK(first->emit_block(0, 3, 100.0, here, tally) == second->emit_block(0, 3, 100.0, there, tally));
  CHECK(here == there);
  CHECK(here.size() == 4);
  state.values.pop_back();
  CHECK_THROWS_AS(second->restore(state), FormatError);
}

}  // namespace flurry::testing
