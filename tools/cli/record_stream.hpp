// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/engine/state_recorder.hpp"
#include "core/parallel/work_queue.hpp"
#include "io/report/report_file.hpp"

namespace flurry {

/// Vectors that go from the thread that simulates to the one that writes, and back: the system's memory is
/// cleared page by page each time it is had.
class SpareVectors {
 public:
  [[nodiscard]] std::vector<double> take();
  void give_back(std::vector<double> values);

 private:
  std::mutex mutex_;
  std::vector<std::vector<double>> spare_;
};

/// One variable on its way to its file.
struct ReportStream {
  std::string path;
  std::unique_ptr<ReportFileWriter> writer;
  std::size_t chunk_values = 0;
  std::size_t in_chunk = 0;    // values handed over of the chunk that is not whole yet
  std::vector<double> values;  // not yet handed over
};

/// The variables of one record: gathers samples into whole chunks and hands them to the queue of the thread
/// that writes.
class RecordStream final : public StateRecorder {
 public:
  /// `drop`: leave chunks out where the queue is full, instead of waiting.
  RecordStream(std::size_t neurons, bool drop) : neurons_(neurons), drop_(drop) {}

  void add(ReportStream report) { reports_.push_back(std::move(report)); }
  void start(WorkQueue& queue) { queue_ = &queue; }

  void record(const SampleRows& rows) override;
  /// Hands over all there is.
  void hand_over_all();

  /// Samples left out.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] std::vector<ReportStream>& reports() { return reports_; }
  [[nodiscard]] const std::vector<ReportStream>& reports() const { return reports_; }

 private:
  void hand_over(ReportStream& report, std::size_t count, bool wait);

  std::size_t neurons_;
  bool drop_;
  WorkQueue* queue_ = nullptr;
  std::shared_ptr<SpareVectors> spare_ = std::make_shared<SpareVectors>();
  std::vector<ReportStream> reports_;
  std::uint64_t dropped_ = 0;
};

}  // namespace flurry
