// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/shd_dataset.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/dataset/sample_spikes.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t usual_channels = 700;  // SHD and SSC; their files do not say

void expect_rows(const Hdf5Dataset& list, std::uint64_t rows, const std::string& than) {
  if (list.size() != rows)
    throw FormatError("'" + list.where() + "' holds " + std::to_string(list.size()) + " samples but '" +
                      than + "' " + std::to_string(rows) + "; expected the same number");
}

/// Names 0, 1, ... where the file gives none, or fewer than are used.
std::vector<std::string> complete_names(std::vector<std::string> names, std::uint32_t used) {
  names.reserve(used);
  while (names.size() < used) names.push_back(std::to_string(names.size()));
  return names;
}

std::vector<std::string> names_in(const Hdf5Group& extra, const char* name) {
  if (!extra.has_dataset(name)) return {};
  const Hdf5Dataset list = extra.dataset(name);
  return list.is_text() ? list.read_texts() : std::vector<std::string>{};
}

std::uint32_t one_more_than_largest(const std::vector<std::uint16_t>& numbers) {
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1U;
}

void expect_numbered(std::size_t count, const char* what, const std::filesystem::path& path) {
  if (count > 65536)
    throw UsageError(path.string() + ": the layout of SHD numbers at most 65536 " + what + ", not " +
                     std::to_string(count));
}

}  // namespace

bool ShdDataset::holds(const std::filesystem::path& path) {
  try {
    if (!Hdf5File::is_hdf5(path)) return false;
    const Hdf5File file = Hdf5File::open(path);
    const Hdf5Group root = file.root();
    if (!root.has_group("spikes") || !root.has_dataset("labels")) return false;
    const Hdf5Group spikes = root.group("spikes");
    return spikes.has_dataset("times") && spikes.has_dataset("units");
  } catch (const Error&) {
    return false;
  }
}

ShdDataset::ShdDataset(const std::filesystem::path& path)
    : Dataset({"shd", {}, {}, {}, 0}),
      file_(Hdf5File::open(path)),
      times_(file_.root().group("spikes").dataset("times")),
      units_(file_.root().group("spikes").dataset("units")) {
  for (const Hdf5Dataset* list : {&times_, &units_})
    if (!list->is_ragged())
      throw FormatError("'" + list->where() + "' is no list of lists of numbers; expected one per sample");
  expect_rows(units_, times_.size(), times_.where());
  read_entries();
  count_channels();
}

void ShdDataset::read_entries() {
  const Hdf5Group root = file_.root();
  const auto labels = root.dataset("labels").read_list<std::uint16_t>();
  expect_rows(root.dataset("labels"), times_.size(), times_.where());
  std::vector<std::uint16_t> speakers;
  std::vector<std::string> names;
  if (root.has_group("extra")) {
    const Hdf5Group extra = root.group("extra");
    description_.classes = names_in(extra, "keys");
    description_.speakers = names_in(extra, "speaker_names");
    names = names_in(extra, "sample_names");
    if (extra.has_dataset("speaker")) {
      speakers = extra.dataset("speaker").read_list<std::uint16_t>();
      expect_rows(extra.dataset("speaker"), times_.size(), times_.where());
    }
  }
  description_.classes = complete_names(std::move(description_.classes), one_more_than_largest(labels));
  description_.speakers = complete_names(std::move(description_.speakers), one_more_than_largest(speakers));
  description_.samples.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    SampleEntry entry{labels[i], {}, i < names.size() ? names[i] : std::to_string(i)};
    if (!speakers.empty()) entry.speaker = speakers[i];
    description_.samples.push_back(std::move(entry));
  }
}

void ShdDataset::count_channels() {
  if (const auto channels = units_.find_natural("channels")) {
    if (*channels > 65536)
      throw FormatError("'" + units_.where() + "' promises " + std::to_string(*channels) +
                        " channels; allowed: up to 65536");
    description_.channels = static_cast<std::uint32_t>(*channels);
    return;
  }
  description_.channels = usual_channels;
  std::vector<std::uint16_t> units;
  for (std::size_t i = 0; i < samples().size(); ++i) {
    units_.read_row(i, units);
    description_.channels = std::max(description_.channels, one_more_than_largest(units));
  }
}

void ShdDataset::read(std::size_t index, SpikeSample& sample) {
  times_.read_row(index, sample.times);
  units_.read_row(index, sample.channels);
  const std::string row = "' row " + std::to_string(index);
  if (sample.times.size() != sample.channels.size())
    throw FormatError("'" + times_.where() + row + " holds " + std::to_string(sample.times.size()) +
                      " values but '" + units_.where() + row + ' ' + std::to_string(sample.channels.size()) +
                      "; expected the same number");
  for (const std::uint32_t channel : sample.channels)
    if (channel >= channels())
      throw FormatError("'" + units_.where() + row + " holds channel " + std::to_string(channel) +
                        "; expected numbers below " + std::to_string(channels()));
  sort_by_time(sample);
}

ShdWriter::ShdWriter(std::filesystem::path path, std::uint32_t channels,
                     const std::vector<std::string>& classes, const std::vector<std::string>& speakers)
    : file_(std::move(path)),
      times_(file_.root().create_group("spikes").create_ragged<float>("times")),
      units_(file_.root().group("spikes").create_ragged<std::uint16_t>("units")),
      channels_(channels),
      classes_(classes),
      speakers_(speakers) {
  expect_numbered(channels, "channels", file_.path());
  expect_numbered(classes.size(), "classes", file_.path());
  expect_numbered(speakers.size(), "speakers", file_.path());
  units_.set_attribute("channels", channels);
  file_.flush();
}

void ShdWriter::write(const SampleEntry& entry, const SpikeSample& sample) {
  const std::string who = file_.path().string() + ": sample '" + entry.name + "' has ";
  if (entry.label >= classes_.size())
    throw UsageError(who + "label " + std::to_string(entry.label) + "; allowed: below " +
                     std::to_string(classes_.size()));
  if (entry.speaker && *entry.speaker >= speakers_.size())
    throw UsageError(who + "speaker " + std::to_string(*entry.speaker) + "; allowed: below " +
                     std::to_string(speakers_.size()));
  if (sample.times.size() != sample.channels.size())
    throw InternalError("a sample has as many times as channels");
  row_times_.clear();
  row_units_.clear();
  row_times_.reserve(sample.times.size());
  row_units_.reserve(sample.times.size());
  for (std::size_t i = 0; i < sample.times.size(); ++i) {
    if (sample.channels[i] >= channels_)
      throw UsageError(who + "a spike on channel " + std::to_string(sample.channels[i]) +
                       "; allowed: below " + std::to_string(channels_));
    row_times_.push_back(static_cast<float>(sample.times[i]));
    row_units_.push_back(static_cast<std::uint16_t>(sample.channels[i]));
  }
  times_.append_row(std::span<const float>(row_times_));
  units_.append_row(std::span<const std::uint16_t>(row_units_));
  entries_.push_back(entry);
  if (entries_.size() % 1024 == 0) file_.flush();
}

void ShdWriter::close() {
  Hdf5Group root = file_.root();
  std::vector<std::uint16_t> labels;
  std::vector<std::uint16_t> speakers;
  std::vector<std::string> names;
  for (const SampleEntry& entry : entries_) {
    labels.push_back(static_cast<std::uint16_t>(entry.label));
    if (entry.speaker) speakers.push_back(static_cast<std::uint16_t>(*entry.speaker));
    names.push_back(entry.name);
  }
  root.write("labels", labels);
  Hdf5Group extra = root.create_group("extra");
  extra.write_texts("keys", classes_);
  extra.write_texts("sample_names", names);
  if (!entries_.empty() && speakers.size() == entries_.size()) {
    extra.write("speaker", speakers);
    extra.write_texts("speaker_names", speakers_);
  }
  file_.commit();
}

}  // namespace flurry
