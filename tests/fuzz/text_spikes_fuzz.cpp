// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/text_spikes.hpp"
#include "tests/fuzz/recording_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const flurry::testing::FuzzFile file;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view format = flurry::recognise_text_spikes(bytes);
  try {
    for (const auto& [name, spikes] : flurry::read_text_spikes(file.holding(bytes), format, "").populations)
      if (spikes.times.size() != spikes.ids.size() || spikes.times.size() > size) std::abort();
  } catch (const flurry::Error&) {
  }
  return 0;
}
