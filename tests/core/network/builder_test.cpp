// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/network/connections.hpp"
#include "core/network/graph_adaptor.hpp"
#include "core/network/network_builder.hpp"
#include "core/network/positions.hpp"
#include "core/parallel/thread_executor.hpp"

namespace flurry::testing {
namespace {

NetworkDescription two_populations(std::uint32_t a, std::uint32_t b, ConnectionRule rule,
                                   bool recurrent = false) {
  NetworkDescription network;
  network.seed = 5;
  for (const auto& [name, size] : {std::pair{"a", a}, std::pair{"b", b}}) {
    PopulationDescription p;
    p.name = name;
    p.model = "lif";
    p.size = size;
    p.layout = Layout{};
    network.populations.push_back(p);
  }
  ProjectionDescription p;
  p.name = "ab";
  p.source = "a";
  p.target = recurrent ? "a" : "b";
  p.rule = std::move(rule);
  p.weight = Distribution::normal(1.0, 0.3);
  p.delay = Distribution::uniform(1.0, 2.0);
  network.projections.push_back(p);
  return network;
}

Projection built(const NetworkDescription& network, std::size_t threads = 1) {
  ThreadExecutor executor(threads);
  return build(network, executor).projections()[0];
}

ConnectionList connection_list(const std::vector<std::uint32_t>& sources,
                               const std::vector<std::uint32_t>& targets) {
  return {std::make_shared<const std::vector<std::uint32_t>>(sources),
          std::make_shared<const std::vector<std::uint32_t>>(targets)};
}

std::map<std::pair<std::uint32_t, std::uint32_t>, int> pairs_of(const Projection& p) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> pairs;
  for (std::uint32_t s = 0; s + 1 < p.rows.size(); ++s)
    for (std::uint64_t j = p.rows[s]; j < p.rows[s + 1]; ++j) ++pairs[{s, p.targets[j]}];
  return pairs;
}

std::vector<std::uint32_t> in_degrees(const Projection& p, std::uint32_t targets) {
  std::vector<std::uint32_t> degrees(targets, 0);
  for (const std::uint32_t t : p.targets) ++degrees[t];
  return degrees;
}

void refused(const NetworkDescription& network, const char* words) {
  Executor executor;
  CHECK_THROWS_WITH_AS((void)build(network, executor), doctest::Contains(words), UsageError);
}

}  // namespace

TEST_CASE("every rule gives the same network for any number of threads, rows ascending") {
  const ConnectionRule rules[] = {AllToAll{},
                                  FixedInDegree{20},
                                  FixedInDegree{30, false, false},
                                  FixedOutDegree{15},
                                  FixedOutDegree{3, false, false},
                                  FixedTotalNumber{20'000},
                                  PairwiseBernoulli{0.1},
                                  DistanceDependent{DistanceDependent::Kernel::gaussian, 0.8, 0.1}};
  for (const ConnectionRule& rule : rules)
    for (const bool recurrent : {false, true}) {
      CAPTURE(describe(rule));
      const NetworkDescription network = two_populations(113, 97, rule, recurrent);
      const Projection one = built(network, 1);
      CHECK(one.synapses() > 100);
      for (std::size_t s = 0; s + 1 < one.rows.size(); ++s)
        REQUIRE(std::is_sorted(one.targets.begin() + static_cast<std::ptrdiff_t>(one.rows[s]),
                               one.targets.begin() + static_cast<std::ptrdiff_t>(one.rows[s + 1])));
      for (const std::size_t threads : {2, 5}) {
        const Projection many = built(network, threads);
        CHECK(many.rows == one.rows);
        CHECK(many.targets == one.targets);
        CHECK(many.weights == one.weights);
        CHECK(many.delays == one.delays);
      }
      CHECK(one.bytes_per_synapse() == 12);
      CHECK(one.smallest_delay >= 1.0);
      CHECK(one.largest_delay <= 2.0);
    }
}

TEST_CASE("large projections, written by stretches of sources, equal what each target drew") {
  const NetworkDescription network = two_populations(20'000, 2'500, FixedInDegree{500});
  const Projection p = built(network, 3);
  REQUIRE(p.synapses() == 1'250'000);
  const Connections connections(network.projections[0].rule, {20'000, 2'500, false}, network.seed, 0, {}, {});
  std::vector<std::uint64_t> cursor(p.rows.begin(), p.rows.end() - 1);
  std::vector<Connections::Pair> pairs;
  std::uint64_t wrong = 0;
  for (std::uint32_t target = 0; target < 2'500; ++target) {
    connections.piece(target, pairs);
    RandomSequence weight(network.seed, Purpose::weight, 0, target);
    RandomSequence delay(network.seed, Purpose::delay, 0, target);
    for (const auto& pair : pairs) {
      const std::uint64_t at = cursor[pair.first]++;
      const auto w = static_cast<float>(network.projections[0].weight.draw(weight, 0));
      const auto d = static_cast<float>(network.projections[0].delay.draw(delay, 0));
      wrong += p.targets[at] != target || std::get<std::vector<float>>(p.weights)[at] != w ||
               std::get<std::vector<float>>(p.delays)[at] != d;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("degrees are what the rules promise") {
  const Projection in = built(two_populations(50, 40, FixedInDegree{7}));
  for (const std::uint32_t degree : in_degrees(in, 40)) CHECK(degree == 7);
  const Projection out = built(two_populations(50, 40, FixedOutDegree{7}));
  for (std::size_t s = 0; s < 50; ++s) CHECK(out.rows[s + 1] - out.rows[s] == 7);
  CHECK(built(two_populations(50, 40, FixedTotalNumber{12'345})).synapses() == 12'345);
  CHECK(built(two_populations(50, 40, AllToAll{})).synapses() == 2'000);
  CHECK(built(two_populations(50, 40, AllToAll{false}, true)).synapses() == 50 * 49);
  CHECK(pairs_of(built(two_populations(40, 40, OneToOne{}))).size() == 40);
}

TEST_CASE("autapses and multapses are left out when told so, for few draws and for many") {
  for (const std::uint32_t count : {3U, 10U, 35U, 49U}) {
    CAPTURE(count);
    for (const bool by_target : {true, false}) {
      const ConnectionRule rule = by_target ? ConnectionRule{FixedInDegree{count, false, false}}
                                            : ConnectionRule{FixedOutDegree{count, false, false}};
      for (const auto& [pair, times] : pairs_of(built(two_populations(50, 1, rule, true)))) {
        CHECK(times == 1);
        CHECK(pair.first != pair.second);
      }
    }
  }
  for (const auto& [pair, times] :
       pairs_of(built(two_populations(20, 1, FixedTotalNumber{5'000, false}, true))))
    CHECK(pair.first != pair.second);
  for (const auto& [pair, times] :
       pairs_of(built(two_populations(20, 1, PairwiseBernoulli{1.0, false}, true)))) {
    CHECK(times == 1);
    CHECK(pair.first != pair.second);
  }
}

TEST_CASE("draws are uniform: every source is as likely as any other") {
  const Projection p = built(two_populations(20, 20'000, FixedInDegree{10}));
  double chi_squared = 0.0;
  for (std::size_t s = 0; s < 20; ++s) {
    const double found = static_cast<double>(p.rows[s + 1] - p.rows[s]);
    chi_squared += (found - 10'000.0) * (found - 10'000.0) / 10'000.0;
  }
  CHECK(chi_squared < 45.0);  // 19 degrees of freedom: p = 0.0007
  const Projection bernoulli = built(two_populations(300, 400, PairwiseBernoulli{0.13}));
  CHECK(std::abs(static_cast<double>(bernoulli.synapses()) - 15'600.0) <
        5.0 * std::sqrt(120'000 * 0.13 * 0.87));
}

TEST_CASE("distance decides: the share of connected pairs follows the kernel") {
  for (const auto kernel : {DistanceDependent::Kernel::box, DistanceDependent::Kernel::gaussian,
                            DistanceDependent::Kernel::exponential}) {
    DistanceDependent rule{kernel, 0.7, 0.12};
    const NetworkDescription network = two_populations(2'500, 2'500, rule);
    const Projection p = built(network);
    const auto where = positions(network.populations[0], network.seed, 0);
    std::map<int, std::pair<double, double>> rings;  // expected, found
    for (std::uint32_t s = 0; s < 2'500; s += 10)
      for (std::uint32_t t = 0; t < 2'500; ++t) {
        const double d = std::hypot(where[s].first - where[t].first, where[s].second - where[t].second);
        rings[static_cast<int>(d * 25)].first += connection_probability(rule, d);
      }
    for (std::uint32_t s = 0; s < 2'500; s += 10)
      for (std::uint64_t j = p.rows[s]; j < p.rows[s + 1]; ++j) {
        const auto& target = where[p.targets[j]];
        const double d = std::hypot(where[s].first - target.first, where[s].second - target.second);
        rings[static_cast<int>(d * 25)].second += 1.0;
      }
    for (const auto& [ring, counts] : rings)
      CHECK(std::abs(counts.first - counts.second) <= 5.0 * std::sqrt(counts.first) + 1.0);
  }
  DistanceDependent cut{DistanceDependent::Kernel::exponential, 1.0, 10.0};
  cut.cutoff = 0.05;
  const NetworkDescription network = two_populations(400, 400, cut);
  const auto where = positions(network.populations[0], 5, 0);
  for (const auto& [pair, times] : pairs_of(built(network)))
    CHECK(std::hypot(where[pair.first].first - where[pair.second].first,
                     where[pair.first].second - where[pair.second].second) <= 0.05);
}

TEST_CASE("layouts put neurons where they say") {
  PopulationDescription p;
  p.name = "p";
  p.size = 6;
  p.layout = Layout{Layout::Kind::grid, 3, 3.0, 2.0, {}};
  const auto grid = positions(p, 1, 0);
  CHECK(grid[0] == std::pair{0.5, 0.5});
  CHECK(grid[5] == std::pair{2.5, 1.5});
  p.layout->kind = Layout::Kind::random;
  for (const auto& [x, y] : positions(p, 1, 0)) {
    CHECK(x > 0.0);
    CHECK(x < 3.0);
    CHECK(y < 2.0);
  }
  CHECK(positions(p, 1, 0) != positions(p, 2, 0));
  p.layout->kind = Layout::Kind::list;
  CHECK_THROWS_AS((void)positions(p, 1, 0), UsageError);
  p.layout->positions = grid;
  CHECK(positions(p, 1, 0) == grid);
  p.layout.reset();
  CHECK_THROWS_WITH_AS((void)positions(p, 1, 0), doctest::Contains("layout"), UsageError);
}

TEST_CASE("listed connections keep their own weights and delays, and doubles keep every bit") {
  NetworkDescription network = two_populations(3, 3, AllToAll{});
  ProjectionDescription& p = network.projections[0];
  p.rule = ConnectionList{
      std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{2, 0, 2, 0}),
      std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{1, 2, 0, 0})};
  p.weight = Distribution::list({0.1, 0.2, 0.3, 0.4});
  p.delay = Distribution::list({1.0, 2.0, 3.0, 0.5});
  const Projection b = built(network);
  CHECK(b.targets == std::vector<std::uint32_t>{0, 2, 0, 1});
  CHECK(std::get<std::vector<double>>(b.weights) == std::vector<double>{0.4, 0.2, 0.3, 0.1});
  CHECK(std::get<std::vector<float>>(b.delays) == std::vector<float>{0.5F, 2.0F, 3.0F, 1.0F});
  CHECK(b.smallest_delay == 0.5);
  p.weight = Distribution::list({7.0, 7.0, 7.0, 7.0});
  CHECK(std::get<double>(built(network).weights) == 7.0);
  p.weight = Distribution::list({7.0});
  refused(network, "1 values for 4 connections");
  p.weight = Distribution::constant(1.0);
  p.delay = Distribution::list({1.0, 0.0, 1.0, 1.0});
  refused(network, "delay of 0 ms");
  p.delay = Distribution::constant(1.0);
  p.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{3}),
                          std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0})};
  refused(network, "from 3 to 0");
}

TEST_CASE("what cannot be built is refused by name") {
  refused(two_populations(3, 4, OneToOne{}), "one_to_one between populations of 3 and 4");
  refused(two_populations(3, 4, FixedInDegree{4, true, false}), "only 3");
  refused(two_populations(3, 4, FixedInDegree{3, false, false}, true), "only 2");
  refused(two_populations(1, 4, FixedOutDegree{1, false, true}, true), "no target to draw from");
  refused(two_populations(3, 4, PairwiseBernoulli{1.5}), "probability 1.5");
  refused(two_populations(3, 4, DistanceDependent{DistanceDependent::Kernel::box, 0.5, 0.0}), "scale 0");
  refused(two_populations(3, 4, DistanceDependent{DistanceDependent::Kernel::box, 0.5, 1.0, -1.0}),
          "cutoff -1");
  refused(two_populations(0, 4, FixedTotalNumber{5}), "no pair");
  refused(two_populations(1, 4, FixedTotalNumber{5, false}, true), "no pair");
  CHECK(built(two_populations(0, 4, FixedTotalNumber{0})).synapses() == 0);
  refused(two_populations(3, 4, connection_list({0, 1, 2}, {0, 1})), "3 sources but 2 targets");
  NetworkDescription network = two_populations(3, 4, AllToAll{});
  network.projections[0].target = "bb";
  refused(network, "unknown population 'bb'");
  network = two_populations(3, 4, AllToAll{});
  network.projections[0].weight = Distribution::constant(INFINITY);
  refused(network, "weight of inf");
}

TEST_CASE("expected synapses and bytes are those of the built network") {
  for (const ConnectionRule& rule : {ConnectionRule{FixedInDegree{20}}, ConnectionRule{FixedOutDegree{4}},
                                     ConnectionRule{FixedTotalNumber{999}}, ConnectionRule{AllToAll{}},
                                     ConnectionRule{connection_list({0, 59, 0}, {39, 0, 1})}}) {
    const NetworkDescription network = two_populations(60, 40, rule);
    const Projection b = built(network);
    CHECK(expected_synapses(network.projections[0], 60, 40) == static_cast<double>(b.synapses()));
    CHECK(expected_bytes(network.projections[0], 60, 40) ==
          static_cast<double>(b.synapses() * b.bytes_per_synapse() + 8 * b.rows.size()));
  }
  NetworkDescription network = two_populations(2, 2, connection_list({0, 1, 1}, {1, 0, 1}));
  ProjectionDescription& listed = network.projections[0];
  for (const auto& [weights, bytes] : {std::pair{std::vector<double>{0.5, 1.5, 2.0}, 4},
                                       {std::vector<double>{0.1, 0.2, 0.3}, 8},
                                       {std::vector<double>{0.1, 0.1, 0.1}, 0}}) {
    listed.weight = Distribution::list(weights);
    listed.delay = Distribution::constant(1.0);
    CHECK(bytes_of(built(network).weights) == static_cast<std::uint64_t>(bytes));
    CHECK(expected_bytes(listed, 2, 2) == 3.0 * (4 + bytes) + 8.0 * 3);
  }
}

TEST_CASE("expected synapses are the mean where a rule draws how many, and a bound where space decides") {
  const auto expected = [](const NetworkDescription& network) {
    return expected_synapses(network.projections[0], network.populations[0].size,
                             network.populations[network.projections[0].target == "a" ? 0 : 1].size);
  };
  CHECK(expected(two_populations(40, 40, OneToOne{})) == 40.0);
  const NetworkDescription bernoulli = two_populations(300, 400, PairwiseBernoulli{0.25});
  CHECK(expected(bernoulli) == 30'000.0);
  CHECK(std::abs(static_cast<double>(built(bernoulli).synapses()) - 30'000.0) < 5.0 * 150.0);
  const NetworkDescription distance =
      two_populations(30, 40, DistanceDependent{DistanceDependent::Kernel::gaussian, 0.8, 0.1});
  CHECK(expected(distance) == 1'200.0);
  CHECK(built(distance).synapses() < 1'200);
}

TEST_CASE("reach and parts equal a brute-force search") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    NetworkDescription network = two_populations(30, 60, PairwiseBernoulli{0.01});
    network.seed = seed;
    ProjectionDescription back = network.projections[0];
    back.source = "b";
    back.target = "b";
    network.projections.push_back(back);
    Executor executor;
    const Network b = build(network, executor);
    std::vector<std::set<std::uint32_t>> next(90);
    std::vector<std::uint32_t> part(90);
    for (std::uint32_t v = 0; v < 90; ++v) part[v] = v;
    for (const Projection& p : b.projections())
      for (const auto& [pair, times] : pairs_of(p)) {
        const std::uint32_t s = b.populations()[p.source].first + pair.first;
        const std::uint32_t t = b.populations()[p.target].first + pair.second;
        next[s].insert(t);
      }
    for (int round = 0; round < 90; ++round)
      for (std::uint32_t v = 0; v < 90; ++v)
        for (const std::uint32_t w : next[v]) part[v] = part[w] = std::min(part[v], part[w]);
    std::set<std::uint32_t> reached;
    std::vector<std::uint32_t> open;
    for (std::uint32_t v = 0; v < 30; ++v) open.push_back(v);
    while (!open.empty()) {
      const std::uint32_t v = open.back();
      open.pop_back();
      for (const std::uint32_t w : next[v])
        if (reached.insert(w).second) open.push_back(w);
    }
    std::map<std::uint32_t, std::uint64_t> sizes;
    for (const std::uint32_t p : part) ++sizes[p];
    const auto parts = std::count_if(sizes.begin(), sizes.end(), [](const auto& s) { return s.second > 1; });
    const Reach reach = reach_from_sources(b, {true, false});
    CHECK(reach.neurons_reached == reached.size());
    CHECK(reach.neurons_unreached == 60 - reached.size());
    CHECK(reach.parts == static_cast<std::uint64_t>(parts));
    const std::vector<bool> each = reached_from_sources(b, {true, false});
    for (std::uint32_t v = 0; v < 90; ++v) CHECK(each[v] == (v < 30 || reached.contains(v)));
  }
}

}  // namespace flurry::testing
