// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/evt3_encoder.hpp"

#include <algorithm>

namespace flurry {

namespace {

constexpr std::uint32_t addr_y = 0, addr_x = 2, vect_base_x = 3, vect_12 = 4, vect_8 = 5, time_low = 6,
                        time_high = 8;
constexpr std::size_t worthwhile_vector = 5;  // events; a triple (12 + 12 + 8) and its base are four words
constexpr std::int64_t epoch = 4096;          // values of TIME_HIGH

void put(std::uint32_t type, std::uint32_t value, std::string& bytes) {
  bytes += static_cast<char>(value & 0xffU);
  bytes += static_cast<char>(type << 4U | value >> 8U);
}

}  // namespace

std::string Evt3Encoder::header() const {
  return "% format EVT3;height=" + std::to_string(sensor_.height) +
         ";width=" + std::to_string(sensor_.width) + "\n% end\n";
}

void Evt3Encoder::encode(std::span<const AddressEvent> events, std::string& bytes) {
  for (const AddressEvent& event : events) {
    if (!continues_run(event)) put_run(bytes);
    run_[run_length_++] = event;
  }
}

bool Evt3Encoder::continues_run(const AddressEvent& event) const {
  if (run_length_ == 0) return true;
  const AddressEvent& last = run_[run_length_ - 1];
  return event.t == last.t && event.y == last.y && event.on == last.on && event.x > last.x &&
         event.x / vector_pixels == last.x / vector_pixels;
}

void Evt3Encoder::put_run(std::string& bytes) {
  if (run_length_ == 0) return;
  const AddressEvent& first = run_.front();
  put_time(first.t, bytes);
  if (first.y != row_) put(addr_y, first.y, bytes);
  row_ = first.y;
  // Readers exist that take vectors in triples only, and those must not reach beyond the sensor.
  const std::uint32_t end = first.x / vector_pixels * vector_pixels + vector_pixels;
  if (run_length_ >= worthwhile_vector && end <= sensor_.width)
    put_vector(bytes);
  else
    for (std::size_t i = 0; i < run_length_; ++i) put(addr_x, (first.on ? 0x800U : 0U) | run_[i].x, bytes);
  run_length_ = 0;
}

void Evt3Encoder::put_vector(std::string& bytes) {
  const AddressEvent& first = run_.front();
  const std::uint32_t base = first.x / vector_pixels * vector_pixels;
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < run_length_; ++i) mask |= 1U << (run_[i].x - base);
  put(vect_base_x, (first.on ? 0x800U : 0U) | base, bytes);
  put(vect_12, mask & 0xfffU, bytes);
  put(vect_12, mask >> 12U & 0xfffU, bytes);
  put(vect_8, mask >> 24U, bytes);
}

void Evt3Encoder::put_time(std::int64_t t, std::string& bytes) {
  if (t == time_) return;
  put_clock(t >> 12, bytes);
  put(time_low, static_cast<std::uint32_t>(t & 0xfff), bytes);
  time_ = t;
}

// Like a camera, every value of TIME_HIGH in turn; only a silence longer than an epoch leaps to each epoch's
// end.
void Evt3Encoder::put_clock(std::int64_t high, std::string& bytes) {
  if (high_ < 0) high_ = std::min(high, epoch - 1) - 1;
  while (high_ != high) {
    const std::int64_t epoch_end = high_ / epoch * epoch + epoch - 1;
    const bool leap = high - high_ > epoch && high_ != epoch_end && high_ >= 0;
    high_ = leap ? epoch_end : high_ + 1;
    put(time_high, static_cast<std::uint32_t>(high_ % epoch), bytes);
  }
}

}  // namespace flurry
