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

}  // namespace

std::vector<bool> split_by_fraction(const Dataset& dataset, double fraction, std::uint64_t seed) {
  if (!(fraction > 0.0 && fraction < 1.0))
    throw UsageError("--test is " + shortest(fraction) + "; allowed: above 0 and below 1");
  std::vector<std::vector<std::size_t>> of_class(dataset.classes().size());
  for (std::size_t i = 0; i < dataset.samples().size(); ++i)
    of_class[dataset.samples()[i].label].push_back(i);
  std::vector<bool> for_test(dataset.samples().size());
  for (std::size_t label = 0; label < of_class.size(); ++label) {
    std::vector<std::size_t>& members = of_class[label];
    const auto wanted =
        static_cast<std::size_t>(std::llround(fraction * static_cast<double>(members.size())));
    RandomSequence random(seed, Purpose::scene, split_stream, label);
    for (std::size_t i = 0; i < wanted; ++i) {  // the front of a shuffle (Fisher & Yates)
      const std::uint32_t other = random.below(static_cast<std::uint32_t>(members.size() - i));
      std::swap(members[i], members[i + other]);
      for_test[members[i]] = true;
    }
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
