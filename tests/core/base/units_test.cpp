// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/units.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

struct Reading {
  const char* text;
  Dimension dimension;
  double inside;
};
constexpr Reading readings[] = {
    {"2 s", Dimension::time, 2000.0},        {"2 ms", Dimension::time, 2.0},
    {"2 us", Dimension::time, 0.002},        {"2 µs", Dimension::time, 0.002},
    {"2 ns", Dimension::time, 2e-6},         {"2 min", Dimension::time, 120'000.0},
    {"2 h", Dimension::time, 7'200'000.0},   {"2 Hz", Dimension::rate, 0.002},
    {"2 kHz", Dimension::rate, 2.0},         {"2 MHz", Dimension::rate, 2000.0},
    {"2 V", Dimension::voltage, 2000.0},     {"2 mV", Dimension::voltage, 2.0},
    {"2 uV", Dimension::voltage, 0.002},     {"2 A", Dimension::current, 2e12},
    {"2 mA", Dimension::current, 2e9},       {"2 uA", Dimension::current, 2e6},
    {"2 nA", Dimension::current, 2000.0},    {"2 pA", Dimension::current, 2.0},
    {"2 fA", Dimension::current, 0.002},     {"2 uS", Dimension::conductance, 2000.0},
    {"2 nS", Dimension::conductance, 2.0},   {"2 pS", Dimension::conductance, 0.002},
    {"2 uF", Dimension::capacitance, 2e6},   {"2 nF", Dimension::capacitance, 2000.0},
    {"2 pF", Dimension::capacitance, 2.0},   {"2 fF", Dimension::capacitance, 0.002},
    {"20", Dimension::time, 20.0},           {"20", Dimension::rate, 0.02},
    {"-70", Dimension::voltage, -70.0},      {"1.5", Dimension::number, 1.5},
    {"0.02 s", Dimension::time, 20.0},       {"20ms", Dimension::time, 20.0},
    {" \t20  ms\t ", Dimension::time, 20.0}, {"1e-3s", Dimension::time, 1.0},
    {"-.5mV", Dimension::voltage, -0.5},     {"0.1 us", Dimension::time, 1e-4},
    {"15 Hz", Dimension::rate, 0.015},
};

std::string refusal(const std::string& text, Dimension dimension) {
  try {
    (void)parse_quantity(text, dimension, "tau_m of E");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing was refused";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr Dimension dimensions[] = {Dimension::number,     Dimension::time,    Dimension::rate,
                                    Dimension::voltage,    Dimension::current, Dimension::conductance,
                                    Dimension::capacitance};

}  // namespace

TEST_CASE("every unit and every bare number gives the nearest double in the inside unit") {
  for (const Reading& reading : readings) {
    CAPTURE(reading.text);
    CHECK(parse_quantity(reading.text, reading.dimension, "x") == reading.inside);
  }
}

TEST_CASE("a bare number means the unit that is printed, and only rates have a factor") {
  for (const Dimension dimension : dimensions) {
    CAPTURE(unit_name(dimension));
    const std::string with_unit = "3.7 " + std::string(unit_name(dimension));
    CHECK(parse_quantity("3.7", dimension, "x") == parse_quantity(with_unit, dimension, "x"));
    CHECK(bare_factor(dimension) == (dimension == Dimension::rate ? 1e-3 : 1.0));
  }
}

TEST_CASE("a unit of another dimension is refused, naming the place, the unit and those allowed") {
  for (const Reading& reading : readings) {
    const std::string text = reading.text;
    if (text.substr(0, 2) != "2 ") continue;
    for (const Dimension dimension : dimensions) {
      if (dimension == reading.dimension) continue;
      CAPTURE(text);
      const std::string message = refusal(text, dimension);
      CHECK(holds(message, "'" + text + "' for tau_m of E has the unit '" + text.substr(2) + "'; allowed: "));
      CHECK(holds(message, dimension == Dimension::number ? std::string("a plain number")
                                                          : std::string(unit_name(dimension))));
    }
  }
}

TEST_CASE("trailing text and units in another case are refused") {
  for (const char* text :
       {"20 ms x", "20 ms ms", "20 ms, 30 ms", "20 MS", "20 m", "20;", "1e", "0x10 ms", "20 ms\n"}) {
    CAPTURE(text);
    const std::string message = refusal(text, Dimension::time);
    CHECK(holds(message, "tau_m of E has the unit '"));
    CHECK(holds(message, "allowed: s, ms, us, µs, ns, min, h"));
  }
}

TEST_CASE("what does not begin with a number is no quantity") {
  for (const char* text : {"", " ", "ms", "ms 20", "twenty ms", "-", ".", "--5", "1e999 ms", ",5"}) {
    CAPTURE(text);
    const std::string message = refusal(text, Dimension::time);
    CHECK(holds(message, "'" + std::string(text) + "' for tau_m of E is not a quantity; expected a number"));
    CHECK(holds(message, "with one of the units s, ms"));
  }
  CHECK(refusal("x", Dimension::number) == "'x' for tau_m of E is not a quantity; expected a number");
}

TEST_CASE("the shortest text reads back to the same double") {
  for (const double value :
       {0.0, 1.0, 0.1, 1.0 / 3.0, -70.0, 1e22, 5e-324, std::numeric_limits<double>::max(),
        std::numeric_limits<double>::min(), std::nextafter(1.0, 2.0)}) {
    CAPTURE(value);
    CHECK(std::strtod(shortest(value).c_str(), nullptr) == value);
  }
  RandomSequence random(1, Purpose::test, 1, 0);
  for (int i = 0; i < 20'000; ++i) {
    const double sign = random.below(2) == 0 ? 1.0 : -1.0;
    const double value = std::ldexp(sign * random.uniform(), static_cast<int>(random.below(2000)) - 1000);
    const std::string text = shortest(value);
    REQUIRE(parse_quantity(text, Dimension::number, "x") == value);
    REQUIRE(text.size() <= 24);
  }
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(20.0) == "20");
}

}  // namespace flurry::testing
