// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "io/hdf5/hdf5_file.hpp"
#include "io/hdf5/hdf5_records.hpp"
#include "io/recording/ecf_codec.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// Reads the list /CD/events of an HDF5 file of Prophesee's tools, a chunk at a time. Chunks in Prophesee's
/// own compression are decoded here, so no plug-in is needed; all others are HDF5's.
class PropheseeHdf5Reader final : public EventReader {
 public:
  /// FormatError if there is no such list or a filter is unknown.
  explicit PropheseeHdf5Reader(const std::filesystem::path& path);

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }
  std::size_t read(std::span<AddressEvent> events) override;

 private:
  /// Decodes the next piece, to `room` if it is certain to fit, else to rest_; returns how many are in
  /// `room`.
  std::size_t next_piece(std::span<AddressEvent> room);
  std::size_t take_chunk(std::uint64_t length, std::span<AddressEvent> room);
  std::size_t take_records(std::uint64_t length, std::span<AddressEvent> room);
  /// Drops what lies off the sensor; returns how many are left.
  std::size_t keep_on_sensor(std::span<AddressEvent> events);
  std::span<AddressEvent> place(std::size_t count, std::span<AddressEvent> room);

  Hdf5File file_;
  Hdf5Records events_;
  std::uint64_t size_;
  std::uint64_t piece_;      // events
  bool compressed_ = false;  // with ECF
  SensorSize sensor_;
  std::uint64_t next_ = 0;    // the first event not yet read
  std::uint64_t offset_ = 0;  // of the chunk read last
  std::string bytes_;         // of a chunk
  EcfDecoder decoder_;
  std::vector<AddressEvent> block_;
  std::span<const AddressEvent> rest_;  // of block_, not yet handed out
  ReadStatistics statistics_;
};

}  // namespace flurry
