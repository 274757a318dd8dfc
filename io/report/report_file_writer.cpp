// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/report/report_file.hpp"
#include "io/report/report_layout.hpp"
#include "io/spikes/spike_layout.hpp"

namespace flurry {
namespace {

constexpr std::uint64_t chunk_values = 1U << 16U;
constexpr std::uint64_t spare_bytes = 1U << 20U;  // what closing the file may take
constexpr std::chrono::milliseconds flush_interval{500};

using Clock = std::chrono::steady_clock;

std::uint64_t rows_of_chunk(std::uint64_t columns) {
  return std::max<std::uint64_t>(1, chunk_values / columns);
}

}  // namespace

struct ReportFileWriter::Content {
  Content(std::filesystem::path path, const ReportDescription& description);
  Content(std::filesystem::path path, const ReportDescription& description, const std::filesystem::path& log);
  void open_data();
  [[nodiscard]] double reached() const;
  void flush_now_and_then();
  void flush();
  void write_progress();

  Hdf5OutputFile file;
  std::string population;
  SampleTimes times;
  std::uint64_t columns;
  bool doubles;
  std::optional<Hdf5Group> status;
  std::optional<Hdf5Dataset> data;
  std::vector<float> singles;
  std::uint64_t rows = 0;
  std::uint64_t dropped = 0;
  double until;
  Clock::time_point last_flush = Clock::now();
};

ReportFileWriter::Content::Content(std::filesystem::path path, const ReportDescription& description)
    : file(std::move(path), true),
      population(description.population),
      times(description.times),
      columns(description.node_ids.size()),
      doubles(description.double_precision),
      until(description.until) {
  Hdf5Group root = file.root();
  Hdf5Group group = report_layout::create_population(root, description);
  const std::uint64_t chunk = rows_of_chunk(columns);
  data = doubles ? group.create_matrix<double>("data", columns, chunk)
                 : group.create_matrix<float>("data", columns, chunk);
  report_layout::describe(*data, description);
  status = report_layout::create_status(root, description);
  file.share();
}

ReportFileWriter::Content::Content(std::filesystem::path path, const ReportDescription& description,
                                   const std::filesystem::path& log)
    : file(std::move(path), log),
      population(description.population),
      times(description.times),
      columns(description.node_ids.size()),
      doubles(description.double_precision),
      until(description.until) {
  open_data();
  rows = data->shape().at(0);
  dropped = status->find_natural("dropped").value_or(0);
  status->set_attribute("until", until);
  if (times.is_regular())
    file.root()
        .group("report")
        .group(population)
        .group("mapping")
        .dataset("time")
        .replace(report_layout::regular_times(description));
  file.share();
}

// Of a file that was opened again.
void ReportFileWriter::Content::open_data() {
  data = file.root().group("report").group(population).dataset("data");
  status = file.root().group("provenance");
}

// Nothing between the last row and the next is missing.
double ReportFileWriter::Content::reached() const {
  return rows == 0 ? 0.0 : std::min(times[rows - 1], until);
}

void ReportFileWriter::Content::write_progress() {
  status->set_attribute("completed_until", reached());
  status->set_attribute("dropped", dropped);
}

void ReportFileWriter::Content::flush_now_and_then() {
  if (Clock::now() - last_flush >= flush_interval) flush();
}

void ReportFileWriter::Content::flush() {
  write_progress();
  file.flush();
  last_flush = Clock::now();
}

ReportFileWriter::ReportFileWriter(std::filesystem::path path, const ReportDescription& description)
    : content_(std::make_unique<Content>(std::move(path), description)) {}

ReportFileWriter::ReportFileWriter(std::filesystem::path path, const ReportDescription& description,
                                   const std::filesystem::path& log)
    : content_(std::make_unique<Content>(std::move(path), description, log)) {}

ReportFileWriter::~ReportFileWriter() = default;

std::uint64_t ReportFileWriter::seal(const std::filesystem::path& log) {
  Content& content = *content_;
  content.flush();
  const std::uint64_t size = content.file.seal(log);
  content.open_data();
  content.file.share();
  return size;
}

std::uint64_t ReportFileWriter::rows() const { return content_->rows; }

std::uint64_t ReportFileWriter::chunk_rows() const { return rows_of_chunk(content_->columns); }

void ReportFileWriter::append(std::span<const double> values) {
  Content& content = *content_;
  content.file.reserve(values.size() * sizeof(double) + spare_bytes);
  if (content.doubles) {
    content.data->append_rows(values);
  } else {
    content.singles.assign(values.begin(), values.end());
    content.data->append_rows(std::span<const float>(content.singles));
  }
  content.rows += values.size() / content.columns;
  content.flush_now_and_then();
}

void ReportFileWriter::append_missing(std::uint64_t rows) {
  Content& content = *content_;
  content.data->append_missing(rows);
  content.rows += rows;
  content.dropped += rows;
  content.flush_now_and_then();
}

void ReportFileWriter::flush() { content_->flush(); }

void ReportFileWriter::finish(bool complete) {
  Content& content = *content_;
  content.write_progress();
  if (complete) content.status->set_attribute("completed_until", content.until);
  content.status.reset();
  content.data.reset();
  content.file.reopen();
  Hdf5Group status = content.file.root().group("provenance");
  if (complete) status.set_attribute("status", spike_layout::complete);
  content.file.commit();
}

}  // namespace flurry
