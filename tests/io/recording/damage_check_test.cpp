// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/io/recording/damage_check.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/recording/recording_bytes.hpp"

namespace {

std::atomic<std::size_t> largest{0};

void* allocate(std::size_t bytes) {
  std::size_t seen = largest.load(std::memory_order_relaxed);
  while (bytes > seen && !largest.compare_exchange_weak(seen, bytes)) {
  }
  if (void* block = std::malloc(bytes == 0 ? 1 : bytes)) return block;
  throw std::bad_alloc();
}

}  // namespace

// Counted for largest_allocation().
void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return std::malloc(bytes); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }

namespace flurry::testing {

void watch_allocations() { largest = 0; }
std::size_t largest_allocation() { return largest; }

namespace {

constexpr std::size_t room = 5000;  // events at once

/// What came of reading a damaged file.
struct Outcome {
  std::string refusal;  // "" if it was read
  std::vector<AddressEvent> events;
  SensorSize sensor;
  ReadStatistics statistics;
};

Outcome read_damaged(std::string_view format, const std::string& bytes) {
  const TemporaryRecording file(bytes);
  Outcome outcome;
  try {
    const std::unique_ptr<EventReader> reader = recognise_recording(file.path(), format).open(file.path());
    std::vector<AddressEvent> part(room);
    while (const std::size_t got = reader->read(part)) {
      REQUIRE(got <= part.size());
      outcome.events.insert(outcome.events.end(), part.begin(),
                            part.begin() + static_cast<std::ptrdiff_t>(got));
      REQUIRE(outcome.events.size() <= 16 * bytes.size() + room);  // no file of any format holds more
    }
    outcome.sensor = reader->sensor();
    outcome.statistics = reader->statistics();
  } catch (const FormatError& error) {
    outcome.refusal = error.what();
  }
  return outcome;
}

bool one_sentence(std::string_view text) {
  return !text.empty() && text.size() < 500 && text.find('\n') == std::string_view::npos;
}

}  // namespace

void check_cuts(std::string_view format, const std::string& bytes, std::size_t cuts) {
  CAPTURE(format);
  const Outcome whole = read_damaged(format, bytes);
  REQUIRE(whole.refusal.empty());
  REQUIRE_FALSE(whole.events.empty());
  for (std::size_t cut = 1; cut <= std::min(cuts, bytes.size()); ++cut) {
    CAPTURE(cut);
    const Outcome r = read_damaged(format, bytes.substr(0, bytes.size() - cut));
    if (!r.refusal.empty()) {
      CHECK(one_sentence(r.refusal));
      continue;
    }
    CHECK(is_prefix(r.events, whole.events));
    CHECK(r.statistics.damaged <= whole.statistics.damaged + 1);
    if (r.statistics.damaged > whole.statistics.damaged)
      CHECK(r.statistics.damage.find("byte offset ") != std::string::npos);
  }
}

void check_flips(std::string_view format, const std::string& bytes, std::size_t cases) {
  CAPTURE(format);
  RandomSequence random(1, Purpose::test, 0, 0);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (std::size_t i = 0; i < cases; ++i) {
    CAPTURE(i);
    std::string flipped = bytes;
    for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips)
      flipped[random.below(size)] = static_cast<char>(random());
    watch_allocations();
    const Outcome r = read_damaged(format, flipped);
    const std::size_t most = largest_allocation();
    if (most > (std::size_t{4} << 20U) + 64 * bytes.size())
      FAIL_CHECK("allocated " << most << " bytes at once");
    if (!r.refusal.empty()) {
      if (!one_sentence(r.refusal)) FAIL_CHECK("refused with: " << r.refusal);
      continue;
    }
    const bool inside = std::all_of(r.events.begin(), r.events.end(), [&](const AddressEvent& event) {
      return (r.sensor.width == 0 || event.x < r.sensor.width) &&
             (r.sensor.height == 0 || event.y < r.sensor.height);
    });
    if (!inside) FAIL_CHECK("an event off the sensor of " << r.sensor.width << "x" << r.sensor.height);
    if ((r.statistics.damaged > 0) == r.statistics.damage.empty())
      FAIL_CHECK(r.statistics.damaged << " places of damage, said: '" << r.statistics.damage << "'");
  }
}

}  // namespace flurry::testing

using namespace flurry;
using namespace flurry::testing;

TEST_CASE(
    "a generated EVT3 recording, cut and with bytes changed, is read to its end or refused in a sentence") {
  RandomSequence random(2, Purpose::test, 0, 0);
  std::vector<AddressEvent> events;
  std::int64_t t = 0;
  for (int i = 0; i < 300; ++i) {
    t += random.below(200);
    events.push_back({t, static_cast<std::uint16_t>(random.below(320)),
                      static_cast<std::uint16_t>(random.below(240)), random.below(2) == 1});
  }
  const TemporaryRecording file("");
  write_recording(file.path(), "evt3", {320, 240}, events);
  const std::string bytes = file_bytes(file.path());
  check_cuts("evt3", bytes);
  check_flips("evt3", bytes);
}
