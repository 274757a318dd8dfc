// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/evt3_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

namespace {

constexpr std::uint32_t addr_y = 0, addr_x = 2, vect_base_x = 3, vect_12 = 4, vect_8 = 5, time_low = 6,
                        time_high = 8;
constexpr std::uint32_t vector_pixels =
    32;  // 12 + 12 + 8: readers exist that take vectors in such triples only
constexpr std::size_t worthwhile_vector = 5;  // events; the triple and its base are four words
constexpr std::int64_t epoch = 4096;          // values of TIME_HIGH
constexpr std::size_t flush_bytes = std::size_t{1} << 18U;

std::string words(SensorSize s) { return std::to_string(s.width) + "x" + std::to_string(s.height); }

SystemError refused(const std::filesystem::path& path, std::string_view what) {
  return SystemError{path.string() + ": " + std::string(what) + ": " +
                     std::generic_category().message(errno)};
}

}  // namespace

Evt3Writer::Evt3Writer(std::filesystem::path path, SensorSize sensor)
    : path_(std::move(path)), partial_(path_), sensor_(sensor) {
  if (sensor.width < 1 || sensor.width > 2048 || sensor.height < 1 || sensor.height > 2048)
    throw UsageError(path_.string() + ": EVT3 holds sensors from 1x1 to 2048x2048, not " + words(sensor));
  partial_ += ".partial";
  errno = 0;
  file_.open(partial_, std::ios::binary | std::ios::trunc);
  if (!file_) throw refused(partial_, "cannot be opened for writing");
  buffer_ = "% format EVT3;height=" + std::to_string(sensor.height) +
            ";width=" + std::to_string(sensor.width) + "\n% end\n";
}

Evt3Writer::~Evt3Writer() {
  if (!file_.is_open()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void Evt3Writer::write(std::span<const AddressEvent> events) {
  while (!events.empty()) {
    check(events.front());
    put_time(events.front().t);
    const std::size_t taken = put_pixels(events);
    count_ += taken;
    events = events.subspan(taken);
    if (buffer_.size() >= flush_bytes) flush();
  }
}

void Evt3Writer::close() {
  flush();
  errno = 0;
  file_.close();
  std::error_code error(errno, std::generic_category());
  if (file_) std::filesystem::rename(partial_, path_, error);
  if (!error) return;
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
  throw SystemError(path_.string() + ": cannot be completed: " + error.message());
}

void Evt3Writer::put(std::uint32_t type, std::uint32_t value) {
  buffer_ += static_cast<char>(value & 0xffU);
  buffer_ += static_cast<char>(type << 4U | value >> 8U);
}

void Evt3Writer::check(const AddressEvent& event) const {
  if (event.t >= std::max(time_, std::int64_t{0}) && event.x < sensor_.width && event.y < sensor_.height)
      [[likely]]
    return;
  const std::string where = path_.string() + ": event " + std::to_string(count_);
  if (event.t < 0)
    throw UsageError(where + " is at " + std::to_string(event.t) + " us; EVT3 holds no negative times");
  if (event.t < time_)
    throw UsageError(where + " at " + std::to_string(event.t) + " us comes after one at " +
                     std::to_string(time_) + " us; sort the events by time");
  throw UsageError(where + " at x " + std::to_string(event.x) + ", y " + std::to_string(event.y) +
                   " lies outside the sensor of " + words(sensor_));
}

void Evt3Writer::put_time(std::int64_t t) {
  if (t == time_) return;
  put_clock(t >> 12);
  put(time_low, static_cast<std::uint32_t>(t & 0xfff));
  time_ = t;
}

// Like a camera, every value of TIME_HIGH in turn; only a silence longer than an epoch leaps to each epoch's
// end.
void Evt3Writer::put_clock(std::int64_t high) {
  if (high_ < 0) high_ = std::min(high, epoch - 1) - 1;
  while (high_ != high) {
    const std::int64_t epoch_end = high_ / epoch * epoch + epoch - 1;
    const bool leap = high - high_ > epoch && high_ != epoch_end && high_ >= 0;
    high_ = leap ? epoch_end : high_ + 1;
    put(time_high, static_cast<std::uint32_t>(high_ % epoch));
  }
}

// How many events at the front one vector triple can hold: one instant, row and polarity, x rising within 32
// pixels.
std::size_t Evt3Writer::vector_length(std::span<const AddressEvent> rest) const {
  const AddressEvent& first = rest.front();
  const std::uint32_t base = first.x / vector_pixels * vector_pixels;
  if (base + vector_pixels > sensor_.width) return 0;
  std::size_t length = 1;
  while (length < rest.size()) {
    const AddressEvent& next = rest[length];
    const bool fits = next.t == first.t && next.y == first.y && next.on == first.on &&
                      next.x > rest[length - 1].x && next.x < base + vector_pixels;
    if (!fits) break;
    ++length;
  }
  return length;
}

std::size_t Evt3Writer::put_pixels(std::span<const AddressEvent> rest) {
  const AddressEvent& first = rest.front();
  if (first.y != row_) put(addr_y, first.y);
  row_ = first.y;
  const std::uint32_t polarity = first.on ? 0x800U : 0U;
  const std::size_t length = vector_length(rest);
  if (length < worthwhile_vector) {
    put(addr_x, polarity | first.x);
    return 1;
  }
  const std::uint32_t base = first.x / vector_pixels * vector_pixels;
  std::uint32_t mask = 0;
  for (const AddressEvent& event : rest.first(length)) mask |= 1U << (event.x - base);
  put(vect_base_x, polarity | base);
  put(vect_12, mask & 0xfffU);
  put(vect_12, mask >> 12U & 0xfffU);
  put(vect_8, mask >> 24U);
  return length;
}

void Evt3Writer::flush() {
  errno = 0;
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  file_.flush();
  if (!file_) throw refused(partial_, "cannot be written");
  buffer_.clear();
}

void write_evt3(const std::filesystem::path& path, SensorSize sensor, std::span<const AddressEvent> events) {
  Evt3Writer writer(path, sensor);
  writer.write(events);
  writer.close();
}

}  // namespace flurry
