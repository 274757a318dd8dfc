// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/recording/csv_table.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

namespace flurry::testing {

/// Seeded events on a 640x480 sensor whose times do not fall.
inline std::vector<AddressEvent> ordered_events(int count, std::uint64_t seed = 1) {
  RandomSequence random(seed, Purpose::test, 0, 0);
  std::vector<AddressEvent> events;
  std::int64_t t = 1'000'000;
  for (int i = 0; i < count; ++i) {
    t += random.below(20);
    events.push_back({t, static_cast<std::uint16_t>(random.below(640)),
                      static_cast<std::uint16_t>(random.below(480)), random.below(2) == 1});
  }
  return events;
}

/// Compares a file below events/ with its line of the manifest: counts, times, ranges, format by content.
inline void check_manifest(const std::string& file, std::string_view format, const Readings& readings = {}) {
  for (const auto& manifest : reference_files("events", {"manifest.csv"})) {
    const auto path = manifest.parent_path() / file;
    if (!std::filesystem::exists(path)) continue;
    CAPTURE(path.string());
    const EventRecording r = read_recording(path, "", readings);
    CHECK(r.format == format);
    CHECK(r.statistics.damage == "");
    CHECK(r.statistics.bytes_read == std::filesystem::file_size(path));
    REQUIRE_FALSE(r.events.empty());
    const auto by = [&](auto member, bool most) {
      const auto less = [member](const AddressEvent& a, const AddressEvent& b) {
        return a.*member < b.*member;
      };
      const auto it = most ? std::max_element(r.events.begin(), r.events.end(), less)
                           : std::min_element(r.events.begin(), r.events.end(), less);
      return std::to_string((*it).*member);
    };
    bool listed = false;
    for (const CsvRow& row : csv_rows(manifest)) {
      if (row.at("file") != file) continue;
      listed = true;
      CHECK(std::to_string(r.events.size()) == row.at("events"));
      const auto on =
          std::count_if(r.events.begin(), r.events.end(), [](const AddressEvent& e) { return e.on; });
      CHECK(std::to_string(on) == row.at("on"));
      if (row.at("t_first_us") == "-") continue;
      CHECK(std::to_string(r.events.front().t) == row.at("t_first_us"));
      CHECK(std::to_string(r.events.back().t) == row.at("t_last_us"));
      CHECK(by(&AddressEvent::x, false) == row.at("x_min"));
      CHECK(by(&AddressEvent::x, true) == row.at("x_max"));
      CHECK(by(&AddressEvent::y, false) == row.at("y_min"));
      CHECK(by(&AddressEvent::y, true) == row.at("y_max"));
    }
    CHECK(listed);
  }
}

/// A file derived from evt2_sample.raw against the source: its first events, `shift` us apart.
inline void check_derived(const std::string& file, std::int64_t shift = 0, const Readings& readings = {}) {
  for (const auto& source : reference_files("events", {"evt2_sample.raw"})) {
    const auto path = source.parent_path().parent_path() / file;
    if (!std::filesystem::exists(path)) continue;
    CAPTURE(path.string());
    const std::vector<AddressEvent> derived = read_recording(path, "", readings).events;
    std::vector<AddressEvent> original = read_recording(source).events;
    original.resize(derived.size());
    for (AddressEvent& event : original) event.t -= shift;
    CHECK((derived == original));
  }
}

/// Written as `format`, read, written again: the same events and the same bytes.
inline std::string check_column_round_trip(std::string_view format, SensorSize sensor,
                                           const std::vector<AddressEvent>& events) {
  const TemporaryRecording file("");
  write_recording(file.path(), format, sensor, events);
  const std::string bytes = file_bytes(file.path());
  const EventRecording r = read_recording(file.path());
  CHECK(r.format == format);
  CHECK((r.events == events));
  CHECK(r.statistics.damage == "");
  CHECK(r.statistics.bytes_read == bytes.size());
  write_recording(file.path(), format, sensor, r.events);
  CHECK((file_bytes(file.path()) == bytes));
  for (const std::size_t piece : {1U, 7U, 4095U, 5000U})
    CHECK((read_in_pieces(file.path(), format, piece) == events));
  return bytes;
}

}  // namespace flurry::testing
