// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

void require(bool condition, const std::string& message) {
  if (!condition) throw UsageError(message);
}

std::string text(double value) { return shortest(value); }

}  // namespace

double standard_exponential(RandomSequence& random) {
  return boost::random::exponential_distribution<double>(1.0)(random);
}

Distribution Distribution::constant(double value) {
  Distribution d;
  d.first_ = value;
  return d;
}

Distribution Distribution::list(std::vector<double> values) {
  Distribution d;
  d.kind_ = Kind::list;
  d.list_ = std::make_shared<const std::vector<double>>(std::move(values));
  return d;
}

Distribution Distribution::uniform(double low, double high) {
  require(low <= high, "uniform: low " + text(low) + " is above high " + text(high));
  Distribution d;
  d.kind_ = Kind::uniform;
  d.first_ = low;
  d.second_ = high;
  return d;
}

Distribution Distribution::normal(double mean, double sd) {
  require(sd >= 0.0, "normal: sd is " + text(sd) + "; allowed: >= 0");
  Distribution d;
  d.kind_ = Kind::normal;
  d.first_ = mean;
  d.second_ = sd;
  return d;
}

Distribution Distribution::lognormal(double mean, double sd) {
  require(mean > 0.0, "lognormal: mean is " + text(mean) + "; allowed: > 0");
  require(sd >= 0.0, "lognormal: sd is " + text(sd) + "; allowed: >= 0");
  Distribution d;
  d.kind_ = Kind::lognormal;
  const double variance = std::log1p(sd * sd / (mean * mean));  // of the logarithm
  d.first_ = std::log(mean) - 0.5 * variance;
  d.second_ = std::sqrt(variance);
  return d;
}

Distribution Distribution::gamma(double mean, double shape) {
  require(mean > 0.0, "gamma: mean is " + text(mean) + "; allowed: > 0");
  require(shape > 0.0, "gamma: shape is " + text(shape) + "; allowed: > 0");
  Distribution d;
  d.kind_ = Kind::gamma;
  d.first_ = shape;
  d.second_ = mean / shape;
  return d;
}

Distribution Distribution::exponential(double mean) {
  require(mean > 0.0, "exponential: mean is " + text(mean) + "; allowed: > 0");
  Distribution d;
  d.kind_ = Kind::exponential;
  d.first_ = mean;
  return d;
}

Distribution Distribution::truncated(double low, double high) const {
  require(low <= high, "truncation: min " + text(low) + " is above max " + text(high));
  Distribution d = *this;
  d.min_ = low;
  d.max_ = high;
  return d;
}

double Distribution::mean() const {
  switch (kind_) {
    case Kind::constant:
    case Kind::normal:
    case Kind::exponential:
      return first_;
    case Kind::uniform:
      return 0.5 * (first_ + second_);
    case Kind::lognormal:
      return std::exp(first_ + 0.5 * second_ * second_);
    case Kind::gamma:
      return first_ * second_;
    case Kind::list:
      break;
  }
  return list_->empty()
             ? 0.0
             : std::accumulate(list_->begin(), list_->end(), 0.0) / static_cast<double>(list_->size());
}

double Distribution::lowest() const {
  double natural = -std::numeric_limits<double>::infinity();
  switch (kind_) {
    case Kind::constant:
    case Kind::uniform:
      natural = first_;
      break;
    case Kind::lognormal:
    case Kind::gamma:
    case Kind::exponential:
      natural = 0.0;
      break;
    case Kind::list:
      natural = list_->empty() ? 0.0 : *std::min_element(list_->begin(), list_->end());
      break;
    case Kind::normal:
      break;
  }
  return std::max(natural, min_);
}

double Distribution::highest() const {
  double natural = std::numeric_limits<double>::infinity();
  if (kind_ == Kind::constant) natural = first_;
  if (kind_ == Kind::uniform) natural = second_;
  if (kind_ == Kind::list) natural = list_->empty() ? 0.0 : *std::max_element(list_->begin(), list_->end());
  return std::min(natural, max_);
}

template <class Random>
double Distribution::draw_once(Random& random) const {
  switch (kind_) {
    case Kind::uniform:
      return first_ + (second_ - first_) * random.uniform();
    case Kind::normal:
      return boost::random::normal_distribution<double>(first_, second_)(random);
    case Kind::lognormal:
      return std::exp(boost::random::normal_distribution<double>(first_, second_)(random));
    case Kind::gamma:
      return boost::random::gamma_distribution<double>(first_, second_)(random);
    case Kind::exponential:
      return first_ * boost::random::exponential_distribution<double>(1.0)(random);
    case Kind::constant:
    case Kind::list:
      break;
  }
  return first_;
}

double Distribution::draw(RandomSequence& random, std::size_t index) const {
  if (kind_ == Kind::constant) return first_;
  if (kind_ == Kind::list) {
    if (index >= list_->size())
      throw InternalError("list of " + std::to_string(list_->size()) + " values asked for number " +
                          std::to_string(index));
    return (*list_)[index];
  }
  return draw_within(random);
}

template <class Random>
double Distribution::draw_within(Random& random) const {
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    const double value = draw_once(random);
    if (value >= min_ && value <= max_) return value;
  }
  throw UsageError(describe() + ": 10000 draws in a row fell outside the range; widen min and max");
}

void Distribution::fill(RandomBuffer& random, float* values, std::size_t count) const {
  if (kind_ == Kind::uniform && min_ <= first_ && max_ >= second_) {
    for (std::size_t i = 0; i < count; ++i)
      values[i] = static_cast<float>(first_ + (second_ - first_) * random.uniform());
    return;
  }
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(draw_within(random));
}

std::string Distribution::describe() const {
  std::string result;
  switch (kind_) {
    case Kind::constant:
      return text(first_);
    case Kind::list:
      return "list of " + std::to_string(list_->size());
    case Kind::uniform:
      result = "uniform(" + text(first_) + ", " + text(second_) + ")";
      break;
    case Kind::normal:
      result = "normal(mean " + text(first_) + ", sd " + text(second_) + ")";
      break;
    case Kind::lognormal:
      result = "lognormal(mean " + text(mean()) + ")";
      break;
    case Kind::gamma:
      result = "gamma(mean " + text(mean()) + ", shape " + text(first_) + ")";
      break;
    case Kind::exponential:
      result = "exponential(mean " + text(first_) + ")";
      break;
  }
  if (min_ > -std::numeric_limits<double>::infinity() || max_ < std::numeric_limits<double>::infinity())
    result += " in [" + text(min_) + ", " + text(max_) + "]";
  return result;
}

}  // namespace flurry
