// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/progress_bar.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "tools/cli/process_ranks.hpp"

namespace flurry {
namespace {

constexpr double appears_after = 1.0;  // s
constexpr double redraw_every = 0.1;   // s
constexpr int width = 24;              // characters

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

ProgressBar::ProgressBar(std::string title, bool wanted)
    : ProgressBar(std::move(title), wanted, std::cerr, &wall_clock) {}

ProgressBar::ProgressBar(std::string title, bool wanted, std::ostream& out, Clock clock)
    : title_(std::move(title)), wanted_(wanted), out_(&out), clock_(std::move(clock)), started_(clock_()) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(double done, std::string_view detail) {
  if (!wanted_) return;
  const double now = clock_();
  if (now - started_ < appears_after || (visible_ && now - drawn_ < redraw_every)) return;
  drawn_ = now;
  draw(std::clamp(done, 0.0, 1.0), detail, now - started_);
}

void ProgressBar::draw(double done, std::string_view detail, double elapsed) {
  const int filled = static_cast<int>(done * width);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
  std::string line = fmt::format("\r{} {} {:3.0f} %", title_, bar, done * 100.0);
  if (done > 0.0) line += fmt::format("  {} left", waiting_text(elapsed * (1.0 - done) / done));
  if (!detail.empty()) line += fmt::format("  {}", detail);
  *out_ << line << "\x1b[K" << std::flush;
  visible_ = true;
}

void ProgressBar::clear() {
  if (visible_) *out_ << "\r\x1b[K" << std::flush;
  visible_ = false;
}

bool progress_wanted(bool forced, bool quiet) {
  return !quiet && process_ranks().rank() == 0 && (forced || ::isatty(STDERR_FILENO) == 1);
}

std::string waiting_text(double seconds) {
  const auto whole = std::llround(std::max(0.0, seconds));
  if (whole < 100) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace flurry
