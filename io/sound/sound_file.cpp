// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sound/sound_file.hpp"

#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include <sndfile.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

void append_mixed(const std::vector<float>& frames, std::size_t count, std::size_t channels, Sound& sound,
                  const std::filesystem::path& path) {
  for (std::size_t i = 0; i < count; ++i) {
    float sum = 0.0F;
    for (std::size_t c = 0; c < channels; ++c) sum += frames[i * channels + c];
    if (!std::isfinite(sum))
      throw FormatError(path.string() + ": sample " + std::to_string(sound.samples.size()) +
                        " is not finite; expected numbers");
    sound.samples.push_back(sum / static_cast<float>(channels));
  }
}

}  // namespace

bool is_sound(const std::filesystem::path& path) {
  std::array<char, 12> head{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(head.data(), head.size())) return false;
  const std::string_view start(head.data(), 4);
  const std::string_view form(head.data() + 8, 4);
  return ((start == "RIFF" || start == "RIFX" || start == "RF64") && form == "WAVE") ||
         (start == "FORM" && (form == "AIFF" || form == "AIFC")) || start == "fLaC" || start == "OggS" ||
         start == ".snd";
}

Sound read_sound(const std::filesystem::path& path) {
  if (!std::ifstream(path, std::ios::binary) || std::filesystem::is_directory(path))
    throw SystemError(path.string() + ": cannot be opened for reading");
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, CloseSound> file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file)
    throw FormatError(path.string() + ": no sound that can be read: " + std::string(sf_strerror(nullptr)));
  if (info.channels < 1 || info.samplerate < 1)
    throw FormatError(path.string() + ": promises " + std::to_string(info.channels) + " channels at " +
                      std::to_string(info.samplerate) + " Hz; expected at least 1 of each");
  // Memory grows with what is really there, not with what the header promises.
  constexpr sf_count_t piece = 16384;
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> frames(static_cast<std::size_t>(piece) * channels);
  Sound sound{{}, static_cast<double>(info.samplerate)};
  while (const sf_count_t count = sf_readf_float(file.get(), frames.data(), piece))
    append_mixed(frames, static_cast<std::size_t>(count), channels, sound, path);
  return sound;
}

}  // namespace flurry
