// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/record_stream.hpp"

#include <utility>

namespace flurry {

std::vector<double> SpareVectors::take() {
  const std::lock_guard lock(mutex_);
  if (spare_.empty()) return {};
  std::vector<double> values = std::move(spare_.back());
  spare_.pop_back();
  return values;
}

void SpareVectors::give_back(std::vector<double> values) {
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(values));
}

void RecordStream::record(const SampleRows& rows) {
  const std::size_t plane = rows.times.size() * neurons_;
  for (std::size_t v = 0; v < reports_.size(); ++v) {
    ReportStream& report = reports_[v];
    const auto part = rows.values.subspan(v * plane, plane);
    report.values.insert(report.values.end(), part.begin(), part.end());
    const std::size_t known = report.in_chunk + report.values.size();
    if (known >= report.chunk_values)
      hand_over(report, known / report.chunk_values * report.chunk_values - report.in_chunk, !drop_);
  }
}

void RecordStream::hand_over_all() {
  for (ReportStream& report : reports_)
    if (!report.values.empty()) hand_over(report, report.values.size(), true);
}

void RecordStream::hand_over(ReportStream& report, std::size_t count, bool wait) {
  const auto end = report.values.begin() + static_cast<std::ptrdiff_t>(count);
  auto values = std::make_shared<std::vector<double>>(spare_->take());
  values->assign(report.values.begin(), end);
  report.values.erase(report.values.begin(), end);
  report.in_chunk = (report.in_chunk + count) % report.chunk_values;
  ReportFileWriter* const writer = report.writer.get();
  const std::size_t bytes = count * sizeof(double);
  const auto work = [writer, values = std::move(values), spare = spare_] {
    writer->append(*values);
    spare->give_back(std::move(*values));
  };
  if (wait) {
    queue_->post(bytes, work);
  } else if (!queue_->try_post(bytes, work)) {
    dropped_ += count;
    queue_->post(0, [writer, rows = count / neurons_] { writer->append_missing(rows); });
  }
}

}  // namespace flurry
