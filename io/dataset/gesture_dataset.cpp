// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/gesture_dataset.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "io/dataset/sample_folder.hpp"
#include "io/dataset/sample_spikes.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

constexpr std::string_view table_ending = "_labels.csv";
constexpr std::size_t buffered_events = std::size_t{1} << 16U;

bool is_table(const std::filesystem::path& path) { return path.string().ends_with(table_ending); }

/// The recording a table belongs to: the same name with another ending.
std::filesystem::path recording_of(const std::filesystem::path& table,
                                   const std::vector<std::filesystem::path>& files) {
  const std::string name = table.string();
  const std::string stem = name.substr(0, name.size() - table_ending.size());
  for (const std::filesystem::path& file : files)
    if (!is_table(file) && std::filesystem::path(file).replace_extension().string() == stem) return file;
  throw FormatError(name + ": there is no recording of this name beside it; expected " +
                    std::filesystem::path(stem).filename().string() + ".aedat");
}

std::int64_t whole_number(std::string_view text, const std::string& where) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    throw FormatError(where + ": '" + std::string(text) + "' is no whole number >= 0");
  return value;
}

}  // namespace

bool GestureFolder::holds(const std::filesystem::path& folder) {
  const std::vector<std::filesystem::path> files = files_below(folder);
  return std::any_of(files.begin(), files.end(), is_table);
}

GestureFolder::GestureFolder(const std::filesystem::path& folder, const DatasetEncoding& encoding)
    : Dataset({"gesture", {}, {}, {}, 0}), encoding_(encoding), sensor_(encoding.sensor) {
  const std::vector<std::filesystem::path> files = files_below(folder);
  for (const std::filesystem::path& table : files) {
    if (!is_table(table)) continue;
    files_.push_back(recording_of(table, files));
    read_table(table, trials_);
    const std::string stem = files_.back().stem().string();
    const std::string user = stem.substr(0, stem.find('_'));
    if (description_.speakers.empty() || description_.speakers.back() != user)
      description_.speakers.push_back(user);
    std::size_t of_file = 0;
    while (description_.samples.size() < trials_.size())
      description_.samples.push_back({0, static_cast<std::uint32_t>(description_.speakers.size() - 1),
                                      stem + '_' + std::to_string(of_file++)});
  }
  number_classes();
  if (sensor_.width == 0) {
    const SensorSize named = recognise_recording(files_.front()).open(files_.front())->sensor();
    sensor_ = named.width == 0 ? PixelGrid{128, 128} : PixelGrid{named.width, named.height};
  }
  description_.channels = encoding_.event_channels(sensor_);
}

void GestureFolder::read_table(const std::filesystem::path& table, std::vector<Trial>& trials) const {
  std::istringstream lines(read_text_file(table));
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const std::string_view text = trimmed(line);
    const bool names = number == 1 && (text.empty() || text.front() < '0' || text.front() > '9');
    if (names || text.empty()) continue;
    const std::string where = table.string() + ":" + std::to_string(number);
    const std::vector<std::string> cells = split(line, ',');
    if (cells.size() != 3) throw FormatError(where + ": expected three columns: class, start and end in us");
    Trial trial{files_.size() - 1, whole_number(cells[1], where), whole_number(cells[2], where),
                std::to_string(whole_number(cells[0], where))};
    if (trial.end < trial.start) throw FormatError(where + ": the trial ends before it starts");
    trials.push_back(std::move(trial));
  }
}

void GestureFolder::number_classes() {
  std::vector<std::string>& classes = description_.classes;
  for (const Trial& trial : trials_) classes.push_back(trial.label);
  std::sort(classes.begin(), classes.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;  // as numbers
  });
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  for (std::size_t i = 0; i < trials_.size(); ++i)
    description_.samples[i].label = static_cast<std::uint32_t>(
        std::find(classes.begin(), classes.end(), trials_[i].label) - classes.begin());
}

void GestureFolder::rewind(std::size_t file) {
  reader_ = recognise_recording(files_[file]).open(files_[file]);
  open_file_ = file;
  taken_until_ = std::numeric_limits<std::int64_t>::min();
  next_ = count_ = 0;
}

const AddressEvent* GestureFolder::peek() {
  if (next_ == count_) {
    buffer_.resize(buffered_events);
    next_ = 0;
    count_ = reader_->read(buffer_);
  }
  return next_ < count_ ? &buffer_[next_] : nullptr;
}

void GestureFolder::read(std::size_t index, SpikeSample& sample) {
  const Trial& trial = trials_.at(index);
  if (!reader_ || open_file_ != trial.file || trial.start < taken_until_) rewind(trial.file);
  std::vector<AddressEvent> events;
  for (const AddressEvent* event = peek(); event != nullptr && event->t < trial.end; event = peek()) {
    if (event->t >= trial.start) events.push_back(*event);
    ++next_;
  }
  taken_until_ = trial.end;
  expect_on_sensor(events, sensor_, files_[trial.file]);
  shift_times(events, trial.start);
  set_spikes(sample, encoding_.events(events, sensor_));
}

}  // namespace flurry
