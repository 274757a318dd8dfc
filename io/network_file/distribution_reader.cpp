// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/distribution_reader.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "io/network_file/quantity_reader.hpp"

namespace flurry {
namespace {

struct Form {
  std::string_view name;
  std::string_view first;
  std::string_view second;  // "" where there is one parameter only
  bool second_is_number;    // without the unit of the value
  Distribution (*make)(double first, double second);
};

constexpr std::array forms{
    Form{"uniform", "low", "high", false, &Distribution::uniform},
    Form{"normal", "mean", "sd", false, &Distribution::normal},
    Form{"lognormal", "mean", "sd", false, &Distribution::lognormal},
    Form{"gamma", "mean", "shape", true, &Distribution::gamma},
    Form{"exponential", "mean", "", false,
         [](double mean, double) { return Distribution::exponential(mean); }},
};

double read_finite(const Document& value, Dimension dimension, const std::string& what) {
  const double number = read_quantity(value, dimension, what);
  if (!std::isfinite(number)) refuse(value, what, "is " + value.describe() + "; allowed: a finite number");
  return number;
}

Distribution read_list(const Document& list, Dimension dimension, const std::string& what) {
  std::vector<double> values;
  for (const Document& value : list.array(what))
    values.push_back(
        read_quantity(value, dimension, "value " + std::to_string(values.size()) + " of " + what));
  if (values.empty()) refuse(list, what, "is an empty list; expected one value for each");
  return Distribution::list(std::move(values));
}

// { mean = "20 ms", shape = 3 }, or [low, high] for uniform.
Distribution read_form(const Form& form, const Document& body, Dimension dimension, const std::string& what) {
  const std::string name = std::string(form.name) + " of " + what;
  const Document* first = nullptr;
  const Document* second = nullptr;
  if (body.is_array() && form.name == "uniform") {
    if (body.array(name).size() != 2)
      refuse(body, name, "has " + std::to_string(body.array(name).size()) + " values; expected [low, high]");
    first = &body.array(name)[0];
    second = &body.array(name)[1];
  } else {
    std::vector<std::string> keys{std::string(form.first)};
    if (!form.second.empty()) keys.emplace_back(form.second);
    body.expect_keys(name, keys);
    first = &body.at(form.first, name);
    if (!form.second.empty()) second = &body.at(form.second, name);
  }
  const double a = read_finite(*first, dimension, std::string(form.first) + " of " + name);
  const Dimension second_dimension = form.second_is_number ? Dimension::number : dimension;
  const double b = second == nullptr
                       ? 0.0
                       : read_finite(*second, second_dimension, std::string(form.second) + " of " + name);
  try {
    return form.make(a, b);
  } catch (const UsageError& error) {
    throw UsageError(placed(what, body) + ": " + error.what());
  }
}

Distribution read_truncation(const Distribution& whole, const Document& value, Dimension dimension,
                             const std::string& what) {
  const Document* min = value.find("min");
  const Document* max = value.find("max");
  if (min == nullptr && max == nullptr) return whole;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double low = min == nullptr ? -infinity : read_quantity(*min, dimension, "min of " + what);
  const double high = max == nullptr ? infinity : read_quantity(*max, dimension, "max of " + what);
  if (low > high)
    refuse(value, what, "has min " + shown(low, dimension) + " above max " + shown(high, dimension));
  if (whole.is_list())
    refuse(value, what, "has min or max beside a list; they belong to random distributions");
  Distribution result = whole.truncated(low, high);
  if (result.lowest() > result.highest())
    refuse(value, what, "has min and max that exclude every value; widen them");
  return result;
}

Distribution read_table(const Document& value, Dimension dimension, const std::string& what) {
  std::vector<std::string> keys{"list"};
  for (const Form& form : forms) keys.emplace_back(form.name);
  std::vector<std::string> allowed = keys;
  allowed.insert(allowed.end(), {"min", "max"});
  value.expect_keys(what, allowed);
  const Form* chosen = nullptr;
  std::size_t found = value.find("list") == nullptr ? 0 : 1;
  for (const Form& form : forms) {
    if (value.find(form.name) == nullptr) continue;
    chosen = &form;
    ++found;
  }
  if (found != 1) {
    refuse(value, what,
           (found == 0 ? "names no distribution" : "names more than one distribution") +
               std::string("; expected one of uniform, normal, lognormal, gamma, exponential, list"));
  }
  const Distribution whole = chosen == nullptr
                                 ? read_list(*value.find("list"), dimension, what)
                                 : read_form(*chosen, *value.find(chosen->name), dimension, what);
  return read_truncation(whole, value, dimension, what);
}

void check_random(const Distribution& random, const Document& value, Dimension dimension, const Range& range,
                  const std::string& what) {
  const std::string allowed = "; allowed: " + describe(range, dimension);
  const double low = random.lowest();
  const double high = random.highest();
  const bool unbounded_below = range.low == std::numeric_limits<double>::lowest();
  const bool unbounded_above = range.high == std::numeric_limits<double>::max();
  if (!unbounded_below && (range.low_excluded ? low <= range.low : low < range.low)) {
    refuse(value, what,
           "is a distribution that reaches down to " +
               (std::isfinite(low) ? shown(low, dimension) : std::string("any negative value")) + allowed +
               "; add or raise min, as in { ..., min = ... }");
  }
  if (!unbounded_above && high > range.high) {
    refuse(value, what,
           "is a distribution that reaches up to " +
               (std::isfinite(high) ? shown(high, dimension) : std::string("any large value")) + allowed +
               "; add or lower max, as in { ..., max = ... }");
  }
}

void check_list(const Distribution& values, const Document& value, Dimension dimension, const Range& range,
                const std::string& what) {
  const std::string allowed = "; allowed: " + describe(range, dimension);
  for (std::size_t i = 0; i < values.list_values().size(); ++i) {
    const double one = values.list_values()[i];
    if (!range.contains(one))
      refuse(value, "value " + std::to_string(i) + " of " + what, "is " + shown(one, dimension) + allowed);
  }
}

}  // namespace

Distribution read_distribution(const Document& value, Dimension dimension, const Range& range,
                               const std::string& what) {
  if (!value.is_table() && !value.is_array())
    return Distribution::constant(read_quantity_in(range, value, dimension, what));
  Distribution result =
      value.is_table() ? read_table(value, dimension, what) : read_list(value, dimension, what);
  if (result.is_list()) {
    check_list(result, value, dimension, range, what);
  } else {
    check_random(result, value, dimension, range, what);
  }
  return result;
}

}  // namespace flurry
