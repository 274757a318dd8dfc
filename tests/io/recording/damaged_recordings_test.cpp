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
  for (const auto& path : reference_files("events", {".raw", ".evt2bin", ".es"}))
    if (is_recording(path)) files.push_back(path);
  for (const auto& path : reference_files("nmnist", {"sample_nmnist.bin"})) files.push_back(path);
  return files;
}

/// Replaces the value of each TIME_HIGH word by `shifted(value)`.
std::string with_time_high(std::string bytes, std::size_t word_bytes, std::uint32_t shift) {
  const std::uint32_t mask = word_bytes == 2 ? 0xfffU : 0xfffffffU;
  const std::size_t top = word_bytes - 1;
  for (std::size_t i = parse_raw_header(bytes).bytes; i + word_bytes <= bytes.size(); i += word_bytes) {
    if (static_cast<unsigned char>(bytes[i + top]) >> 4U != 8) continue;
    const std::uint32_t word = word_bytes == 2 ? load_le16(bytes.data() + i) : load_le32(bytes.data() + i);
    const std::uint32_t moved = (word & ~mask) | ((word + shift) & mask);
    for (std::size_t k = 0; k < word_bytes; ++k) bytes[i + k] = static_cast<char>(moved >> (8 * k) & 0xffU);
  }
  return bytes;
}

}  // namespace

TEST_CASE("real recordings cut at each of their last 64 bytes give whole events and one place of damage") {
  for (const auto& path : readable_files()) {
    CAPTURE(path.string());
    const std::string bytes = file_bytes(path);
    const EventRecording whole = read_recording(path);
    const std::size_t header = parse_raw_header(bytes).bytes;
    const std::size_t word = whole.format == "evt3" ? 2 : whole.format == "evt2" ? 4 : 5;
    for (std::size_t cut = 1; cut <= 64; ++cut) {
      const std::size_t size = bytes.size() - cut;
      const EventRecording r = read_bytes(std::string_view(bytes).substr(0, size), whole.format);
      CHECK(is_prefix(r.events, whole.events));
      CHECK(r.events.size() + 12 * cut >= whole.events.size());
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
    const std::size_t header = whole.format == "es" ? 20 : parse_raw_header(bytes).bytes;
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
        return e.x < r.sensor.width && e.y < r.sensor.height && e.x < 2048 && e.y < 2048;
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
    if (whole.format != "evt2" && whole.format != "evt3") continue;
    CAPTURE(path.string());
    const bool is_evt3 = whole.format == "evt3";
    const std::int64_t range = is_evt3 ? std::int64_t{1} << 24U : std::int64_t{1} << 34U;
    const std::int64_t unit = is_evt3 ? 4096 : 64;
    // The middle event comes to lie just before the wrap.
    const std::int64_t middle = whole.events[whole.events.size() / 2].t / unit;
    const std::int64_t shift = range / unit - 1 - middle;
    const std::string moved =
        with_time_high(file_bytes(path), is_evt3 ? 2 : 4, static_cast<std::uint32_t>(shift));
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
