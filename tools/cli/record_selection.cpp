// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/record_selection.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace flurry {

std::vector<std::uint32_t> select_neurons(const RecordDescription& record, std::uint32_t size) {
  std::vector<std::uint32_t> neurons;
  if (record.ranges.empty()) {
    neurons.resize(size);
    std::iota(neurons.begin(), neurons.end(), 0U);
  }
  for (const auto& [first, last] : record.ranges) {
    if (last >= size)
      throw UsageError("record '" + record.name + "': neuron " + std::to_string(last) + " of population '" +
                       record.population + "'; allowed: 0 to " + std::to_string(size - 1));
    for (std::uint32_t n = first; n <= last; ++n) neurons.push_back(n);
  }
  std::sort(neurons.begin(), neurons.end());
  neurons.erase(std::unique(neurons.begin(), neurons.end()), neurons.end());
  if (!record.sample) return neurons;
  if (*record.sample > neurons.size())
    throw UsageError("record '" + record.name + "': a sample of " + std::to_string(*record.sample) +
                     " from " + std::to_string(neurons.size()) + " neurons; allowed: up to that");
  RandomSequence random(record.seed, Purpose::record, 0, 0);
  for (std::uint32_t i = 0; i < *record.sample; ++i)
    std::swap(neurons[i], neurons[i + random.below(static_cast<std::uint32_t>(neurons.size()) - i)]);
  neurons.resize(*record.sample);
  std::sort(neurons.begin(), neurons.end());
  return neurons;
}

}  // namespace flurry
