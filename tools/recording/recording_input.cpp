// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/recording_input.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr std::size_t piece = 16384;  // events read at once

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void check_choice(const std::string& value, const std::string& option, std::span<const std::string> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    throw UsageError(unknown_name("value", value, option, allowed));
}

Readings readings_of(const std::vector<std::string>& texts) {
  Readings readings;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw UsageError("--reading '" + text +
                       "' is not NAME=VALUE; `flurry formats` lists what each format leaves open");
    readings[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return readings;
}

}  // namespace

void declare_recording_options(Arguments& arguments, RecordingOptions& options) {
  arguments.option("--from", options.format, "FORMAT",
                   "read as this recording format, whatever the content (see flurry formats)");
  arguments.repeated("--reading", options.readings, "NAME=VALUE",
                     "how to read what the format leaves open (see flurry formats)");
  arguments.option("--clock", options.clock, "raw|zero|unix",
                   "times as the format's rule gives them (default), from the first event, or Unix time");
  arguments.option("--order", options.order, "keep|sort|drop",
                   "where time runs back: as in the file (default), sorted, or late events left out");
  arguments.flag("-q,--quiet", options.quiet, "show no progress and no summary");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
}

std::filesystem::path existing_file(const std::string& file) {
  std::filesystem::path path = file == "-" ? "/dev/stdin" : file;
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) throw SystemError("there is no file '" + file + "'");
  return path;
}

void check_rereadable(const std::string& file, const std::string& why) {
  std::error_code failed;
  if (std::filesystem::is_other(existing_file(file), failed))
    throw UsageError(why + " needs to read the recording twice, and '" + file +
                     "' can be read only once; save it as a file first");
}

RecordingInput::RecordingInput(const RecordingOptions& options, const std::string& title)
    : file_(options.file),
      clock_(options.clock),
      started_(seconds_now()),
      bar_(title, progress_wanted(options.progress, options.quiet)) {
  check_choice(options.clock, "--clock", std::vector<std::string>{"raw", "zero", "unix"});
  check_choice(options.order, "--order", std::vector<std::string>{"keep", "sort", "drop"});
  const Readings readings = readings_of(options.readings);
  const std::filesystem::path path = existing_file(options.file);
  format_ = &recognise_recording(path, options.format);
  reader_ = format_->open(path, readings);
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  file_size_ = unknown ? 0 : size;
  if (options.order == "drop") late_.emplace();
  if (options.order == "sort") sorter_.emplace(options.file);
}

bool RecordingInput::read(std::vector<AddressEvent>& events) {
  if (ended_) return false;
  events.resize(piece);  // those that were there already need not be made again
  events.resize(reader_->read(events));
  ended_ = events.empty();
  events_ += events.size();
  show_progress();
  backward_.add(events);
  if (late_) late_->apply(events);
  if (sorter_ && ended_) sorter_->finish(events);
  if (sorter_ && !ended_) sorter_->apply(events);
  if (clock_ != "raw" && !events.empty()) shift_clock(events);
  return !ended_ || !events.empty();
}

void RecordingInput::shift_clock(std::vector<AddressEvent>& events) {
  if (!shift_) {
    shift_ = clock_ == "unix" ? reader_->unix_offset()
                              : static_cast<std::int64_t>(-static_cast<std::uint64_t>(events.front().t));
    if (!shift_)
      throw UsageError(file_ + ": this " + std::string(format_->name) +
                       " recording does not say when it was made, so --clock unix cannot be; allowed here: "
                       "raw and zero");
  }
  // Modulo 2^64: times from damaged files may be anything.
  for (AddressEvent& event : events)
    event.t =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(event.t) + static_cast<std::uint64_t>(*shift_));
}

void RecordingInput::show_progress() {
  if (InterruptGuard::requested())
    throw Interrupted(fmt::format("interrupted after {} events of {}; nothing was written", events_, file_));
  const double done =
      file_size_ == 0 ? 0.0 : static_cast<double>(statistics().bytes_read) / static_cast<double>(file_size_);
  const double rate = 1e-6 * static_cast<double>(events_) / std::max(seconds_now() - started_, 1e-9);
  bar_.update(done, fmt::format("{:.3g} million events/s", rate));
}

}  // namespace flurry
