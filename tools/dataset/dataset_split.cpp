// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/dataset_split.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t split_stream = 4;  // of Purpose::scene

void expect_both_sides(const std::vector<bool>& for_test) {
  const auto tested = std::count(for_test.begin(), for_test.end(), true);
  if (tested == 0 || tested == static_cast<std::ptrdiff_t>(for_test.size()))
    throw UsageError("the split puts " + std::to_string(tested) + " of " + std::to_string(for_test.size()) +
                     " samples on the side of the test; both sides need at least one");
}

/// Samples by their label.
std::vector<std::vector<std::size_t>> members_of_classes(const Dataset& dataset,
                                                         const std::vector<bool>& left_out) {
  std::vector<std::vector<std::size_t>> of_class(dataset.classes().size());
  for (std::size_t i = 0; i < dataset.samples().size(); ++i)
    if (left_out.empty() || !left_out[i]) of_class[dataset.samples()[i].label].push_back(i);
  return of_class;
}

/// Puts `wanted` of the members at the front, the seed decides which (the front of a shuffle: Fisher &
/// Yates).
void draw_to_front(std::vector<std::size_t>& members, std::size_t wanted, RandomSequence random) {
  for (std::size_t i = 0; i < wanted; ++i)
    std::swap(members[i], members[i + random.below(static_cast<std::uint32_t>(members.size() - i))]);
}

/// `fraction` of each class of what is not left out.
std::vector<bool> draw_fraction(const Dataset& dataset, const std::vector<bool>& left_out, double fraction,
                                std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> of_class = members_of_classes(dataset, left_out);
  std::vector<bool> chosen(dataset.samples().size());
  for (std::size_t label = 0; label < of_class.size(); ++label) {
    std::vector<std::size_t>& members = of_class[label];
    const auto wanted =
        static_cast<std::size_t>(std::llround(fraction * static_cast<double>(members.size())));
    draw_to_front(members, wanted, RandomSequence(seed, Purpose::scene, split_stream, label));
    for (std::size_t i = 0; i < wanted; ++i) chosen[members[i]] = true;
  }
  return chosen;
}

}  // namespace

std::vector<bool> split_by_fraction(const Dataset& dataset, double fraction, std::uint64_t seed) {
  if (!(fraction > 0.0 && fraction < 1.0))
    throw UsageError("--test is " + shortest(fraction) + "; allowed: above 0 and below 1");
  std::vector<bool> for_test = draw_fraction(dataset, {}, fraction, seed);
  expect_both_sides(for_test);
  return for_test;
}

std::vector<bool> split_for_validation(const Dataset& dataset, const std::vector<bool>& for_test,
                                       double fraction, std::uint64_t seed) {
  return draw_fraction(dataset, for_test, fraction, seed + 0x76616c);  // apart from the test's draw
}

std::vector<bool> split_by_fold(const Dataset& dataset, std::uint32_t folds, std::uint32_t fold,
                                std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> of_class = members_of_classes(dataset, {});
  std::vector<bool> for_test(dataset.samples().size());
  for (std::size_t label = 0; label < of_class.size(); ++label) {
    std::vector<std::size_t>& members = of_class[label];
    draw_to_front(members, members.size(), RandomSequence(seed, Purpose::scene, split_stream, label));
    for (std::size_t i = fold; i < members.size(); i += folds) for_test[members[i]] = true;
  }
  expect_both_sides(for_test);
  return for_test;
}

std::vector<bool> split_by_speaker(const Dataset& dataset, const std::vector<std::string>& speakers) {
  if (dataset.speakers().empty())
    throw UsageError("--hold-out: the data set does not say who its speakers are");
  std::vector<bool> held(dataset.speakers().size());
  for (const std::string& speaker : speakers) {
    const auto found = std::find(dataset.speakers().begin(), dataset.speakers().end(), speaker);
    if (found == dataset.speakers().end())
      throw UsageError(unknown_name("speaker", speaker, "--hold-out", dataset.speakers()));
    held[static_cast<std::size_t>(found - dataset.speakers().begin())] = true;
  }
  std::vector<bool> for_test;
  for_test.reserve(dataset.samples().size());
  for (const SampleEntry& entry : dataset.samples())
    for_test.push_back(entry.speaker && held[*entry.speaker]);
  expect_both_sides(for_test);
  return for_test;
}

std::vector<bool> split_by_recording(const Dataset& dataset) {
  std::vector<bool> for_test;
  for_test.reserve(dataset.samples().size());
  for (const SampleEntry& entry : dataset.samples()) {
    const std::size_t last = entry.name.rfind('_');
    const std::string number = last == std::string::npos ? "" : entry.name.substr(last + 1);
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos ||
        entry.name.find('_') == last)
      throw UsageError("--official: sample '" + entry.name +
                       "' has no number; expected names of the spoken digits, as 7_jackson_32");
    for_test.push_back(number.size() == 1 && number[0] <= '4');
  }
  expect_both_sides(for_test);
  return for_test;
}

}  // namespace flurry
