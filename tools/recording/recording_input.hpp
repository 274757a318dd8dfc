// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/recording/event_reader.hpp"
#include "tools/cli/arguments.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/recording/event_order.hpp"

namespace flurry {

/// What a user says about how to read a recording, as typed.
struct RecordingOptions {
  std::string file;    // "-": standard input
  std::string format;  // "": by content
  std::vector<std::string> readings;
  std::string clock = "raw";
  std::string order = "keep";
  bool quiet = false;
  bool progress = false;
};

/// Declares all but `file`.
void declare_recording_options(Arguments& arguments, RecordingOptions& options);

/// A recording as the user wants it read: format, readings, order, clock; with a progress bar, and Ctrl-C
/// answered by Interrupted.
class RecordingInput {
 public:
  /// SystemError for a missing file; UsageError for options that cannot be; FormatError for what the format
  /// refuses. `title`: of the progress bar.
  RecordingInput(const RecordingOptions& options, const std::string& title);
  RecordingInput(const RecordingInput&) = delete;
  RecordingInput& operator=(const RecordingInput&) = delete;

  /// The next events, ordered and by the clock asked for; may be none. False after the last.
  bool read(std::vector<AddressEvent>& events);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const EventFormat& format() const { return *format_; }
  [[nodiscard]] SensorSize sensor() const { return reader_->sensor(); }
  [[nodiscard]] const ReadStatistics& statistics() const { return reader_->statistics(); }
  /// Events in the file, up to here.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// In the file, before any ordering.
  [[nodiscard]] const BackwardSteps& backward() const { return backward_; }
  /// Events that --order drop left out.
  [[nodiscard]] std::uint64_t late() const { return late_ ? late_->dropped() : 0; }

 private:
  void shift_clock(std::vector<AddressEvent>& events);
  void show_progress();

  std::string file_;
  std::uint64_t file_size_ = 0;  // 0 where nobody knows
  std::string clock_;
  const EventFormat* format_ = nullptr;
  std::unique_ptr<EventReader> reader_;
  BackwardSteps backward_;
  std::optional<LateEventFilter> late_;
  std::optional<EventSorter> sorter_;
  std::optional<std::int64_t> shift_;  // us; known with the first event
  std::uint64_t events_ = 0;
  bool ended_ = false;
  InterruptGuard guard_;
  double started_;  // s
  ProgressBar bar_;
};

/// The path of a file as typed: "-" is standard input. SystemError where there is no such file.
[[nodiscard]] std::filesystem::path existing_file(const std::string& file);

/// UsageError where `file` can be read only once, saying that `why` needs it twice.
void check_rereadable(const std::string& file, const std::string& why);

}  // namespace flurry
