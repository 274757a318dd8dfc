// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/recording/event_reader.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/reference_data.hpp"
#include "tools/cli/verb.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {
namespace record_test {

// Runs the verb without a word on stdout.
void record(std::vector<std::string> words) {
  const std::vector<Verb> verbs = all_verbs();
  const auto verb =
      std::find_if(verbs.begin(), verbs.end(), [](const Verb& v) { return v.name == "record"; });
  REQUIRE(verb != verbs.end());
  Arguments arguments(verb->name, verb->summary, verb->examples);
  const VerbAction action = verb->declare(arguments);
  words.emplace_back("--quiet");
  REQUIRE(arguments.parse(words));
  const int code = action();  // may throw: not within CHECK, which would catch
  CHECK(code == 0);
}

std::string refusal(const std::vector<std::string>& words) {
  return message_of<Error>([&] { record(words); });
}

// A bright square on black, `count` times, each brighter.
std::string idx_images(unsigned count) {
  std::string bytes("\0\0\x08\x03\0\0\0\0\0\0\0\x0a\0\0\0\x0a", 16);
  bytes[7] = static_cast<char>(count);
  for (unsigned i = 0; i < count; ++i)
    for (unsigned p = 0; p < 100; ++p) {
      const bool inside = p % 10 >= 3 && p % 10 < 7 && p / 10 >= 3 && p / 10 < 7;
      bytes += static_cast<char>(inside ? 120 + 60 * i : 0);
    }
  return bytes;
}

std::string pgm(char value) { return "P5 8 6 255\n" + std::string(48, value); }

}  // namespace record_test
}  // namespace

TEST_CASE("a scene is recorded, the same for the same seed and options") {
  const TemporaryFolder folder;
  const std::string a = (folder / "a.raw").string(), b = (folder / "b.raw").string(),
                    c = (folder / "c.raw").string();
  record_test::record({"bar-disc", "-o", a, "--duration", "80 ms"});
  record_test::record({"bar-disc", "-o", b, "--duration", "80 ms"});
  record_test::record({"bar-disc", "-o", c, "--duration", "80 ms", "--seed", "2"});
  CHECK(bytes_of(a) == bytes_of(b));
  CHECK(bytes_of(a) != bytes_of(c));
  const EventRecording recording = read_recording(a);
  CHECK(recording.format == "evt3");
  CHECK(recording.sensor.width == 96);
  CHECK(recording.sensor.height == 72);
  CHECK(recording.events.size() > 1000);
  record_test::record({"bar-disc", "-o", c, "--duration", "80 ms", "--threshold", "0.3", "--width", "40"});
  const EventRecording coarse = read_recording(c);
  CHECK(coarse.sensor.width == 40);
  CHECK(coarse.events.size() < recording.events.size() / 3);
}

TEST_CASE("images of an IDX file are recorded by number, or each into a folder, by one camera") {
  const TemporaryFolder folder;
  write_bytes(folder / "idx", record_test::idx_images(3));
  const std::string one = (folder / "one.raw").string();
  record_test::record({(folder / "idx").string(), "-o", one, "--index", "2", "--saccades"});
  record_test::record({(folder / "idx").string(), "-o", (folder / "all").string(), "--all", "--saccades"});
  CHECK(bytes_of(one) == bytes_of((folder / "all/00002.raw").string()));
  std::size_t before = 0;
  for (const char* name : {"all/00000.raw", "all/00001.raw", "all/00002.raw"}) {
    const EventRecording recording = read_recording(folder / name);
    CHECK(recording.sensor.width == 16);  // a rim of 3 pixels
    CHECK(recording.events.size() > before);
    before = recording.events.size();
  }
}

TEST_CASE("images make a film, or move by saccades") {
  const TemporaryFolder folder;
  write_bytes(folder / "1.pgm", record_test::pgm('\x10'));
  write_bytes(folder / "2.pgm", record_test::pgm('\x7f'));
  const std::string out = (folder / "film.raw").string();
  record_test::record({(folder / "1.pgm").string(), (folder / "2.pgm").string(), "-o", out, "--noise", "0 Hz",
                       "--leak", "0 Hz", "--mismatch", "0", "--refractory", "0 ms", "--frame-rate", "50 Hz",
                       "--dark", "0.3"});
  const EventRecording film = read_recording(out);
  CHECK(film.sensor.width == 8);
  // log of (0.3 + 0.7 * 127 / 255) / (0.3 + 0.7 * 16 / 255) is 0.634: four times 0.15.
  CHECK(film.events.size() == 48 * 4);
  CHECK(film.events.back().t < 20'000);
  record_test::record({(folder / "2.pgm").string(), "-o", out, "--saccades"});
  CHECK(read_recording(out).sensor.width == 14);
}

TEST_CASE("what cannot be recorded is refused in a sentence, and leaves no file") {
  const TemporaryFolder folder;
  write_bytes(folder / "idx", record_test::idx_images(3));
  write_bytes(folder / "1.pgm", record_test::pgm('\x10'));
  write_bytes(folder / "small.pgm", "P5 1 1 255\n1");
  write_bytes(folder / "x.png", "\x89PNG\r\n");
  const std::string out = (folder / "out.raw").string();
  using record_test::refusal;
  CHECK(contains(refusal({"-o", out}), "name what to record: bar-disc, images"));
  CHECK(contains(refusal({"bar-disc", "-o", (folder / "out").string()}), "choose one with --to"));
  CHECK(contains(refusal({"bar-disc", "-o", out, "--to", "aedat2"}),
                 "the format aedat2 is read but not written"));
  CHECK(contains(refusal({"bar-disc", "-o", out, "--saccades"}), "the scene moves by itself"));
  CHECK(contains(refusal({"bar-disc", "-o", out, "--index", "1"}), "choose among the images of an IDX file"));
  CHECK(contains(refusal({"bar-disc", "-o", out, "--threshold", "0"}),
                 "threshold_on is 0; it must be >= 0.01"));
  CHECK(contains(refusal({"bar-disc", "-o", out, "--width", "5000"}), "2048"));
  CHECK(contains(refusal({(folder / "1.pgm").string(), "-o", out}),
                 "an image that does not move gives no events but noise"));
  CHECK(contains(refusal({(folder / "1.pgm").string(), (folder / "small.pgm").string(), "-o", out}),
                 "must have one size"));
  CHECK(contains(refusal({(folder / "x.png").string(), "-o", out, "--saccades"}), "it is a PNG"));
  CHECK(contains(refusal({(folder / "none.pgm").string(), "-o", out}), "cannot read"));
  CHECK(contains(refusal({(folder / "idx").string(), "-o", out, "--index", "1"}), "--saccades"));
  CHECK(contains(refusal({(folder / "idx").string(), "-o", out, "--saccades"}),
                 "choose one with --index, or take --all"));
  CHECK(contains(refusal({(folder / "idx").string(), "-o", out, "--saccades", "--index", "3"}),
                 "holds 3 items"));
  CHECK(contains(refusal({(folder / "1.pgm").string(), "-o", out, "--saccades", "--dark", "0"}),
                 "luminance of black is 0"));
  CHECK_FALSE(std::filesystem::exists(out));
  CHECK_FALSE(std::filesystem::exists(out + ".partial"));
}

TEST_CASE("digits of MNIST give about as many events as those of N-MNIST") {
  const auto files = reference_files("images/mnist", {"t10k-images-idx3-ubyte.gz"});
  if (files.empty()) return;
  const TemporaryFolder folder;
  std::size_t events = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string out = (folder / "digit.raw").string();
    record_test::record({files.front().string(), "-o", out, "--index", std::to_string(i), "--saccades"});
    events += read_recording(out).events.size();
  }
  CHECK(events / 20 > 3000);
  CHECK(events / 20 < 5500);
}
