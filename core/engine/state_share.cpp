// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/state_share.hpp"

#include <algorithm>
#include <string>

#include "core/base/error.hpp"

namespace flurry {
namespace {

void expect(bool fits, const char* what) {
  if (!fits)
    throw FormatError("the states of the ranks do not go together: " + std::string(what) + " differ");
}

}  // namespace

StateShare::StateShare(const NetworkDescription& description, const Partition& before,
                       const Partition& partition, std::uint32_t rank)
    : description_(description), before_(before), partition_(partition), rank_(rank) {}

void StateShare::add(std::uint32_t from, const EngineState& part) {
  const std::size_t populations = description_.populations.size();
  expect(part.populations.size() == populations, "populations");
  if (added_++ == 0) {
    state_ = {part.reached_ms, part.now, part.done_before, part.point, part.windows, {}, {}, {},
              part.samples};
    state_.populations.resize(populations);
    state_.sent.assign(part.sent.size(), 0);
  }
  expect(part.reached_ms == state_.reached_ms && part.now == state_.now &&
             part.done_before == state_.done_before && part.point == state_.point,
         "times");
  expect(part.sent.size() == state_.sent.size(), "projections");
  expect(part.samples == state_.samples, "samples taken");
  for (std::uint32_t p = 0; p < populations; ++p) add_population(p, from, part.populations[p]);
  add_spikes(part);
  if (rank_ != 0) return;  // what all did together, the first rank knows
  for (std::size_t i = 0; i < state_.sent.size(); ++i) state_.sent[i] += part.sent[i];
  for (std::size_t p = 0; p < populations; ++p) state_.populations[p].counts += part.populations[p].counts;
}

void StateShare::add_population(std::uint32_t population, std::uint32_t from, const PopulationState& part) {
  const Members theirs = before_.members(population, from);
  const Members mine = partition_.members(population, rank_);
  PopulationState& state = state_.populations[population];
  expect(part.values.size() == std::size_t{part.words} * theirs.count() || part.values.empty(), "elements");
  if (state.words == 0) state.resize(part.words, mine.count());
  if (part.values.empty()) return;
  expect(part.words == state.words, "models");
  for (std::uint32_t here = 0; here < mine.count(); ++here) {
    const std::uint32_t there = theirs.here(mine.whole(here));
    if (there == Members::elsewhere) continue;
    for (std::size_t w = 0; w < part.words; ++w)
      state.values[w * mine.count() + here] = part.values[w * theirs.count() + there];
  }
}

void StateShare::add_spikes(const EngineState& part) {
  for (const Spike& spike : part.in_flight) {
    std::uint64_t element = spike.neuron;
    std::uint32_t p = 0;
    while (p < description_.populations.size() && element >= description_.populations[p].size)
      element -= description_.populations[p++].size;
    expect(p < description_.populations.size(), "spikes");
    if (partition_.owner(p, static_cast<std::uint32_t>(element)) == rank_) state_.in_flight.push_back(spike);
  }
}

EngineState StateShare::take() {
  expect(added_ == before_.ranks(), "numbers of ranks");
  std::sort(state_.in_flight.begin(), state_.in_flight.end());
  return std::move(state_);
}

}  // namespace flurry
