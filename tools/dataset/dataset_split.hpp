// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/dataset/dataset.hpp"

namespace flurry {

// Which samples are for testing; all others are for training. Each is a function of the entries and what is
// asked for alone.

/// `fraction` of each class, rounded to the nearest whole number; which, the seed decides. UsageError for a
/// fraction not within 0 to 1, or one that leaves no sample on a side.
[[nodiscard]] std::vector<bool> split_by_fraction(const Dataset& dataset, double fraction,
                                                  std::uint64_t seed);

/// Of samples that are not `for_test`, `fraction` of each class; may be none.
[[nodiscard]] std::vector<bool> split_for_validation(const Dataset& dataset,
                                                     const std::vector<bool>& for_test, double fraction,
                                                     std::uint64_t seed);

/// Fold `fold` < `folds`: members of each class are dealt out in an order the seed decides, so that every
/// sample is in one fold.
[[nodiscard]] std::vector<bool> split_by_fold(const Dataset& dataset, std::uint32_t folds, std::uint32_t fold,
                                              std::uint64_t seed);

/// All samples of the named speakers. UsageError for a speaker that is not there, or where none is known.
[[nodiscard]] std::vector<bool> split_by_speaker(const Dataset& dataset,
                                                 const std::vector<std::string>& speakers);

/// The rule of the Free Spoken Digit Dataset: recordings 0 to 4 of each digit and speaker, told by names as
/// "7_jackson_3". UsageError where a sample has no such name.
[[nodiscard]] std::vector<bool> split_by_recording(const Dataset& dataset);

}  // namespace flurry
