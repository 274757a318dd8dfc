// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace flurry::testing {
namespace {

const std::vector<std::string> names{"tau_m", "tau_syn_ex", "tau_syn_in", "V_th", "V_reset", "C_m"};

struct Guess {
  const char* found;
  const char* nearest;
};
constexpr Guess guesses[] = {
    {"tau_m", "tau_m"},           {"taum", "tau_m"}, {"TAU_M", "tau_m"},    {"atu_m", "tau_m"},
    {"tau_syn_en", "tau_syn_ex"},  // a tie: the first wins
    {"tau_synin", "tau_syn_in"},  {"vth", "V_th"},   {"Vreset", "V_reset"}, {"threshold", ""},
    {"completely_else", ""},      {"xyzzy", ""},
};

}  // namespace

TEST_CASE("the nearest name is found through typing errors and case, and none where all are far") {
  for (const Guess& guess : guesses) {
    CAPTURE(guess.found);
    CHECK(nearest_name(guess.found, names) == guess.nearest);
  }
  CHECK(nearest_name("tau_m", {}).empty());
}

TEST_CASE("an unknown name is answered with the nearest, else with all that are allowed") {
  CHECK(unknown_name("key", "taum", "E (network.toml:12)", names) ==
        "unknown key 'taum' in E (network.toml:12); did you mean 'tau_m'?");
  CHECK(unknown_name("key", "taum", "", names) == "unknown key 'taum'; did you mean 'tau_m'?");
  CHECK(unknown_name("model", "hodgkin_huxley", "E", names) ==
        "unknown model 'hodgkin_huxley' in E; allowed: tau_m tau_syn_ex tau_syn_in V_th V_reset C_m");
}

TEST_CASE("an internal error carries the place in the source and asks for a report") {
  const InternalError error("queue ran backwards");
  const std::string text = error.what();
  CHECK(text.find("error_test.cpp:" + std::to_string(__LINE__ - 2)) != std::string::npos);
  CHECK(text.find("queue ran backwards (please report it)") != std::string::npos);
}

TEST_CASE("every kind of failure can be caught as Error, and none as another kind") {
  CHECK_THROWS_AS(throw UsageError("a"), Error);
  CHECK_THROWS_AS(throw FormatError("a"), Error);
  CHECK_THROWS_AS(throw SystemError("a"), Error);
  CHECK_THROWS_AS(throw Interrupted("a"), Error);
  CHECK_THROWS_AS(throw InternalError("a"), Error);
  CHECK_THROWS_WITH(throw FormatError("what was said"), "what was said");
  static_assert(!std::is_base_of_v<UsageError, FormatError> && !std::is_base_of_v<FormatError, SystemError> &&
                !std::is_base_of_v<SystemError, UsageError> && !std::is_base_of_v<InternalError, UsageError>);
}

}  // namespace flurry::testing
