// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/sample_times.hpp"

namespace flurry {

/// What a report holds: one variable of some neurons of one population, over time.
struct ReportDescription {
  std::string population;
  std::string variable;
  std::string units;
  std::vector<std::uint64_t> node_ids;  // within the population, ascending
  SampleTimes times;
  double until = 0.0;             // ms asked for
  bool double_precision = false;  // else single, as SONATA's
};

/// Writes a SONATA report while a simulation runs: /report/<population>/{data, mapping}, chunked, compressed,
/// shared with other processes (SWMR) under "<path>.partial" until `finish` names it. HDF5 is called by one
/// thread at a time.
class ReportFileWriter {
 public:
  /// SystemError where the file cannot be made.
  ReportFileWriter(std::filesystem::path path, const ReportDescription& description);
  /// Goes on with "<path>.partial" as it was sealed; begins the log anew.
  ReportFileWriter(std::filesystem::path path, const ReportDescription& description,
                   const std::filesystem::path& log);
  /// Removes the temporary file if `finish` was never reached and nothing was sealed.
  ~ReportFileWriter();

  /// Makes this a place that can be led back to: Hdf5OutputFile::seal.
  std::uint64_t seal(const std::filesystem::path& log);
  /// Rows in the file.
  [[nodiscard]] std::uint64_t rows() const;

  /// Rows that make a chunk: appending multiples of it wastes no room.
  [[nodiscard]] std::uint64_t chunk_rows() const;
  /// Whole rows, time by time, neuron by neuron. SystemError where the disk is full: nothing of these rows is
  /// written then, and finish() still works.
  void append(std::span<const double> values);
  /// Rows that were not kept: NaN in the file, counted in the attribute `dropped`.
  void append_missing(std::uint64_t rows);
  /// Shows others what has been appended; done by itself twice a second.
  void flush();
  /// Ends the file; what it holds is complete up to the last row appended.
  void finish(bool complete);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// What a report says of itself.
struct ReportInfo {
  std::string population;
  std::string variable;  // "" where the file does not say
  std::string units;
  std::vector<std::uint64_t> node_ids;  // of each element
  std::vector<double> times;            // ms, of each row
  std::string status;                   // "complete", "incomplete", or "" where the file does not say
  double completed_until = 0.0;         // ms, if it does
  std::uint64_t dropped = 0;            // rows
};

/// A SONATA report, also while it is written.
class ReportFile {
 public:
  /// SystemError: missing; FormatError: no report, or damaged.
  explicit ReportFile(const std::filesystem::path& path);
  ~ReportFile();

  [[nodiscard]] const std::vector<ReportInfo>& populations() const;
  /// Rows first .. first + count of a population, one value for each element.
  [[nodiscard]] std::vector<double> rows(std::size_t population, std::uint64_t first,
                                         std::uint64_t count) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// True where the file is HDF5 and holds /report.
[[nodiscard]] bool is_report_file(const std::filesystem::path& path);

}  // namespace flurry
