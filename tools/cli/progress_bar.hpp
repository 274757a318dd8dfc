// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace flurry {

/// A line on a terminal that says how far a long job is and when it will end. It appears after a second, is
/// redrawn ten times a second at most, and leaves nothing behind.
class ProgressBar {
 public:
  using Clock = std::function<double()>;  // seconds

  /// Draws nothing unless `wanted`. `out` and `clock` are stderr and the wall clock unless a test says
  /// otherwise.
  ProgressBar(std::string title, bool wanted);
  ProgressBar(std::string title, bool wanted, std::ostream& out, Clock clock);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` from 0 to 1.
  void update(double done, std::string_view detail = {});
  /// Removes the line.
  void clear();

 private:
  void draw(double done, std::string_view detail, double elapsed);

  std::string title_;
  bool wanted_ = false;
  std::ostream* out_ = nullptr;
  Clock clock_;
  double started_ = 0.0;
  double drawn_ = 0.0;
  bool visible_ = false;
};

/// Whether to show progress: never when quiet, always when forced, else where stderr is a terminal.
[[nodiscard]] bool progress_wanted(bool forced, bool quiet);

/// "1:02:03", "2:05", "12 s": a time to wait.
[[nodiscard]] std::string waiting_text(double seconds);

}  // namespace flurry
