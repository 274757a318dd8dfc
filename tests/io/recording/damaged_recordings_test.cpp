// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/recording/raw_header.hpp"
#include "tests/io/recording/recording_bytes.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

/// Real files of the formats that are read, small ones only.
std::vector<std::filesystem::path> readable_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& path : reference_files("events", {".raw", ".evt2bin", ".es", "td.dat"}))
    if (is_recording(path)) files.push_back(path);
  for (const auto& path : reference_files("nmnist", {"sample_nmnist.bin"})) files.push_back(path);
  return files;
}

/// How a format tells the time: in words or records of `bytes`, `clock_bytes` of them from `clock_at` on,
/// where a value of TIME_HIGH (of a DAT record's time) stands for `unit` us and wraps with `mask`.
struct ClockWords {
  std::size_t bytes, clock_at, clock_bytes;
  std::uint32_t mask;
  std::int64_t unit;
};
ClockWords clock_words(const std::string& format, const std::string& bytes) {
  if (format == "evt2") return {4, 0, 4, 0xfffffffU, 64};
  if (format == "evt21")
    return {8, parse_raw_header(bytes).endianness == "legacy" ? 0U : 4U, 4, 0xfffffffU, 64};
  if (format == "evt3") return {2, 0, 2, 0xfffU, 4096};
  return {8, 0, 4, 0xffffffffU, 1};
}
std::size_t body_of(const std::string& format, const std::string& bytes) {
  return parse_raw_header(bytes).bytes + (format == "dat" ? 2 : 0);
}

/// Adds `shift` to each clock word.
std::string with_clock_moved(std::string bytes, const std::string& format, std::uint32_t shift) {
  const ClockWords words = clock_words(format, bytes);
  for (std::size_t i = body_of(format, bytes); i + words.bytes <= bytes.size(); i += words.bytes) {
    char* clock = bytes.data() + i + words.clock_at;
    const std::uint32_t word = words.clock_bytes == 2 ? load_le16(clock) : load_le32(clock);
    if (format != "dat" && word >> (8 * words.clock_bytes - 4) != 8) continue;
    const std::uint32_t moved = (word & ~words.mask) | ((word + shift) & words.mask);
    for (std::size_t k = 0; k < words.clock_bytes; ++k)
      clock[k] = static_cast<char>(moved >> (8 * k) & 0xffU);
  }
  return bytes;
}

}  // namespace

TEST_CASE("real recordings cut at each of their last 64 bytes give whole events and one place of damage") {
  for (const auto& path : readable_files()) {
    CAPTURE(path.string());
    const std::string bytes = file_bytes(path);
    const EventRecording whole = read_recording(path);
    const std::size_t header = body_of(whole.format, bytes);
    const std::size_t word = whole.format == "atis" ? 5 : clock_words(whole.format, bytes).bytes;
    for (std::size_t cut = 1; cut <= 64; ++cut) {
      const std::size_t size = bytes.size() - cut;
      const EventRecording r = read_bytes(std::string_view(bytes).substr(0, size), whole.format);
      CHECK(is_prefix(r.events, whole.events));
      CHECK(r.events.size() + 32 * cut >= whole.events.size());
      CHECK(r.statistics.bytes_read == size);
      CHECK(r.statistics.damaged <= 1);
      if (whole.format == "es") continue;  // its words are of one or five bytes
      const std::size_t rest = (size - header) % word;
      CHECK(r.statistics.damaged == (rest == 0 ? 0 : 1));
      if (rest != 0) CHECK(r.statistics.damage.ends_with("at byte offset " + std::to_string(size - rest)));
    }
  }
}

TEST_CASE("real recordings with random bytes flipped are read to the end without an event off the sensor") {
  RandomSequence random(7, Purpose::test, 0, 0);
  for (const auto& path : readable_files()) {
    CAPTURE(path.string());
    const std::string bytes = file_bytes(path);
    const EventRecording whole = read_recording(path);
    const std::size_t header = whole.format == "es" ? 20 : body_of(whole.format, bytes);
    for (int round = 0; round < 10; ++round) {
      std::string flipped = bytes.substr(0, 200'000);
      for (int k = 0; k < 200; ++k) {
        const auto at = header + random.below(static_cast<std::uint32_t>(flipped.size() - header));
        flipped[at] = static_cast<char>(random());
      }
      const EventRecording r = read_bytes(flipped, whole.format);
      CHECK(r.statistics.bytes_read == flipped.size());
      CHECK(r.events.size() > 100);
      const bool on_sensor = std::all_of(r.events.begin(), r.events.end(), [&](const AddressEvent& e) {
        return e.x < r.sensor.width && e.y < r.sensor.height && e.x < 16384 && e.y < 16384;
      });
      CHECK(on_sensor);
    }
  }
}

TEST_CASE("real recordings give the same events however few are asked for at once") {
  for (const auto& path : readable_files()) {
    CAPTURE(path.string());
    const EventRecording whole = read_recording(path);
    for (const std::size_t piece : {1U, 7U, 4096U}) CHECK(read_in_pieces(path, "", piece) == whole.events);
  }
}

TEST_CASE("a real recording moved across the wrap of its clock keeps every time difference") {
  for (const auto& path : readable_files()) {
    const EventRecording whole = read_recording(path);
    if (whole.format == "es" || whole.format == "atis") continue;
    CAPTURE(path.string());
    const std::string bytes = file_bytes(path);
    const ClockWords words = clock_words(whole.format, bytes);
    const std::int64_t unit = words.unit;
    const std::int64_t range = (std::int64_t{words.mask} + 1) * unit;
    // The middle event comes to lie just before the wrap.
    const std::int64_t middle = whole.events[whole.events.size() / 2].t / unit;
    const std::int64_t shift = range / unit - 1 - middle;
    const std::string moved = with_clock_moved(bytes, whole.format, static_cast<std::uint32_t>(shift));
    const EventRecording r = read_bytes(moved, whole.format);
    REQUIRE(r.events.size() == whole.events.size());
    CHECK(r.events.back().t >= range);
    bool same = true;
    for (std::size_t i = 0; i < r.events.size(); ++i) {
      AddressEvent expected = whole.events[i];
      expected.t += shift * unit;
      same = same && r.events[i] == expected;
    }
    CHECK(same);
    CHECK(r.statistics.damaged == 0);
  }
}
