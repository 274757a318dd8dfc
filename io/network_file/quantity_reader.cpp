// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/quantity_reader.hpp"

#include <cmath>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {

std::string placed(const std::string& what, const Document& value) {
  return what + " (" + value.where() + ")";
}

void refuse(const Document& value, const std::string& what, const std::string& problem) {
  throw UsageError(placed(what, value) + " " + problem);
}

double read_quantity(const Document& value, Dimension dimension, const std::string& what) {
  const std::string_view unit = unit_name(dimension);
  if (!value.is_number() && !value.is_text()) {
    refuse(value, what,
           "is " + value.describe() + "; expected a number" +
               (unit.empty() ? "" : " in " + std::string(unit) + " or a text with a unit"));
  }
  const std::string text = value.is_text() ? value.text(what) : shortest(value.number(what));
  const double number = parse_quantity(text, dimension, placed(what, value));
  if (std::isnan(number)) refuse(value, what, "is NaN; expected a number");
  return number;
}

double read_quantity_in(const Range& range, const Document& value, Dimension dimension,
                        const std::string& what) {
  const double number = read_quantity(value, dimension, what);
  if (!range.contains(number))
    refuse(value, what, "is " + shown(number, dimension) + "; allowed: " + describe(range, dimension));
  return number;
}

std::int64_t read_whole_number(const Document& value, std::int64_t low, std::int64_t high,
                               const std::string& what) {
  const std::int64_t number = value.integer(what);
  if (number < low || number > high) {
    refuse(
        value, what,
        "is " + std::to_string(number) + "; allowed: " + std::to_string(low) + " to " + std::to_string(high));
  }
  return number;
}

std::string shown(double value, Dimension dimension) {
  std::string text = shortest(value / bare_factor(dimension));
  if (dimension != Dimension::number) text.append(" ").append(unit_name(dimension));
  return text;
}

}  // namespace flurry
