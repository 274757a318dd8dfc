// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/event_reader.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/recording/raw_header.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

std::string failure(const std::filesystem::path& path, std::string_view format = {}) {
  try {
    static_cast<void>(read_recording(path, format));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
std::string failure_of(std::string_view bytes) { return failure(TemporaryRecording(bytes).path()); }

/// EVT2 words of a pixel walking along a row, `clocks` TIME_HIGH words in all.
std::string evt2_body(std::uint32_t clocks) {
  std::vector<std::uint32_t> words;
  for (std::uint32_t i = 0; i < clocks; ++i) {
    words.push_back(0x80000000U | (1000 + i));
    words.push_back(0x10000000U | i << 22U | i << 11U | 50U);
  }
  return words32(words);
}
std::string evt3_body(std::uint32_t clocks) {
  std::vector<std::uint32_t> words;
  for (std::uint32_t i = 0; i < clocks; ++i)
    words.insert(words.end(), {0x8000U | (100 + i), 0x6010U, 50U, 0x2800U | i});
  return words16(words);
}

std::string format_of(const std::string& bytes, std::string_view extension) {
  const TemporaryRecording file(bytes, extension);
  return is_recording(file.path()) ? std::string(recognise_recording(file.path()).name) : "";
}

}  // namespace

TEST_CASE("the catalogue holds the formats in order, each described") {
  std::vector<std::string> names;
  for (const EventFormat& format : event_formats()) {
    names.emplace_back(format.name);
    CHECK_FALSE(format.title.empty());
    CHECK_FALSE(format.clock.empty());
    CHECK(format.extensions.starts_with("."));
  }
  for (const char* name :
       {"aedat1", "aedat2", "aedat3", "aedat4", "atis", "csv", "dat", "es", "evt2", "evt21", "evt3", "hdf5",
        "mcap", "npy", "npz", "prophesee-hdf5", "rosbag1", "rosbag2"})
    CHECK(std::count(names.begin(), names.end(), name) == 1);
}

TEST_CASE("a format is recognised by content whatever the file's extension") {
  for (const char* extension : {".raw", ".es", ".bin", ".toml", ""}) {
    CHECK(format_of("% evt 2.0\n% end\n", extension) == "evt2");
    CHECK(format_of("% evt 3.0\n% format EVT3;height=1;width=1\n% end\n", extension) == "evt3");
    CHECK(format_of(std::string("Event Stream\x02\x00\x00\x01\x01\x00\x01\x00", 20), extension) == "es");
    CHECK(format_of(evt2_body(1), extension) == "evt2");
    CHECK(format_of(evt2_body(60), extension) == "evt2");
    CHECK(format_of(evt3_body(1), extension) == "evt3");
    CHECK(format_of(evt3_body(60), extension) == "evt3");
    CHECK(format_of("% Date 2014-02-28 12:00:00\n" + evt3_body(60), extension) == "evt3");
    CHECK(format_of("% Date 2014-02-28 12:00:00\n" + evt2_body(60), extension) == "evt2");
  }
}

TEST_CASE("what is no recording is refused by what it looks like") {
  CHECK(holds(failure_of(""), "an empty file"));
  CHECK(holds(failure_of("id,x,y,z\n1,2,3,0\n"), "text: 'id,x,y,z'"));
  CHECK(holds(failure_of(std::string("\x89HDF\r\n\x1a\n", 8)), "an HDF5 file"));
  CHECK(holds(failure_of("#!AER-DAT4.1\r\n"), "AEDAT 4"));
  for (const char* other : {"HISTO3D", "DIFF3D", "AER-8b", "AER-4b"})
    CHECK(holds(failure_of("% format " + std::string(other) + ";height=4;width=4\n% end\n"), other));
  CHECK(holds(failure_of(std::string(4, '\0')), "the bytes 00 00 00 00;"));
  CHECK(holds(failure_of("% Date today\n"), "a percent header that names no format"));
  CHECK(holds(failure_of(""), "; read are "));
}

TEST_CASE("what is no recording is told with what can be done about it, where that is known") {
  CHECK(holds(failure_of("\xff\xd8\xff\xe0 JFIF"),
              "a JPEG image; an image is no recording, but 'flurry record'"));
  CHECK(holds(failure_of("% format HISTO3D;height=4;width=4\n% end\n"), "EVT2, EVT2.1 and EVT3 hold events"));
  CHECK(holds(failure_of("\x1f\x8b\x08 packed"), "a gzip file; unpack it first; read are"));
  CHECK(
      holds(failure_of("RIFF    WAVE"), "'flurry dataset encode' turns a folder of WAV sounds into spikes"));
  CHECK(holds(failure_of(""), "nothing was recorded, or copying failed"));
}

TEST_CASE("random bytes, zeros and text are no recording") {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 65535; ++i) {
    state = state * 1664525U + 1013904223U;
    noise += static_cast<char>(state >> 24U);
  }
  for (const std::size_t size : {20U, 500U, 65535U}) {
    CHECK(format_of(noise.substr(0, size), "") == "");
    CHECK(format_of(std::string(size, '\0'), "") == "");
    CHECK(format_of(std::string(size, '\xff'), "") == "");
  }
}

TEST_CASE("quiet sound and sparse tables are no recording") {
  std::vector<std::uint32_t> sound;
  std::vector<std::uint32_t> table;
  RandomSequence random(5, Purpose::test, 0, 0);
  for (int i = 0; i < 20000; ++i) {
    const int loudness = i % 1000 == 0 ? 65536 : 400;
    sound.push_back(
        (random.below(static_cast<std::uint32_t>(loudness)) - static_cast<std::uint32_t>(loudness) / 2) &
        0xffffU);
    table.push_back(i % 50 == 0 ? random() : 0U);
  }
  CHECK(format_of(words16(sound), "") == "");
  CHECK(format_of(words32(table), "") == "");
  CHECK(holds(failure_of("RIFF" + words16(sound)), "a RIFF file"));
}

TEST_CASE("a header that contradicts itself or the format asked for is refused") {
  CHECK(holds(failure_of("% format EVT3;height=4;width=4\n% evt 2.0\n% end\n"), "EVT3 and EVT2"));
  CHECK(holds(failure_of("% format EVT3;height=4;width=4\n% geometry 5x4\n% end\n"), "4x4 and 5x4"));
  CHECK(holds(failure_of("% evt 3.0\n% geometry 5x"), "ends inside its header, after byte 10"));
  const TemporaryRecording file("% evt 3.0\n% end\n");
  CHECK(holds(failure(file.path(), "evt2"), "the header says EVT3, not EVT2"));
}

TEST_CASE("a header without geometry is looked up by Prophesee's number of the camera") {
  const auto size_of = [](const std::string& lines) {
    const SensorSize sensor = parse_raw_header("% evt 3.0\n" + lines + "% end\n").sensor;
    return std::to_string(sensor.width) + "x" + std::to_string(sensor.height);
  };
  CHECK(size_of("% integrator_name Prophesee\n% system_ID 21\n") == "640x480");
  CHECK(size_of("% system_ID 48\n") == "1280x720");
  CHECK(size_of("% system_ID 48\n% geometry 320x320\n") == "320x320");
  CHECK(size_of("% system_ID 49\n") == "0x0");
  CHECK(size_of("% camera_integrator_name Somebody\n% system_ID 21\n") == "0x0");
}

TEST_CASE("a format name that is not known is refused with the nearest one") {
  const TemporaryRecording file(evt2_body(9));
  CHECK_THROWS_AS(static_cast<void>(recognise_recording(file.path(), "evt4")), UsageError);
  CHECK(holds(failure(file.path(), "evt4"), "evt4"));
}

TEST_CASE("what cannot be read is a system error and never waited for") {
  const auto folder = std::filesystem::temp_directory_path();
  CHECK_THROWS_AS(static_cast<void>(is_recording(folder)), SystemError);
  CHECK_THROWS_AS(static_cast<void>(read_recording(folder, "evt2")), SystemError);
  CHECK_THROWS_AS(static_cast<void>(read_recording(folder / "flurry_no_such_file.raw")), SystemError);
  const TemporaryRecording name("");
  std::filesystem::remove(name.path());
  REQUIRE(mkfifo(name.path().c_str(), 0600) == 0);
  CHECK_THROWS_AS(static_cast<void>(is_recording(name.path())), SystemError);
}

TEST_CASE("a recording without events is one") {
  const EventRecording r = read_bytes("% evt 2.0\n% end\n", "");
  CHECK(r.events.empty());
  CHECK(r.sensor.width == 0);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("a recording larger than the buffer is read without a seam") {
  std::vector<AddressEvent> events;
  for (std::uint32_t i = 0; i < 400'000; ++i)
    events.push_back({std::int64_t{i} * 3, static_cast<std::uint16_t>(i * 7 % 640),
                      static_cast<std::uint16_t>(i * 11 % 480), i % 3 == 0});
  const TemporaryRecording file("");
  write_recording(file.path(), "evt3", {640, 480}, events);
  REQUIRE(std::filesystem::file_size(file.path()) > (std::uintmax_t{2} << 20U));
  CHECK(read_recording(file.path()).events == events);
}
