// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/random_blocks.hpp"

namespace flurry {

/// Where a number comes from: a constant, a list, or a random distribution, each within [min, max].
///
/// A draw outside [min, max] is drawn again (a truncated distribution, as in NEST and PyNN, not a clipped
/// one). Values are in inside units (ms, kHz, mV, pA, nS, pF).
class Distribution {
 public:
  enum class Kind { constant, list, uniform, normal, lognormal, gamma, exponential };

  static Distribution constant(double value);
  /// One value per element, in order.
  static Distribution list(std::vector<double> values);
  static Distribution uniform(double low, double high);
  static Distribution normal(double mean, double sd);
  /// `mean` and `sd` of the values themselves, not of their logarithms.
  static Distribution lognormal(double mean, double sd);
  /// Gamma with this mean; shape 3 as in Perez-Nieves et al. 2021.
  static Distribution gamma(double mean, double shape);
  static Distribution exponential(double mean);

  Distribution() = default;

  /// The same distribution, drawn again until within [low, high].
  [[nodiscard]] Distribution truncated(double low, double high) const;

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_constant() const { return kind_ == Kind::constant; }
  [[nodiscard]] bool is_list() const { return kind_ == Kind::list; }
  /// True where every element draws its own value.
  [[nodiscard]] bool is_random() const { return !is_constant() && !is_list(); }
  [[nodiscard]] double constant_value() const { return first_; }
  [[nodiscard]] const std::vector<double>& list_values() const { return *list_; }
  [[nodiscard]] double min() const { return min_; }
  [[nodiscard]] double max() const { return max_; }

  /// Mean without truncation; of a list, the mean of its values.
  [[nodiscard]] double mean() const;

  /// Smallest value that can come out (truncation considered), -infinity where there is no bound.
  [[nodiscard]] double lowest() const;
  [[nodiscard]] double highest() const;

  /// The value of element `index`: listed, constant, or drawn from `random` (truncation by drawing again).
  /// Throws UsageError where 10,000 draws in a row fall outside [min, max].
  [[nodiscard]] double draw(RandomSequence& random, std::size_t index) const;

  /// `count` draws, rounded to single precision; the same numbers as `draw` gives one after the other. Random
  /// distributions only.
  void fill(RandomBuffer& random, float* values, std::size_t count) const;

  /// "gamma(mean 20, shape 3) in [2, 100]".
  [[nodiscard]] std::string describe() const;

 private:
  template <class Random>
  [[nodiscard]] double draw_once(Random& random) const;
  template <class Random>
  [[nodiscard]] double draw_within(Random& random) const;

  Kind kind_ = Kind::constant;
  double first_ = 0.0;   // value, low, mean, mu of the logarithm, shape, mean
  double second_ = 0.0;  // high, sd, sigma of the logarithm, scale
  double min_ = -std::numeric_limits<double>::infinity();
  double max_ = std::numeric_limits<double>::infinity();
  std::shared_ptr<const std::vector<double>> list_;
};

/// Exponential with mean 1 (ziggurat, Boost.Random): the gaps of a Poisson process of rate 1.
[[nodiscard]] double standard_exponential(RandomSequence& random);

}  // namespace flurry
