// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/distribution_reader.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/io/network_file/small_catalogue.hpp"

namespace flurry::testing {
namespace {

Distribution tau_m(const std::string& value) {
  return population_with("tau_m = " + value).parameters.at("tau_m");
}

// Mean of many draws, all of which must lie in [low, high].
double drawn_mean(const Distribution& distribution, double low, double high) {
  double sum = 0.0;
  constexpr std::size_t count = 20000;
  for (std::size_t i = 0; i < count; ++i) {
    RandomSequence random(7, Purpose::test, 1, i);
    const double value = distribution.draw(random, i);
    CHECK_MESSAGE((value >= low && value <= high), value);
    sum += value;
  }
  return sum / static_cast<double>(count);
}

TEST_CASE("a quantity is a number in the documented unit or a text with a unit") {
  CHECK(tau_m("20").constant_value() == 20.0);
  CHECK(tau_m("20.5").constant_value() == 20.5);
  CHECK(tau_m("'20 ms'").constant_value() == 20.0);
  CHECK(tau_m("'0.02 s'").constant_value() == 20.0);
  CHECK(tau_m("'20'").constant_value() == 20.0);
  CHECK(population_with("V_th = '-50 mV'").parameters.at("V_th").constant_value() == -50.0);
  const auto rate = [](const std::string& value) {
    return parse("[populations.P]\nmodel = 'poisson'\nsize = 1\nrate = " + value)
        .populations[0]
        .parameters.at("rate")
        .constant_value();
  };
  CHECK(rate("8") == 8e-3);
  CHECK(rate("'8 Hz'") == 8e-3);
  CHECK(rate("'8 kHz'") == 8.0);
  CHECK(rate("0.1") == 1e-4);
}

TEST_CASE("each random distribution is read with its own parameters and units") {
  using Kind = Distribution::Kind;
  CHECK(tau_m("{ uniform = { low = 5, high = '0.007 s' } }").kind() == Kind::uniform);
  CHECK(drawn_mean(tau_m("{ uniform = { low = 5, high = '0.007 s' } }"), 5, 7) ==
        doctest::Approx(6).epsilon(0.01));
  CHECK(drawn_mean(tau_m("{ uniform = [5, '7 ms'] }"), 5, 7) == doctest::Approx(6).epsilon(0.01));
  CHECK(drawn_mean(tau_m("{ normal = { mean = 20, sd = 1 }, min = 1, max = 99 }"), 1, 99) ==
        doctest::Approx(20).epsilon(0.01));
  CHECK(drawn_mean(tau_m("{ lognormal = { mean = 5, sd = 2 }, min = 0.01 }"), 0.01, 1e3) ==
        doctest::Approx(5).epsilon(0.02));
  CHECK(drawn_mean(tau_m("{ exponential = { mean = '5 ms' }, min = '1 us' }"), 1e-3, 1e3) ==
        doctest::Approx(5).epsilon(0.03));
  const Distribution gamma = tau_m("{ gamma = { mean = '20 ms', shape = 3 }, min = '2 ms', max = '200 ms' }");
  CHECK(gamma.kind() == Kind::gamma);
  CHECK(gamma.mean() == doctest::Approx(20));
  CHECK(gamma.min() == 2.0);
  CHECK(gamma.max() == 200.0);
  CHECK(drawn_mean(gamma, 2, 200) == doctest::Approx(20).epsilon(0.02));
}

TEST_CASE("a list gives each neuron its own value, bare or spelled out") {
  const std::vector<double> expected{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(tau_m("[1, 2, 3, 4, 5, 6, 7, 8, 9, '10 ms']").list_values() == expected);
  CHECK(tau_m("{ list = [1, 2, 3, 4, 5, 6, 7, 8, 9, '0.01 s'] }").list_values() == expected);
}

TEST_CASE("a value of the wrong unit or type is refused with its place and what is allowed") {
  CHECK(refusal_of_line("tau_m = '20 mV'") ==
        "'20 mV' for tau_m of population 'E' (/data/n.toml:4) has the unit 'mV'; allowed: s, ms, us, µs, ns, "
        "min, h");
  CHECK(refusal_of_line("tau_m = true") ==
        "tau_m of population 'E' (/data/n.toml:4) is true; expected a number in ms or a text with a unit");
  CHECK(refusal_of_line("leak = '1 ms'").find("/data/n.toml:4") != std::string::npos);
  CHECK(refusal_of_line("tau_m = nan") ==
        "tau_m of population 'E' (/data/n.toml:4) is NaN; expected a number");
}

TEST_CASE("a constant or a listed value outside the model's range is refused") {
  CHECK(refusal_of_line("tau_m = -5") ==
        "tau_m of population 'E' (/data/n.toml:4) is -5 ms; allowed: > 0 ms");
  CHECK(refusal_of_line("tau_m = 0") == "tau_m of population 'E' (/data/n.toml:4) is 0 ms; allowed: > 0 ms");
  CHECK(refusal_of_line("tau_m = inf").find("is inf ms; allowed: > 0 ms") != std::string::npos);
  CHECK(refusal_of_line("tau_m = [1, 2, 3, 4, 5, 6, 7, 8, 0, 10]") ==
        "value 8 of tau_m of population 'E' (/data/n.toml:4) is 0 ms; allowed: > 0 ms");
  CHECK(refusal_of_line("leak = 1.5") ==
        "leak of population 'E' (/data/n.toml:4) is 1.5; allowed: in [0, 1]");
  CHECK(population_with("t_ref = 0").parameters.at("t_ref").constant_value() == 0.0);
  const auto unbounded = parse("[populations.P]\nmodel = 'poisson'\nsize = 1\nstop = inf").populations[0];
  CHECK(std::isinf(unbounded.parameters.at("stop").constant_value()));
}

TEST_CASE("a distribution that can leave the range is refused, and told to add min or max") {
  CHECK(refusal_of_line("tau_m = { normal = { mean = 20, sd = 1 } }") ==
        "tau_m of population 'E' (/data/n.toml:4) is a distribution that reaches down to any negative value; "
        "allowed: "
        "> 0 ms; add or raise min, as in { ..., min = ... }");
  CHECK(refusal_of_line("tau_m = { gamma = { mean = 20, shape = 3 } }").find("reaches down to 0 ms") !=
        std::string::npos);
  CHECK(refusal_of_line("leak = { uniform = [0.5, 2] }")
            .find("reaches up to 2; allowed: in [0, 1]; add or lower max") != std::string::npos);
  CHECK(refusal_of_line("leak = { exponential = { mean = 0.5 } }").find("reaches up to any large value") !=
        std::string::npos);
  CHECK(refusal_of_line("leak = { exponential = { mean = 0.5 }, max = 1 }").empty());
  CHECK(refusal_of_line("t_ref = { exponential = { mean = 2 } }").empty());
  CHECK(refusal_of_line("V_th = { normal = { mean = -50, sd = 2 } }").empty());
}

TEST_CASE("a malformed distribution is refused with its place") {
  for (const std::string value : {"{}",
                                  "{ min = 1 }",
                                  "{ gamma = { mean = 20 } }",
                                  "{ gamma = { shape = 3 } }",
                                  "{ gamma = 3 }",
                                  "{ gamma = { mean = 20, shape = 3, x = 1 } }",
                                  "{ gamma = { mean = -20, shape = 3 }, min = 1 }",
                                  "{ gamma = { mean = 20, shape = '3 ms' } }",
                                  "{ gamma = { mean = 20, shape = 0 }, min = 1 }",
                                  "{ uniform = [1] }",
                                  "{ uniform = [3, 2] }",
                                  "{ normal = { mean = 20, sd = -1 }, min = 1 }",
                                  "{ lognormal = { mean = 0, sd = 1 } }",
                                  "{ normal = { mean = 20, sd = 1 }, min = 5, max = 4 }",
                                  "{ uniform = [1, 2], min = 3 }",
                                  "{ uniform = [1, inf] }",
                                  "{ list = [] }",
                                  "[]",
                                  "{ list = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], min = 0 }",
                                  "{ normal = { mean = 20, sd = 1 }, uniform = [1, 2] }",
                                  "{ uniform = [1, 2], mim = 1 }"}) {
    CAPTURE(value);
    CHECK(refusal_of_line("tau_m = " + value).find("/data/n.toml:4") != std::string::npos);
  }
  CHECK(refusal_of_line("tau_m = { gama = { mean = 20, shape = 3 } }") ==
        "unknown key 'gama' in tau_m of population 'E' (/data/n.toml:4); did you mean 'gamma'?");
}

}  // namespace
}  // namespace flurry::testing
