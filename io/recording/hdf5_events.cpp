// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/hdf5_events.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

namespace {

constexpr std::size_t rows_at_once = std::size_t{1} << 16U;  // a call of HDF5 costs as much as some 1000 rows

std::string joined_path(const std::string& group, const std::string& name) {
  return group.empty() ? name : group + "/" + name;
}

Hdf5Group group_at(const Hdf5File& file, const std::string& path) {
  return path.empty() ? file.root() : file.root().group(path);
}

/// The events directly within a group.
std::optional<Hdf5EventPlace> events_in(const Hdf5Group& group, const std::string& path) {
  Hdf5EventPlace place;
  place.group = path;
  for (const std::string& name : group.members()) {
    const std::optional<Column> column = column_named(name);
    if (!column && name != "events") continue;
    if (!group.has_dataset(name)) continue;
    const Hdf5Dataset data = group.dataset(name);
    const std::vector<std::uint64_t> shape = data.shape();
    if (!data.is_number()) continue;
    if (column && shape.size() == 1) place.lists[static_cast<std::size_t>(*column)] = name;
    if (!column && shape.size() == 2 && shape[1] >= column_count) place.matrix = name;
  }
  const bool lists = std::find(place.lists.begin(), place.lists.end(), "") == place.lists.end();
  if (!lists && place.matrix.empty()) return std::nullopt;
  if (lists) place.matrix.clear();
  return place;
}

std::optional<Hdf5EventPlace> events_below(const Hdf5Group& group, const std::string& path, int depth) {
  constexpr int deepest = 3;
  constexpr std::size_t most_members = 1000;  // files of events hold few
  if (std::optional<Hdf5EventPlace> here = events_in(group, path)) return here;
  const std::vector<std::string> names = group.members();
  if (depth == deepest || names.size() > most_members) return std::nullopt;
  for (const std::string& name : names) {
    if (!group.has_group(name)) continue;
    if (auto found = events_below(group.group(name), joined_path(path, name), depth + 1)) return found;
  }
  return std::nullopt;
}

std::optional<Hdf5EventPlace> matrix_at(const Hdf5Group& root, const std::string& path) {
  if (path.empty() || !root.has_dataset(path)) return std::nullopt;
  Hdf5EventPlace place;
  const std::size_t slash = path.rfind('/');
  place.group = slash == std::string::npos ? "" : path.substr(0, slash);
  place.matrix = slash == std::string::npos ? path : path.substr(slash + 1);
  return place;
}

void expect_filters(const Hdf5Dataset& data) {
  if (const std::optional<std::string> filter = data.missing_filter())
    throw FormatError(
        "'" + data.where() + "' is compressed with " + *filter +
        ", which is not installed; install that HDF5 filter plugin (Debian: hdf5-filter-plugin, "
        "hdf5-filter-plugin-blosc-serial) or set HDF5_PLUGIN_PATH to where it lies");
}

SensorSize sensor_of(const Hdf5Group& group) {
  const auto pixels = [&](const char* name) {
    const std::optional<std::uint64_t> found = group.find_natural(name);
    return found && *found <= 65536 ? static_cast<std::uint32_t>(*found) : 0U;
  };
  const SensorSize sensor{pixels("width"), pixels("height")};
  return sensor.width == 0 || sensor.height == 0 ? SensorSize{} : sensor;
}

/// DSEC's t_offset (us), beside the group of the events or in it; 0 where there is none.
std::int64_t time_offset(const Hdf5Group& root, const std::string& group) {
  for (const std::string& name : {joined_path(group, "t_offset"), std::string("t_offset")}) {
    if (!root.has_dataset(name)) continue;
    const Hdf5Dataset data = root.dataset(name);
    if (data.is_number() && data.size() == 1) return data.read<std::int64_t>().front();
  }
  return 0;
}

}  // namespace

std::optional<Hdf5EventPlace> find_events(const Hdf5Group& root, const std::string& wanted) {
  if (auto matrix = matrix_at(root, wanted)) return matrix;
  if (wanted.empty()) return events_below(root, "", 0);
  return root.has_group(wanted) ? events_in(root.group(wanted), wanted) : std::nullopt;
}

MillisecondIndex::MillisecondIndex(std::optional<Hdf5Dataset> index) : index_(std::move(index)) {
  if (!index_) return;
  const std::vector<std::uint64_t> shape = index_->shape();
  if (shape.size() == 1 && index_->is_number() && !index_->missing_filter())
    entries_ = shape[0];
  else
    index_.reset();
}

bool MillisecondIndex::disagrees(std::span<const std::int64_t> times, std::uint64_t first_row) {
  constexpr std::int64_t us_per_ms = 1000;
  constexpr std::uint64_t entries_at_once = 4096;
  for (std::size_t i = 0; index_ && i < times.size(); ++i) {
    while (entry_ < entries_ && times[i] >= static_cast<std::int64_t>(entry_) * us_per_ms) {
      if (entry_ >= begin_ + values_.size()) {
        begin_ = entry_;
        values_.resize(static_cast<std::size_t>(std::min(entries_at_once, entries_ - entry_)));
        index_->read_rows(begin_, std::span(values_));
      }
      if (values_[static_cast<std::size_t>(entry_ - begin_)] != static_cast<std::int64_t>(first_row + i)) {
        index_.reset();
        return true;
      }
      ++entry_;
    }
  }
  return false;
}

Hdf5EventReader::Hdf5EventReader(Hdf5File file, const Hdf5EventPlace& place, SensorSize sensor,
                                 const ColumnReadings& readings, std::int64_t added)
    : ColumnReader(sensor, readings.inverted),
      file_(std::move(file)),
      unit_(ColumnUnit::us),
      added_(added),
      index_(std::nullopt) {
  const Hdf5Group root = file_.root();
  const Hdf5Group group = group_at(file_, place.group);
  if (place.matrix.empty())
    for (const std::string& name : place.lists) data_.push_back(group.dataset(name));
  else
    data_.push_back(group.dataset(place.matrix));
  for (const Hdf5Dataset& data : data_) {
    expect_filters(data);
    if (!data.is_number() || data.shape().size() != (place.matrix.empty() ? 1U : 2U))
      throw FormatError("'" + data.where() + "' holds no columns of events");
    types_.push_back({data.is_real() ? NumberType::Kind::real : NumberType::Kind::integer, 8, false});
    const std::uint64_t rows = data.shape().front();
    if (&data != &data_.front() && rows != rows_)
      throw FormatError("'" + data.where() + "' holds " + std::to_string(rows) + " values, and " +
                        data_.front().path() + " " + std::to_string(rows_));
    rows_ = rows;
  }
  unit_ = unit_of(types_.front(), readings);
  if (!place.matrix.empty()) {
    const std::uint64_t width = data_.front().shape()[1];
    if (width < column_count || width > 64)
      throw FormatError("'" + data_.front().where() + "' has " + std::to_string(width) +
                        " columns; events have 4");
    width_ = static_cast<std::size_t>(width);
    const auto head = static_cast<std::size_t>(std::min<std::uint64_t>(rows_, ColumnBlock::most_rows));
    order_ = matrix_order(raw_numbers(data_.front(), 0, head * width_), head, width_, types_.front(),
                          readings, data_.front().where());
  } else if (root.has_dataset("ms_to_idx") && place.group == "events") {
    index_ = MillisecondIndex(root.dataset("ms_to_idx"));
  }
  file_size_ = std::filesystem::file_size(data_.front().file());
}

void Hdf5EventReader::load(ColumnBlock& block, ReadStatistics& statistics) {
  while (next_ < rows_ && block.rows == 0) {
    const std::uint64_t first = next_;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rows_at_once, rows_ - next_));
    next_ += count;
    try {
      width_ > 1 ? load_matrix(block, first, count) : load_lists(block, first, count);
      block.rows = count;
    } catch (const Error& error) {
      if (statistics.damaged++ == 0)
        statistics.damage = "the " + std::to_string(count) + " rows from " + std::to_string(first) +
                            " on cannot be read: " + error.what();
    }
  }
  statistics.bytes_read =
      next_ == rows_ ? file_size_
                     : static_cast<std::uint64_t>(static_cast<double>(next_) / static_cast<double>(rows_) *
                                                  static_cast<double>(file_size_));
  if (block.rows == 0) return;
  const std::span<std::int64_t> times = block.column(0, block.rows);
  if (index_.disagrees(times, next_ - block.rows) && statistics.damaged++ == 0)
    statistics.damage =
        "ms_to_idx disagrees with the times of the events from ms " + std::to_string(index_.entry()) + " on";
  if (added_ != 0)
    for (std::int64_t& time : times)
      if (__builtin_add_overflow(time, added_, &time)) time = no_number;
}

void Hdf5EventReader::load_lists(ColumnBlock& block, std::uint64_t first, std::size_t count) {
  for (std::size_t c = 0; c < column_count; ++c) {
    const std::span<std::int64_t> column = block.column(c, count);
    if (types_[c].kind == NumberType::Kind::real) {
      const char* const numbers = raw_numbers(data_[c], first, count);
      if (c == 0)
        load_times(numbers, 8, types_[c], unit_, column);
      else
        load_whole(numbers, 8, types_[c], column);
      continue;
    }
    data_[c].read_rows(first, column);
    if (c == 0 && unit_ != ColumnUnit::us)
      for (std::int64_t& time : column) time = to_us(time, unit_);
  }
}

void Hdf5EventReader::load_matrix(ColumnBlock& block, std::uint64_t first, std::size_t count) {
  const NumberType type = types_.front();
  const char* const numbers = raw_numbers(data_.front(), first, count * width_);
  load_times(numbers + order_[0] * type.bytes, width_ * type.bytes, type, unit_, block.column(0, count));
  for (std::size_t c = 1; c < column_count; ++c)
    load_whole(numbers + order_[c] * type.bytes, width_ * type.bytes, type, block.column(c, count));
}

const char* Hdf5EventReader::raw_numbers(const Hdf5Dataset& data, std::uint64_t first, std::size_t numbers) {
  if (data.is_real()) {
    if (real_.size() < numbers) real_.resize(numbers);
    data.read_rows(first, std::span(real_).first(numbers));
    return reinterpret_cast<const char*>(real_.data());
  }
  if (whole_.size() < numbers) whole_.resize(numbers);
  data.read_rows(first, std::span(whole_).first(numbers));
  return reinterpret_cast<const char*>(whole_.data());
}

std::string Hdf5EventReader::place(std::uint64_t row) const {
  return "in row " + std::to_string(row) + " of " + data_.front().path();
}

std::unique_ptr<EventReader> open_hdf5_events(const std::filesystem::path& path, const Readings& readings) {
  const ColumnReadings columns(readings, path.string());
  const auto chosen = [&](const char* name) {
    const auto it = readings.find(name);
    return it == readings.end() ? std::string() : it->second;
  };
  const std::string offset = chosen("offset");
  if (!offset.empty() && offset != "apart" && offset != "added")
    throw UsageError(path.string() + ": the reading 'offset' is '" + offset + "'; allowed are apart, added");
  Hdf5File file = Hdf5File::open(path);
  const Hdf5Group root = file.root();
  const std::string wanted = chosen("group");
  const std::optional<Hdf5EventPlace> place = find_events(root, wanted);
  if (!place)
    throw FormatError(path.string() + ": " + (wanted.empty() ? "no group" : "the group '" + wanted + "'") +
                      (wanted.empty() ? " holds" : " does not hold") +
                      " lists t, x, y and p (or ts, xs, ys and ps) or a matrix of events");
  const SensorSize sensor = sensor_of(group_at(file, place->group));
  const std::int64_t added = offset == "added" ? time_offset(root, place->group) : 0;
  return std::make_unique<Hdf5EventReader>(std::move(file), *place, sensor, columns, added);
}

}  // namespace flurry
