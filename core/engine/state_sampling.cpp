// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/state_sampling.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr std::size_t values_at_rest = 1U << 18U;  // at once, where silent time is long
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

}  // namespace

void validate(const SampleRequest& request, const Network& network, const Processors& processors) {
  if (request.population >= network.populations().size())
    throw UsageError("there is no population number " + std::to_string(request.population) + " to record");
  const Population& population = network.populations()[request.population];
  if (!processors.neurons[request.population])
    throw UsageError("population '" + population.name() +
                     "' cannot be recorded: sources have no variables, expected neurons");
  const auto& neurons = request.neurons;
  if ((neurons.empty() && !population.members) || request.variables.empty())
    throw UsageError("nothing is to be recorded of population '" + population.name() +
                     "'; expected at least one neuron and one variable");
  for (std::size_t i = 0; i < neurons.size(); ++i)
    if (neurons[i] >= population.whole_size() || (i > 0 && neurons[i] <= neurons[i - 1]))
      throw UsageError("neuron " + std::to_string(neurons[i]) + " of population '" + population.name() +
                       "' cannot be recorded; allowed: 0 to " + std::to_string(population.whole_size() - 1) +
                       ", ascending");
  for (const std::uint32_t neuron : neurons)
    if (population.here(neuron) == Members::elsewhere)
      throw InternalError("a neuron of another rank was to be recorded");
  for (const std::uint32_t variable : request.variables)
    if (variable >= processors.neurons[request.population]->variables())
      throw UsageError("population '" + population.name() + "' has no variable number " +
                       std::to_string(variable));
}

StateSampling::StateSampling(const Network& network, const Processors& processors,
                             const std::vector<Block>& blocks, const std::vector<std::uint32_t>& first_block,
                             std::uint32_t block_shift)
    : network_(network),
      processors_(processors),
      blocks_(blocks),
      first_block_(first_block),
      block_shift_(block_shift),
      due_(blocks.size()) {}

void StateSampling::add(SampleRequest request, StateRecorder& recorder, double now) {
  validate(request, network_, processors_);
  Entry entry;
  auto& neurons = request.neurons;
  for (std::uint32_t& neuron : neurons) neuron = network_.populations()[request.population].here(neuron);
  for (std::uint32_t i = 0; i < neurons.size(); ++i) {
    const std::uint32_t block = first_block_[request.population] + (neurons[i] >> block_shift_);
    if (entry.parts.empty() || entry.parts.back().block != block) {
      entry.parts.push_back({block, i, i});
      sampled_.push_back(block);
    }
    entry.parts.back().end = i + 1;
  }
  std::sort(sampled_.begin(), sampled_.end());
  sampled_.erase(std::unique(sampled_.begin(), sampled_.end()), sampled_.end());
  while (network_.unit().instant(request.times[entry.next]) < now) ++entry.next;
  entry.request = std::move(request);
  entry.recorder = &recorder;
  entries_.push_back(std::move(entry));
}

bool StateSampling::find_due(Entry& entry, double end, std::size_t most) const {
  entry.times.clear();
  entry.instants.clear();
  while (entry.times.size() < most) {
    const double time = entry.request.times[entry.next + entry.times.size()];
    const double instant = network_.unit().instant(time);
    if (!(instant < end)) break;
    entry.times.push_back(time);
    entry.instants.push_back(instant);
  }
  return !entry.times.empty();
}

bool StateSampling::make_due(double end, std::size_t most_values) {
  any_due_ = false;
  for (const std::uint32_t block : sampled_) due_[block].clear();
  for (Entry& entry : entries_) {
    const std::size_t row = entry.request.neurons.size();
    const std::size_t variables = entry.request.variables.size();
    const std::size_t values = std::max<std::size_t>(1, row * variables);
    if (!find_due(entry, end, std::max<std::size_t>(1, most_values / values))) continue;
    any_due_ = true;
    const std::size_t plane = row * entry.times.size();
    entry.values.resize(plane * variables);
    const std::span<const std::uint32_t> neurons(entry.request.neurons);
    for (const Part& part : entry.parts)
      due_[part.block].push_back({neurons.subspan(part.begin, part.end - part.begin), entry.request.variables,
                                  entry.instants, entry.values.data() + part.begin, row, plane,
                                  1.0 / network_.unit().length()});
  }
  return any_due_;
}

void StateSampling::rest_until(double time, double point, Executor& executor) {
  while (make_due(time, values_at_rest)) close({}, point, executor);
}

void StateSampling::open(double end) { make_due(end, no_limit); }

void StateSampling::close(std::span<const std::uint32_t> visited, double point, Executor& executor) {
  if (!any_due_) return;
  resting_.clear();
  std::set_difference(sampled_.begin(), sampled_.end(), visited.begin(), visited.end(),
                      std::back_inserter(resting_));
  executor.for_each(resting_.size(), [&](std::size_t i, std::size_t) { sample_resting(resting_[i], point); });
  any_due_ = false;
  hand_out();
}

void StateSampling::sample_resting(std::uint32_t block, double point) const {
  if (due_[block].empty()) return;
  if (blocks_[block].stepped) {
    blocks_[block].stepped->sample(due_[block], point);
  } else {
    processors_.neurons[blocks_[block].population]->sample_block(due_[block]);
  }
}

void StateSampling::hand_out() {
  for (Entry& entry : entries_) {
    if (entry.times.empty()) continue;
    entry.recorder->record({entry.next, entry.times, entry.values});
    entry.next += entry.times.size();
    entry.times.clear();
  }
}

std::vector<std::uint64_t> StateSampling::taken() const {
  std::vector<std::uint64_t> result;
  for (const Entry& entry : entries_) result.push_back(entry.next);
  return result;
}

void StateSampling::go_on_after(std::span<const std::uint64_t> taken) {
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i].next = taken[i];
}

std::uint64_t StateSampling::memory_bytes() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_)
    sum += (entry.values.capacity() + entry.times.capacity() + entry.instants.capacity()) * sizeof(double);
  return sum;
}

}  // namespace flurry
