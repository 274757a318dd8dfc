// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/error.hpp"
#include "tests/io/recording/csv_table.hpp"
#include "tests/io/recording/recording_bytes.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

/// Which of our formats a line of the manifest is about; "" if none.
std::string format_of(const CsvRow& row) {
  const std::string& words = row.at("format");
  if (words.starts_with("Prophesee RAW EVT3")) return "evt3";
  if (words.starts_with("Prophesee RAW EVT2.1")) return "evt21";
  if (words.starts_with("DAT v2") || words.starts_with("Prophesee DAT")) return "dat";
  if (words.starts_with("Prophesee HDF5")) return "prophesee-hdf5";
  if (words.starts_with("Prophesee RAW EVT2,") || words.starts_with("EVT2 words")) return "evt2";
  if (words.starts_with("AEDAT")) return "aedat" + words.substr(words.find_first_of("1234"), 1);
  if (words.starts_with("RPG text") || words.starts_with("CSV ")) return "csv";
  if (words.starts_with("npy ")) return "npy";
  if (words.starts_with("npz ")) return "npz";
  if (words.starts_with("DSEC layout")) return "hdf5";
  if (words.starts_with("ROS1 bag")) return "rosbag1";
  if (words.starts_with("rosbag2 sqlite3")) return "rosbag2";
  return words.starts_with("Event Stream 2.0 dvs") ? "es" : "";
}

/// A decimal number modulo 2^64.
std::uint64_t sum_modulo(const std::string& digits) {
  std::uint64_t value = 0;
  for (const char digit : digits) value = 10 * value + static_cast<std::uint64_t>(digit - '0');
  return value;
}

void check_against(const EventRecording& r, const CsvRow& row) {
  const auto number = [&](const char* name) { return std::stoll(row.at(name)); };
  std::uint64_t sum_t = 0;
  long long on = 0, back = 0, sum_x = 0, sum_y = 0;
  long long t_min = r.events.front().t, t_max = t_min, x_min = 65535, x_max = 0, y_min = 65535, y_max = 0;
  std::int64_t last = t_min;
  const bool from_the_bottom = r.format == "es" || r.format == "aedat1" || r.format == "aedat2";
  for (const AddressEvent& e : r.events) {
    const long long y = from_the_bottom ? static_cast<long long>(r.sensor.height) - 1 - e.y : e.y;
    on += e.on ? 1 : 0;
    back += e.t < last ? 1 : 0;
    last = e.t;
    sum_t += static_cast<std::uint64_t>(e.t);
    sum_x += e.x;
    sum_y += y;
    t_min = std::min<long long>(t_min, e.t);
    t_max = std::max<long long>(t_max, e.t);
    x_min = std::min<long long>(x_min, e.x);
    x_max = std::max<long long>(x_max, e.x);
    y_min = std::min(y_min, y);
    y_max = std::max(y_max, y);
  }
  const auto count = static_cast<long long>(r.events.size());
  CHECK(count == number("events"));
  CHECK(on == number("on"));
  CHECK(count - on == number("off"));
  if (row.at("t_first_us") == "-") return;  // a synthetic file
  CHECK(r.events.front().t == number("t_first_us"));
  CHECK(r.events.back().t == number("t_last_us"));
  CHECK(t_min == number("t_min_us"));
  CHECK(t_max == number("t_max_us"));
  CHECK(back == number("backward_steps"));
  CHECK(x_min == number("x_min"));
  CHECK(x_max == number("x_max"));
  CHECK(y_min == number("y_min"));
  CHECK(y_max == number("y_max"));
  if (row.at("sum_x").empty()) return;  // made from another recording
  // Sums of Unix times go beyond 64 bits.
  CHECK(sum_t == sum_modulo(row.at("sum_t_us")));
  CHECK(sum_x == number("sum_x"));
  CHECK(sum_y == number("sum_y"));
}

}  // namespace

TEST_CASE("recordings of the manifest are read to the last event") {
  for (const auto& manifest : reference_files("events", {"manifest.csv"})) {
    for (const CsvRow& row : csv_rows(manifest)) {
      const auto path = manifest.parent_path() / row.at("file");
      if (format_of(row).empty() || !std::filesystem::exists(path)) continue;
      CAPTURE(path.string());
      const EventRecording r = read_recording(path);
      REQUIRE(r.format == format_of(row));
      check_against(r, row);
      CHECK(r.statistics.damaged ==
            (path.filename().string().find("truncated") == std::string::npos ? 0 : 1));
      CHECK(r.statistics.bytes_read == std::filesystem::file_size(path));
      if (path.filename() == "evt3_trigger_640.raw") CHECK(r.statistics.triggers == 4157);
    }
  }
}

TEST_CASE("recordings of the manifest in formats that are not read are refused by name") {
  for (const auto& manifest : reference_files("events", {"manifest.csv"})) {
    for (const CsvRow& row : csv_rows(manifest)) {
      const auto path = manifest.parent_path() / row.at("file");
      if (!format_of(row).empty() || !std::filesystem::exists(path)) continue;
      CAPTURE(path.string());
      CHECK_FALSE(is_recording(path));
      CHECK_THROWS_AS(read_recording(path), FormatError);
    }
  }
}

TEST_CASE("one recording in EVT2, EVT2.1 and ECF is the same") {
  for (const auto& path : reference_files("events", {"evt2_sample.raw"})) {
    const auto derived = path.parent_path().parent_path() / "derived";
    if (!std::filesystem::exists(derived / "metavision_ecf.h5")) continue;
    const auto sorted = [](std::vector<AddressEvent> events) {
      std::sort(events.begin(), events.end());
      return events;
    };
    std::vector<AddressEvent> events = read_recording(path).events;
    CHECK(read_recording(derived / "metavision_ecf.h5").events == events);
    CHECK(sorted(read_recording(derived / "evt21_little.raw").events) == sorted(events));
    events.resize(60'000);
    CHECK(sorted(read_recording(derived / "evt21_legacy.raw").events) == sorted(events));
    CHECK_THROWS_WITH_AS(
        read_recording(derived / "evt21_little.raw", "evt2"),
        ((derived / "evt21_little.raw").string() + ": the header says EVT2.1, not EVT2").c_str(),
        FormatError);
  }
}

TEST_CASE("every N-MNIST recording has the events of the list") {
  for (const auto& list : reference_files("nmnist", {"list_train.csv"})) {
    std::size_t files = 0;
    for (const CsvRow& row : csv_rows(list)) {
      const auto path = list.parent_path() / row.at("file");
      if (!std::filesystem::exists(path)) continue;
      const EventRecording r = read_recording(path);
      const auto on = static_cast<std::size_t>(
          std::count_if(r.events.begin(), r.events.end(), [](const AddressEvent& e) { return e.on; }));
      const bool same = r.format == "atis" && std::to_string(r.events.size()) == row.at("events") &&
                        std::to_string(r.events.front().t) == row.at("t_first_us") &&
                        std::to_string(r.events.back().t) == row.at("t_last_us") &&
                        std::to_string(on) == row.at("on") &&
                        std::to_string(r.events.size() - on) == row.at("off") && r.statistics.damaged == 0 &&
                        r.sensor.width <= 34 && r.sensor.height <= 34;
      CHECK_MESSAGE(same, path.string());
      ++files;
    }
    CHECK(files > 0);
    MESSAGE("N-MNIST recordings read: " << files);
  }
}
