// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/row_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/huge_pages.hpp"
#include "core/base/units.hpp"
#include "core/network/synapse_tile.hpp"

namespace flurry {
namespace {

bool all_equal(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

bool exact_in_single(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](double v) { return static_cast<double>(static_cast<float>(v)) == v; });
}

constexpr std::uint64_t many_synapses = std::uint64_t{1} << 20U;  // from here on memory, not work, is slow
constexpr std::size_t rows_in_cache = 16'384;                     // so many can be written side by side

// Where the values of all synapses that are here will stand; `whole`: how many there are anywhere.
SynapseValues storage_for(const Distribution& distribution, std::uint64_t synapses, std::uint64_t whole) {
  if (distribution.is_constant()) return distribution.constant_value();
  if (distribution.is_list()) {
    const auto& values = distribution.list_values();
    if (values.size() != whole)
      throw UsageError("has " + std::to_string(values.size()) + " values for " + std::to_string(whole) +
                       " connections");
    if (!values.empty() && all_equal(values)) return values.front();
    if (!exact_in_single(values)) {
      std::vector<double> doubles;
      resize_on_huge_pages(doubles, synapses);
      return doubles;
    }
  }
  std::vector<float> singles;
  resize_on_huge_pages(singles, synapses);
  return singles;
}

void store(SynapseValues& values, std::uint64_t place, double value) {
  if (auto* singles = std::get_if<std::vector<float>>(&values)) (*singles)[place] = static_cast<float>(value);
  if (auto* doubles = std::get_if<std::vector<double>>(&values)) (*doubles)[place] = value;
}

/// Builds the rows of one projection: all synapses, or those onto targets that are here.
class RowBuilder {
 public:
  RowBuilder(const RowRequest& request, Projection& projection)
      : description_(request.description),
        connections_(request.connections),
        projection_(projection),
        seed_(request.seed),
        stream_(request.stream),
        unit_(request.unit),
        targets_(request.targets),
        listed_(description_.weight.is_list() || description_.delay.is_list()),
        own_pieces_(targets_ != nullptr && connections_.order() == Connections::Order::by_target &&
                    !listed_) {}

  void build(std::uint32_t source_size, Executor& executor) {
    // Whoever draws by source needs no more than one cursor per source; else one per source and range of
    // elements.
    const bool by_source = connections_.order() == Connections::Order::by_source;
    ranges_ =
        std::min<std::uint64_t>(std::max<std::uint64_t>(pieces(), 1),
                                executor.lanes() > 1 && !(targets_ && listed_) ? 2 * executor.lanes() : 1);
    cursors_.assign(by_source ? 1 : ranges_, std::vector<std::uint64_t>(source_size, 0));
    executor.for_each(ranges_, [&](std::size_t range, std::size_t) { count(range); });
    place_rows(source_size);
    const std::uint64_t synapses = projection_.rows.back();
    if (targets_ && listed_) find_listed(source_size);
    const std::uint64_t whole = targets_ && listed_ ? listed_synapses_ : synapses;
    resize_on_huge_pages(projection_.targets, synapses);
    projection_.weights = storage_for(description_.weight, synapses, whole);
    projection_.delays = storage_for(description_.delay, synapses, whole);
    executor.for_each(ranges_, [&](std::size_t range, std::size_t) { place(range); });
    if (connections_.order() == Connections::Order::by_draw)
      executor.for_each(ranges_, [&](std::size_t range, std::size_t) { sort_rows(range, source_size); });
    cursors_.clear();
    find_delays();
  }

 private:
  // Targets that draw their sources need not be asked where they are elsewhere.
  [[nodiscard]] std::uint64_t pieces() const {
    return own_pieces_ ? targets_->count() : connections_.elements();
  }
  [[nodiscard]] std::uint64_t piece(std::uint64_t number) const {
    return own_pieces_ ? targets_->whole(static_cast<std::uint32_t>(number)) : number;
  }
  [[nodiscard]] std::uint32_t here(std::uint32_t target) const {
    return targets_ ? targets_->here(target) : target;
  }
  [[nodiscard]] std::uint64_t begin_of(std::uint64_t range, std::uint64_t total) const {
    return total * range / ranges_;
  }
  std::vector<std::uint64_t>& cursors_of(std::size_t range) {
    return cursors_.size() == 1 ? cursors_.front() : cursors_[range];
  }

  void count(std::size_t range) {
    std::vector<Connections::Pair> pairs;
    std::vector<std::uint64_t>& counts = cursors_of(range);
    const std::uint64_t end = begin_of(range + 1, pieces());
    for (std::uint64_t e = begin_of(range, pieces()); e < end; ++e) {
      connections_.piece(piece(e), pairs);
      for (const auto& pair : pairs) counts[pair.first] += here(pair.second) != Members::elsewhere ? 1 : 0;
    }
  }

  // Values that are listed go by the place of a synapse among all, also those elsewhere.
  void find_listed(std::uint32_t source_size) {
    std::vector<Connections::Pair> pairs;
    listed_at_.assign(source_size, 0);
    for (std::uint64_t e = 0; e < connections_.elements(); ++e) {
      connections_.piece(e, pairs);
      for (const auto& pair : pairs) ++listed_at_[pair.first];
    }
    for (std::uint64_t& at : listed_at_) listed_synapses_ += std::exchange(at, listed_synapses_);
  }

  // Turns counts into row starts, and each range's counts into where it begins in each row.
  void place_rows(std::uint32_t source_size) {
    projection_.rows.assign(std::size_t{source_size} + 1, 0);
    std::uint64_t next = 0;
    for (std::uint32_t source = 0; source < source_size; ++source) {
      projection_.rows[source] = next;
      for (auto& cursor : cursors_) {
        const std::uint64_t counted = cursor[source];
        cursor[source] = next;
        next += counted;
      }
    }
    projection_.rows[source_size] = next;
  }

  void place(std::size_t range) {
    if (listed_) {
      place_listed(range);
      return;
    }
    auto* weights = std::get_if<std::vector<float>>(&projection_.weights);
    auto* delays = std::get_if<std::vector<float>>(&projection_.delays);
    std::vector<std::uint64_t>& cursors = cursors_of(range);
    const auto put = [&](const SynapseTile::Synapse& synapse) {
      const std::uint64_t at = cursors[synapse.source]++;
      projection_.targets[at] = synapse.target;
      if (weights != nullptr) (*weights)[at] = synapse.weight;
      if (delays != nullptr) (*delays)[at] = synapse.delay;
    };
    const bool scattered = connections_.order() == Connections::Order::by_target &&
                           cursors.size() > rows_in_cache && projection_.rows.back() > many_synapses;
    if (!scattered) {
      const auto fetch = [&](std::uint32_t source) {
        const std::uint64_t at = cursors[source];
        __builtin_prefetch(projection_.targets.data() + at, 1);
        if (weights != nullptr) __builtin_prefetch(weights->data() + at, 1);
        if (delays != nullptr) __builtin_prefetch(delays->data() + at, 1);
      };
      draw(range, weights != nullptr, delays != nullptr, put, fetch);
      return;
    }
    // The same synapses in the same places, written in an order that memory likes.
    SynapseTile tile(static_cast<std::uint32_t>(cursors.size()));
    const auto gather = [&](const SynapseTile::Synapse& synapse) {
      tile.add(synapse);
      if (tile.full()) tile.flush(put);
    };
    draw(range, weights != nullptr, delays != nullptr, gather, [](std::uint32_t) {});
    tile.flush(put);
  }

  // visit(synapse) for all of a range of elements, weights and delays drawn where they are individual; some
  // time before, fetch(source).
  template <class Visit, class Fetch>
  void draw(std::size_t range, bool weighted, bool delayed, const Visit& visit, const Fetch& fetch) const {
    constexpr std::size_t ahead = 16;
    std::vector<Connections::Pair> pairs;
    std::vector<float> weights;
    std::vector<float> delays;
    const std::uint64_t end = begin_of(range + 1, pieces());
    for (std::uint64_t e = begin_of(range, pieces()); e < end; ++e) {
      connections_.piece(piece(e), pairs);
      weights.resize(pairs.size());
      delays.resize(pairs.size());
      RandomBuffer weight(seed_, Purpose::weight, stream_, piece(e));
      RandomBuffer delay(seed_, Purpose::delay, stream_, piece(e));
      if (weighted) description_.weight.fill(weight, weights.data(), weights.size());
      if (delayed) description_.delay.fill(delay, delays.data(), delays.size());
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i + ahead < pairs.size()) fetch(pairs[i + ahead].first);
        const std::uint32_t target = here(pairs[i].second);
        if (target != Members::elsewhere) visit({pairs[i].first, target, weights[i], delays[i]});
      }
    }
  }

  void place_listed(std::size_t range) {
    std::vector<Connections::Pair> pairs;
    std::vector<std::uint64_t>& cursors = cursors_of(range);
    const std::uint64_t end = begin_of(range + 1, connections_.elements());
    for (std::uint64_t e = begin_of(range, connections_.elements()); e < end; ++e) {
      connections_.piece(e, pairs);
      RandomSequence weight(seed_, Purpose::weight, stream_, e);
      RandomSequence delay(seed_, Purpose::delay, stream_, e);
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::uint32_t target = here(pairs[i].second);
        const bool is_here = target != Members::elsewhere;
        const std::uint64_t at = cursors[pairs[i].first];
        // Listed values go with the order in which connections are given: by place for rules, by number for
        // lists.
        const std::uint64_t place = targets_ ? listed_at_[pairs[i].first]++ : at;
        const std::uint64_t listed_at = connections_.order() == Connections::Order::by_draw
                                            ? e * Connections::draws_per_piece + i
                                            : place;
        const double weight_here = description_.weight.draw(weight, listed_at);
        const double delay_here = description_.delay.draw(delay, listed_at);
        if (!is_here) continue;
        ++cursors[pairs[i].first];
        projection_.targets[at] = target;
        store(projection_.weights, at, weight_here);
        store(projection_.delays, at, delay_here);
      }
    }
  }

  void sort_rows(std::size_t range, std::uint32_t source_size) {
    std::vector<std::uint64_t> order;  // target, then place within the row
    const std::uint64_t end = begin_of(range + 1, source_size);
    for (std::uint64_t source = begin_of(range, source_size); source < end; ++source) {
      const std::uint64_t first = projection_.rows[source];
      const std::uint64_t last = projection_.rows[source + 1];
      order.resize(last - first);
      for (std::uint64_t i = 0; i < order.size(); ++i)
        order[i] = std::uint64_t{projection_.targets[first + i]} << 32U | i;
      std::sort(order.begin(), order.end());
      for (std::uint64_t i = 0; i < order.size(); ++i) {
        projection_.targets[first + i] = static_cast<std::uint32_t>(order[i] >> 32U);
        order[i] = first + (order[i] & 0xFFFF'FFFFU);
      }
      std::visit([&](auto& values) { permute(values, order, first); }, projection_.weights);
      std::visit([&](auto& values) { permute(values, order, first); }, projection_.delays);
    }
  }

  static void permute(double&, const std::vector<std::uint64_t>&, std::uint64_t) {}
  template <class T>
  static void permute(std::vector<T>& values, const std::vector<std::uint64_t>& order, std::uint64_t first) {
    std::vector<T> sorted;
    sorted.reserve(order.size());
    for (const std::uint64_t from : order) sorted.push_back(values[from]);
    std::copy(sorted.begin(), sorted.end(), values.begin() + static_cast<std::ptrdiff_t>(first));
  }

  void find_delays() {
    if (projection_.synapses() == 0) return;
    const auto [lowest, highest] = range_of(projection_.delays);
    for (const double delay : {lowest, highest})
      if (!(delay > 0.0) || !std::isfinite(delay))
        throw UsageError("has a delay of " + shortest(delay) + " ms; allowed: > 0 ms");
    const auto [weakest, strongest] = range_of(projection_.weights);
    for (const double weight : {weakest, strongest})
      if (!std::isfinite(weight))
        throw UsageError("has a weight of " + shortest(weight) + "; allowed: finite");
    projection_.largest_weight = std::max(std::abs(weakest), std::abs(strongest));
    projection_.smallest_delay = unit_.nearest(lowest);
    projection_.largest_delay = unit_.nearest(highest);
    if (!unit_.on_grid()) return;
    if (projection_.smallest_delay < 1.0)
      throw UsageError("has a delay of " + shortest(lowest) + " ms, which is 0 steps of the resolution " +
                       shortest(unit_.length()) + " ms; allowed: from half a step on");
    if (auto* value = std::get_if<double>(&projection_.delays)) *value = unit_.nearest(*value);
    if (auto* singles = std::get_if<std::vector<float>>(&projection_.delays)) to_steps(*singles);
    if (auto* doubles = std::get_if<std::vector<double>>(&projection_.delays)) to_steps(*doubles);
  }
  template <class T>
  void to_steps(std::vector<T>& delays) const {
    for (T& delay : delays) delay = static_cast<T>(unit_.nearest(static_cast<double>(delay)));
  }
  // Smallest and largest value; NaN where any is.
  static std::pair<double, double> range_of(const SynapseValues& values) {
    if (const auto* value = std::get_if<double>(&values)) return {*value, *value};
    if (const auto* singles = std::get_if<std::vector<float>>(&values)) return range_of(*singles);
    return range_of(std::get<std::vector<double>>(values));
  }
  template <class T>
  static std::pair<double, double> range_of(const std::vector<T>& values) {
    T lowest = values.front();
    T highest = values.front();
    bool numbers = true;
    for (const T value : values) {
      lowest = value < lowest ? value : lowest;
      highest = value > highest ? value : highest;
      numbers &= value == value;
    }
    if (!numbers) return {std::nan(""), std::nan("")};
    return {static_cast<double>(lowest), static_cast<double>(highest)};
  }

  const ProjectionDescription& description_;
  const Connections& connections_;
  Projection& projection_;
  std::uint64_t seed_;
  std::uint32_t stream_;
  TimeUnit unit_;
  const Members* targets_;
  bool listed_;      // values of weight or delay
  bool own_pieces_;  // only pieces of targets that are here are drawn
  std::uint64_t ranges_ = 1;
  std::vector<std::vector<std::uint64_t>> cursors_;
  std::vector<std::uint64_t> listed_at_;  // by source, among all synapses
  std::uint64_t listed_synapses_ = 0;
};

}  // namespace

void build_rows(const RowRequest& request, std::uint32_t source_size, Executor& executor,
                Projection& projection) {
  RowBuilder(request, projection).build(source_size, executor);
}

double bytes_per_value(const Distribution& values) {
  if (values.is_random()) return sizeof(float);
  if (!values.is_list() || values.list_values().empty() || all_equal(values.list_values())) return 0.0;
  return exact_in_single(values.list_values()) ? sizeof(float) : sizeof(double);
}

}  // namespace flurry
