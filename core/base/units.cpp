// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"

namespace flurry {
namespace {

struct Unit {
  std::string_view name;
  Dimension dimension;
  double factor;  // to the inside unit
};

constexpr std::array units{
    Unit{"s", Dimension::time, 1e3},          Unit{"ms", Dimension::time, 1.0},
    Unit{"us", Dimension::time, 1e-3},        Unit{"µs", Dimension::time, 1e-3},
    Unit{"ns", Dimension::time, 1e-6},        Unit{"min", Dimension::time, 60e3},
    Unit{"h", Dimension::time, 3600e3},       Unit{"Hz", Dimension::rate, 1e-3},
    Unit{"kHz", Dimension::rate, 1.0},        Unit{"MHz", Dimension::rate, 1e3},
    Unit{"V", Dimension::voltage, 1e3},       Unit{"mV", Dimension::voltage, 1.0},
    Unit{"uV", Dimension::voltage, 1e-3},     Unit{"A", Dimension::current, 1e12},
    Unit{"mA", Dimension::current, 1e9},      Unit{"uA", Dimension::current, 1e6},
    Unit{"nA", Dimension::current, 1e3},      Unit{"pA", Dimension::current, 1.0},
    Unit{"fA", Dimension::current, 1e-3},     Unit{"uS", Dimension::conductance, 1e3},
    Unit{"nS", Dimension::conductance, 1.0},  Unit{"pS", Dimension::conductance, 1e-3},
    Unit{"nF", Dimension::capacitance, 1e3},  Unit{"pF", Dimension::capacitance, 1.0},
    Unit{"fF", Dimension::capacitance, 1e-3}, Unit{"uF", Dimension::capacitance, 1e6},
};

std::string allowed_units(Dimension dimension) {
  if (dimension == Dimension::number) return "a plain number";
  std::string text;
  for (const Unit& unit : units)
    if (unit.dimension == dimension) text += (text.empty() ? "" : ", ") + std::string(unit.name);
  return text;
}

// Decimal units scale by an exactly representable power of ten: divide rather than multiply by 1e-3.
double scaled(double value, double factor) {
  return factor < 1.0 ? value / std::round(1.0 / factor) : value * factor;
}

}  // namespace

std::string_view unit_name(Dimension dimension) {
  switch (dimension) {
    case Dimension::time:
      return "ms";
    case Dimension::rate:
      return "Hz";
    case Dimension::voltage:
      return "mV";
    case Dimension::current:
      return "pA";
    case Dimension::conductance:
      return "nS";
    case Dimension::capacitance:
      return "pF";
    case Dimension::number:
      break;
  }
  return "";
}

double bare_factor(Dimension dimension) { return dimension == Dimension::rate ? 1e-3 : 1.0; }

double parse_quantity(std::string_view text, Dimension dimension, std::string_view where) {
  const std::string_view body = trimmed(text, " \t");
  double value = 0.0;
  const auto [end, status] = std::from_chars(body.data(), body.data() + body.size(), value);
  if (status != std::errc{}) {
    throw UsageError(
        "'" + std::string(text) + "' for " + std::string(where) + " is not a quantity; expected a number" +
        (dimension == Dimension::number ? "" : " with one of the units " + allowed_units(dimension)));
  }
  const std::string_view unit_text = trimmed(body.substr(static_cast<std::size_t>(end - body.data())), " \t");
  if (unit_text.empty()) return scaled(value, bare_factor(dimension));
  for (const Unit& unit : units)
    if (unit.name == unit_text && unit.dimension == dimension) return scaled(value, unit.factor);
  throw UsageError("'" + std::string(text) + "' for " + std::string(where) + " has the unit '" +
                   std::string(unit_text) + "'; allowed: " + allowed_units(dimension));
}

std::string shortest(double value) {
  std::array<char, 40> buffer{};
  const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return status == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

}  // namespace flurry
