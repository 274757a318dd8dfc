// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/io/recording/recording_bytes.hpp"
#include "tools/recording/recording_input.hpp"

namespace flurry {
namespace verbs_test {

namespace fs = std::filesystem;
using testing::file_bytes;
using testing::TemporaryRecording;
using Events = std::vector<AddressEvent>;

// A folder that is gone when this is.
struct VerbFolder {
  fs::path path = fs::temp_directory_path() / ("flurry_verbs_test_" + std::to_string(::getpid()));
  VerbFolder() { fs::create_directories(path); }
  VerbFolder(const VerbFolder&) = delete;
  VerbFolder& operator=(const VerbFolder&) = delete;
  ~VerbFolder() { fs::remove_all(path); }

  [[nodiscard]] std::string operator/(const std::string& name) const { return (path / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

/// EVT2 words of events less than 2^34 us after 0, whose low six bits of time may run back.
inline std::string evt2_bytes(const Events& events) {
  std::vector<std::uint32_t> words;
  std::uint32_t high = 0;
  for (const AddressEvent& e : events) {
    const auto t = static_cast<std::uint32_t>(e.t);
    if (words.empty() || t >> 6U != high) words.push_back(0x80000000U | (high = t >> 6U));
    words.push_back((e.on ? 1U : 0U) << 28U | (t & 63U) << 22U | std::uint32_t{e.x} << 11U | e.y);
  }
  return "% evt 2.0\n% geometry 320x240\n% end\n" + testing::words32(words);
}

inline Events moving_events(std::size_t count) {
  std::mt19937 random(5);
  Events events;
  events.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    events.push_back({static_cast<std::int64_t>(1000 + 3 * i),
                      static_cast<std::uint16_t>((i / 7 + random() % 9) % 320),
                      static_cast<std::uint16_t>(random() % 240), random() % 2 == 0});
  return events;
}

inline RecordingOptions options_for(const fs::path& file) {
  RecordingOptions options;
  options.file = file.string();
  options.quiet = true;
  return options;
}

struct Said {
  int code = 0;
  std::string text;
};

/// What the program itself says to a command line, errors included.
inline Said say(const std::string& before, const std::string& words) {
  const std::string command = before + " '" + FLURRY_PROGRAM + "' " + words + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  Said said;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said.text += static_cast<char>(c);
  said.code = WEXITSTATUS(::pclose(pipe));
  return said;
}

}  // namespace verbs_test

}  // namespace flurry
