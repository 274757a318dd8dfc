// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/connection_rule.hpp"

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace flurry::testing {

TEST_CASE("every rule describes itself by its NEST name, and limits only where they are set") {
  struct Described {
    ConnectionRule rule;
    const char* text;
  };
  using Kernel = DistanceDependent::Kernel;
  const auto indices =
      std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{1, 2, 3});
  const Described table[] = {
      {AllToAll{}, "all_to_all"},
      {AllToAll{false}, "all_to_all without autapses"},
      {OneToOne{}, "one_to_one"},
      {FixedInDegree{100}, "fixed_indegree 100"},
      {FixedInDegree{100, false, true}, "fixed_indegree 100 without autapses"},
      {FixedInDegree{100, true, false}, "fixed_indegree 100 without multapses"},
      {FixedOutDegree{7, false, false}, "fixed_outdegree 7 without autapses without multapses"},
      {FixedTotalNumber{5'000'000'000}, "fixed_total_number 5000000000"},
      {FixedTotalNumber{5, false}, "fixed_total_number 5 without autapses"},
      {PairwiseBernoulli{0.1}, "pairwise_bernoulli 0.1"},
      {PairwiseBernoulli{0.1, false}, "pairwise_bernoulli 0.1 without autapses"},
      {DistanceDependent{Kernel::box, 0.5, 2.0}, "distance box 0.5 scale 2"},
      {DistanceDependent{Kernel::gaussian, 1.0, 0.25}, "distance gaussian 1 scale 0.25"},
      {DistanceDependent{Kernel::exponential, 1.0, 3.0, 9.0, false},
       "distance exponential 1 scale 3 without autapses"},
      {ConnectionList{indices, indices}, "list of 3 connections"}};
  for (const Described& described : table) CHECK(describe(described.rule) == described.text);
}

TEST_CASE("a rule that is not spelled out allows everything") {
  CHECK(AllToAll{}.autapses);
  CHECK(FixedInDegree{}.autapses);
  CHECK(FixedInDegree{}.multapses);
  CHECK(FixedOutDegree{}.multapses);
  CHECK(DistanceDependent{}.cutoff == std::numeric_limits<double>::infinity());
}

}  // namespace flurry::testing
