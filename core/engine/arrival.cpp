// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/arrival.hpp"

#include <string>

#include "core/base/error.hpp"

namespace flurry {

WeightCodes::WeightCodes(const Network& network)
    : packed_(network.projections().size(), PackedArrival::most_codes),
      shared_(network.populations().size()) {
  for (const Projection& projection : network.projections()) {
    const auto* value = std::get_if<double>(&projection.weights);
    const auto* list = std::get_if<std::vector<double>>(&projection.weights);
    constants_.push_back(value != nullptr ? *value : 0.0);
    lists_.push_back(list != nullptr ? list->data() : nullptr);
    if (list != nullptr && network.unit().on_grid() && lists_.size() > PackedArrival::most_kinds - first_list)
      throw UsageError("on a grid the first " + std::to_string(PackedArrival::most_kinds - first_list) +
                       " projections may list weights in double precision; " + projection.name +
                       " is number " + std::to_string(lists_.size()));
    if (value != nullptr && projection.target < shared_.size()) shared_[projection.target].push_back(*value);
  }
  for (std::vector<double>& weights : shared_) {
    std::sort(weights.begin(), weights.end());
    weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
  }
  for (std::size_t i = 0; i < packed_.size(); ++i) {
    const Projection& projection = network.projections()[i];
    if (!std::holds_alternative<double>(projection.weights) || projection.target >= shared_.size()) continue;
    const auto& weights = shared_[projection.target];
    const auto place = std::lower_bound(weights.begin(), weights.end(), constants_[i]) - weights.begin();
    packed_[i] = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(place, PackedArrival::most_codes));
  }
  for (std::vector<double>& weights : shared_) weights.resize(PackedArrival::most_codes);
}

}  // namespace flurry
