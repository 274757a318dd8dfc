// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace flurry {

/// The elements of a population that one rank works on: groups of neighbours, 2^shift each but for the last
/// of the population. Here they are numbered without gaps, in the order of their numbers in the population.
class Members {
 public:
  static constexpr std::uint32_t elsewhere = std::numeric_limits<std::uint32_t>::max();

  /// `groups`: their numbers, ascending; `size`: of the whole population.
  Members(std::uint32_t size, std::uint32_t shift, std::vector<std::uint32_t> groups)
      : size_(size), shift_(shift), groups_(std::move(groups)) {
    const std::uint32_t all = (size >> shift) + ((size & mask()) != 0 ? 1U : 0U);
    places_.assign(all, elsewhere);
    for (std::uint32_t i = 0; i < groups_.size(); ++i) {
      places_[groups_[i]] = i;
      count_ += std::min(std::uint32_t{1} << shift, size - (groups_[i] << shift));
    }
  }

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::uint32_t whole_size() const { return size_; }
  /// Number within the population of an element here.
  [[nodiscard]] std::uint32_t whole(std::uint32_t here) const {
    return (groups_[here >> shift_] << shift_) + (here & mask());
  }
  /// Number here of an element of the population, or `elsewhere`.
  [[nodiscard]] std::uint32_t here(std::uint32_t whole) const {
    const std::uint32_t place = places_[whole >> shift_];
    return place == elsewhere ? elsewhere : (place << shift_) + (whole & mask());
  }
  /// visit(first here, first within the population, how many) for elements that follow each other both here,
  /// from `first` to `first` + `count`, and in the population.
  template <class Visit>
  void for_each_run(std::uint32_t first, std::uint32_t count, const Visit& visit) const {
    for (std::uint32_t done = 0; done < count;) {
      const std::uint32_t at = first + done;
      std::uint32_t length = (std::uint32_t{1} << shift_) - (at & mask());
      for (std::uint32_t next = (at >> shift_) + 1;
           done + length < count && groups_[next] == groups_[next - 1] + 1; ++next)
        length += std::uint32_t{1} << shift_;
      length = std::min(length, count - done);
      visit(at, whole(at), length);
      done += length;
    }
  }

 private:
  [[nodiscard]] std::uint32_t mask() const { return (std::uint32_t{1} << shift_) - 1; }

  std::uint32_t size_;
  std::uint32_t shift_;
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint32_t> places_;  // by group of the population: among those here
};

}  // namespace flurry
