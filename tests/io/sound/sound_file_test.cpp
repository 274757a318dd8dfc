// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sound/sound_file.hpp"

#include <bit>
#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/io/sound/wav_bytes.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("WAV of 16 bits: full scale is 1, channels are averaged, the rate is told") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.wav", wav_bytes({0, 16384, -32768, 32767}, 8000));
  CHECK(is_sound(folder / "a.wav"));
  const Sound sound = read_sound(folder / "a.wav");
  CHECK(sound.rate == 8000.0);
  CHECK(sound.samples == std::vector<float>{0.0F, 0.5F, -1.0F, 32767.0F / 32768.0F});
  write_bytes(folder / "b.wav", wav_bytes({8192, 16384, -8192, 8192}, 44100, 2));
  CHECK(read_sound(folder / "b.wav").samples == std::vector<float>{0.375F, 0.0F});
}

TEST_CASE("what is no sound is refused, a cut WAV gives its whole samples") {
  const TemporaryFolder folder;
  write_bytes(folder / "text.wav", "this is no sound at all, whatever its name says");
  CHECK_FALSE(is_sound(folder / "text.wav"));
  CHECK_FALSE(is_sound(folder / "missing.wav"));
  CHECK(contains(message_of<FormatError>([&] { (void)read_sound(folder / "text.wav"); }),
                 "text.wav: no sound that can be read"));
  CHECK_THROWS_AS((void)read_sound(folder / "missing.wav"), SystemError);
  CHECK_THROWS_AS((void)read_sound(folder.path()), SystemError);
  const std::string whole = wav_bytes({1, 2, 3, 4, 5, 6, 7, 8}, 8000);
  write_bytes(folder / "cut.wav", whole.substr(0, whole.size() - 5));
  CHECK(read_sound(folder / "cut.wav").samples.size() == 5);
}

TEST_CASE("a damaged WAV is an error or other numbers, never a crash or much memory") {
  const TemporaryFolder folder;
  const std::string whole = wav_bytes(std::vector<std::int16_t>(300, 77), 8000);
  RandomSequence random(5, Purpose::test, 23, 0);
  for (int i = 0; i < 400; ++i) {
    std::string bytes = whole;
    bytes[random.below(48)] = static_cast<char>(random.below(256));
    if (i % 2 == 0) bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    write_bytes(folder / "d.wav", bytes);
    try {
      const std::size_t samples = read_sound(folder / "d.wav").samples.size();
      CHECK(samples <= bytes.size());
    } catch (const FormatError&) {
    }
  }
}

TEST_CASE("the spoken digits are read whole") {
  double seconds = 0.0;
  std::size_t files = 0;
  for (const std::filesystem::path& file : reference_files("speech/recordings", {"_0.wav"})) {
    const Sound sound = read_sound(file);
    CHECK(sound.rate == 8000.0);
    CHECK(2 * sound.samples.size() < std::filesystem::file_size(file));
    CHECK(2 * sound.samples.size() + 200 > std::filesystem::file_size(file));
    seconds += static_cast<double>(sound.samples.size()) / sound.rate;
    ++files;
  }
  if (files > 0) {
    CHECK(files == 60);
    CHECK(seconds / static_cast<double>(files) == doctest::Approx(0.44).epsilon(0.3));
  }
}
