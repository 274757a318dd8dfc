// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5/hdf5_output_file.hpp"
#include "io/recording/column_reader.hpp"
#include "io/recording/event_limits.hpp"
#include "io/recording/event_writer.hpp"

namespace flurry {

/// Where an HDF5 file holds events: four lists of a group, or a matrix of N rows.
struct Hdf5EventPlace {
  std::string group;                            // "events", "davis/left"; "" for the root
  std::array<std::string, column_count> lists;  // t, x, y, p; empty for a matrix
  std::string matrix;
};

/// The first place in the file, or the one at or directly within `wanted` (a group or a matrix). Groups are
/// looked into in alphabetical order, three levels deep.
[[nodiscard]] std::optional<Hdf5EventPlace> find_events(const Hdf5Group& root, const std::string& wanted);

/// Compares ms_to_idx (for each ms, the first event not before it) with the times as they are read.
class MillisecondIndex {
 public:
  explicit MillisecondIndex(std::optional<Hdf5Dataset> index);
  /// True at the first entry that disagrees; then it looks no further.
  bool disagrees(std::span<const std::int64_t> times, std::uint64_t first_row);
  [[nodiscard]] std::uint64_t entry() const { return entry_; }

 private:
  std::optional<Hdf5Dataset> index_;  // nothing once there is no more to compare
  std::uint64_t entries_ = 0;
  std::uint64_t entry_ = 0;  // the next to compare
  std::uint64_t begin_ = 0;  // the first of values_
  std::vector<std::int64_t> values_;
};

/// Events from columns of an HDF5 file.
class Hdf5EventReader final : public ColumnReader {
 public:
  /// `added` us are added to each time.
  Hdf5EventReader(Hdf5File file, const Hdf5EventPlace& place, SensorSize sensor,
                  const ColumnReadings& readings, std::int64_t added);

 private:
  void load(ColumnBlock& block, ReadStatistics& statistics) override;
  void load_lists(ColumnBlock& block, std::uint64_t first, std::size_t count);
  void load_matrix(ColumnBlock& block, std::uint64_t first, std::size_t count);
  [[nodiscard]] std::string place(std::uint64_t row) const override;
  [[nodiscard]] const char* raw_numbers(const Hdf5Dataset& data, std::uint64_t first, std::size_t numbers);

  Hdf5File file_;
  std::vector<Hdf5Dataset> data_;  // t, x, y, p, or the matrix
  std::vector<NumberType> types_;
  ColumnOrder order_{};    // of the matrix
  std::size_t width_ = 1;  // numbers a row of it
  ColumnUnit unit_;
  std::int64_t added_;
  MillisecondIndex index_;
  std::uint64_t rows_ = 0;
  std::uint64_t next_ = 0;  // row
  std::uint64_t file_size_ = 0;
  std::vector<std::int64_t> whole_;  // as read
  std::vector<double> real_;
};

/// Opens `place` of a file. FormatError where its data are no columns of one length, or need a compression
/// that is not there; readings are those of the format hdf5.
[[nodiscard]] std::unique_ptr<EventReader> open_hdf5_events(const std::filesystem::path& path,
                                                            const Readings& readings);

/// Writes events/{t,x,y,p} as DSEC does, t as int64 us, and the sensor as attributes of the group.
class Hdf5EventWriter final : public EventWriter {
 public:
  Hdf5EventWriter(std::filesystem::path path, SensorSize sensor);
  void write(std::span<const AddressEvent> events) override;
  void close() override;

 private:
  void put_pending();

  EventCheck check_;
  Hdf5OutputFile file_;
  std::vector<Hdf5Dataset> lists_;     // t, x, y, p
  std::vector<AddressEvent> pending_;  // appended by the chunk, however they come
  std::uint64_t chunks_ = 0;
};

}  // namespace flurry
