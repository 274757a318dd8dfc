// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/projection_reader.hpp"

#include <doctest/doctest.h>

#include "tests/io/network_file/small_catalogue.hpp"

namespace flurry::testing {
namespace {

ProjectionDescription projection(const std::string& lines) {
  return parse(with_projection(lines)).projections.at(0);
}

template <class Rule>
Rule rule(const std::string& text) {
  return std::get<Rule>(projection("target = 'B'\nweight = 1\nrule = " + text).rule);
}

// The rule stands on line 15 of the file.
std::string refusal_of_rule(const std::string& text) {
  return refusal(with_projection("target = 'B'\nweight = 1\nrule = " + text));
}

TEST_CASE("every connection rule is read with its numbers and flags") {
  CHECK(rule<AllToAll>("'all_to_all'").autapses);
  CHECK_FALSE(rule<AllToAll>("{ all_to_all = true, autapses = false }").autapses);
  const auto in = rule<FixedInDegree>("{ fixed_indegree = 3, autapses = false, multapses = false }");
  CHECK(in.count == 3);
  CHECK_FALSE(in.autapses);
  CHECK_FALSE(in.multapses);
  CHECK(rule<FixedInDegree>("{ fixed_indegree = 3 }").multapses);
  CHECK(rule<FixedOutDegree>("{ fixed_outdegree = 2 }").count == 2);
  CHECK(rule<FixedTotalNumber>("{ fixed_total_number = 5000000000 }").count == 5000000000);
  CHECK(rule<PairwiseBernoulli>("{ pairwise_bernoulli = 0.25 }").probability == 0.25);
  const auto list = rule<ConnectionList>("{ sources = [0, 3], targets = [5, 1] }");
  CHECK(*list.sources == std::vector<std::uint32_t>{0, 3});
  CHECK(*list.targets == std::vector<std::uint32_t>{5, 1});
}

TEST_CASE("connection by distance is read where both populations have a layout") {
  const std::string text =
      "{ distance = { kernel = 'exponential', probability = 0.1, scale = 2, cutoff = 5 }, autapses = false }";
  const auto found = parse(with_projection("target = 'A'\nweight = 1\nrule = " + text)).projections[0].rule;
  const auto distance = std::get<DistanceDependent>(found);
  CHECK(distance.kernel == DistanceDependent::Kernel::exponential);
  CHECK(distance.probability == 0.1);
  CHECK(distance.scale == 2.0);
  CHECK(distance.cutoff == 5.0);
  CHECK_FALSE(distance.autapses);
  CHECK(refusal_of_rule(text) ==
        "projection 'AB' (/data/n.toml:11) connects by distance, but population 'B' has no 'layout'");
}

TEST_CASE("explicit connections may carry their own weights and delays") {
  const auto plain = projection("target = 'B'\nweight = [1, 2]\nrule = { list = [[0, 1], [3, 5]] }");
  CHECK(plain.weight.list_values() == std::vector<double>{1, 2});
  CHECK(plain.delay.constant_value() == 1.0);
  const auto weighted = projection("target = 'B'\nrule = { list = [[0, 1, '1 nA'], [3, 5, -4]] }");
  CHECK(weighted.weight.list_values() == std::vector<double>{1000, -4});
  const auto all = projection("target = 'B'\nrule = { list = [[0, 1, 3, '2 ms'], [3, 5, 4, 1.5]] }");
  CHECK(all.weight.list_values() == std::vector<double>{3, 4});
  CHECK(all.delay.list_values() == std::vector<double>{2, 1.5});
  CHECK(*std::get<ConnectionList>(all.rule).targets == std::vector<std::uint32_t>{1, 5});
  CHECK(refusal(with_projection("target = 'B'\nweight = 1\nrule = { list = [[0, 1, 2]] }"))
            .find("weight of projection 'AB' (/data/n.toml:14) stands beside") == 0);
}

TEST_CASE("a malformed rule is refused with its place") {
  for (const std::string text : {"'fixed_indegree'",
                                 "'elephants'",
                                 "{}",
                                 "3",
                                 "{ fixed_indegree = -1 }",
                                 "{ fixed_indegree = 1.5 }",
                                 "{ fixed_indegree = 4294967296 }",
                                 "{ fixed_indegree = 3, fixed_outdegree = 2 }",
                                 "{ autapses = false }",
                                 "{ pairwise_bernoulli = 1.5 }",
                                 "{ pairwise_bernoulli = -0.1 }",
                                 "{ pairwise_bernoulli = 0.1, multapses = true }",
                                 "{ fixed_indegree = 3, autapses = 1 }",
                                 "{ one_to_one = false }",
                                 "{ list = [[0]] }",
                                 "{ list = [0, 1] }",
                                 "{ list = [[0, 6]] }",
                                 "{ list = [[4, 0]] }",
                                 "{ list = [[0, -1]] }",
                                 "{ list = [[0, 1], [0, 1, 2]] }",
                                 "{ list = [[0, 1, 2, 0]] }",
                                 "{ list = [[0, 1, '2 ms', 1]] }",
                                 "{ list = [[0, 1, 2, 3, 4]] }",
                                 "{ list = [[0, 1, [2]]] }",
                                 "{ sources = [0] }",
                                 "{ sources = [0], targets = [1, 2] }",
                                 "{ distance = { kernel = 'gauss', probability = 0.1, scale = 1 } }",
                                 "{ distance = { kernel = 'box' } }",
                                 "{ distance = { kernel = 'box', probability = 0.1, scale = 0 } }"}) {
    CAPTURE(text);
    CHECK(refusal_of_rule(text).find("/data/n.toml:15") != std::string::npos);
  }
  CHECK(refusal_of_rule("{ fixed_indegre = 3 }") ==
        "unknown key 'fixed_indegre' in rule of projection 'AB' (/data/n.toml:15); did you mean "
        "'fixed_indegree'?");
  CHECK(refusal_of_rule("'one_to_on'") ==
        "unknown rule 'one_to_on' in rule of projection 'AB' (/data/n.toml:15); did you mean 'one_to_one'?");
  CHECK(refusal_of_rule("'one_to_one'") ==
        "projection 'AB' (/data/n.toml:11) is one_to_one between sizes 4 and 6; they must be equal");
}

TEST_CASE("weights are in the unit of the target's model and delays are times above 0") {
  const std::string head = "target = 'B'\nrule = 'all_to_all'\n";
  const auto read = projection(head +
                               "weight = { normal = { mean = '20 pA', sd = '0.005 nA' }, min = 0 }\ndelay = "
                               "{ uniform = { low = '1 ms', high = '3 ms' } }");
  CHECK(read.weight.mean() == 20.0);
  CHECK(read.weight.lowest() == 0.0);
  CHECK(read.delay.lowest() == 1.0);
  CHECK(read.delay.highest() == 3.0);
  const auto refused = [&](const std::string& line) {
    return refusal(with_projection(head + "weight = 1\n" + line));
  };
  CHECK(refused("delay = 0") == "delay of projection 'AB' (/data/n.toml:16) is 0 ms; allowed: > 0 ms");
  CHECK(refused("delay = '-1 ms'").find("is -1 ms; allowed: > 0 ms") != std::string::npos);
  CHECK(refused("delay = { exponential = { mean = 2 } }")
            .find("reaches down to 0 ms; allowed: > 0 ms; add or raise min") != std::string::npos);
  CHECK(refused("delay = { exponential = { mean = 2 }, min = 0.1 }").empty());
  CHECK(refused("delay = [1, 2]").find("lists 2 values for 24 connections") != std::string::npos);
  CHECK(refusal(with_projection("target = 'B'\nweight = [1, 2]\nrule = { fixed_indegree = 2 }"))
            .find("is a list, but the rule does not say how many") != std::string::npos);
  CHECK(refusal(with_projection(head + "weight = '1 mV'")).find("'mV'; allowed: A, mA") != std::string::npos);
  CHECK(refusal(with_projection(head + "weight = inf")).find("is inf pA") != std::string::npos);
  CHECK(refusal(with_projection(head)) == "projection 'AB' (/data/n.toml:11) has no 'weight'");
}

TEST_CASE("a projection between wrong ends is refused with the nearest population") {
  const std::string rest = "\nrule = 'all_to_all'\nweight = 1";
  CHECK(refusal(with_projection("target = 'b'" + rest)) ==
        "unknown population 'b' in target of projection 'AB' (/data/n.toml:13); did you mean 'B'?");
  CHECK(refusal(with_projection("target = 'S'" + rest)) ==
        "target of projection 'AB' (/data/n.toml:13) is 'S', a poisson source, which receives nothing; "
        "expected a "
        "population of neurons");
  CHECK(refusal(with_projection(rest)).find("has no 'target'") != std::string::npos);
  CHECK(refusal(with_projection("target = 'B'\nweights = 1")).find("did you mean 'weight'?") !=
        std::string::npos);
  CHECK(refusal(with_projection("target = 'B'\nweight = 1")).find("has no 'rule'") != std::string::npos);
}

TEST_CASE("a list of weights must have one for each connection") {
  CHECK(refusal(with_projection("target = 'B'\nweight = [1]\nrule = { list = [[0, 1], [3, 5]] }"))
            .find("lists 1 values for 2 connections") != std::string::npos);
  CHECK(refusal(with_projection("target = 'A'\nweight = [1, 2, 3, 4]\nrule = 'one_to_one'")).empty());
  CHECK(refusal(with_projection("target = 'A'\nweight = [1, 2, 3]\nrule = 'one_to_one'"))
            .find("for 4 connections") != std::string::npos);
}

}  // namespace
}  // namespace flurry::testing
