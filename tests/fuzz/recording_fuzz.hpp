// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "io/recording/event_reader.hpp"
#include "io/recording/format_entry.hpp"

namespace flurry::testing {

/// A file of this process alone, for readers that take paths.
class FuzzFile {
 public:
  FuzzFile() {
    std::string name = (std::filesystem::temp_directory_path() / "flurry_fuzz_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  FuzzFile(const FuzzFile&) = delete;
  FuzzFile& operator=(const FuzzFile&) = delete;
  ~FuzzFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::filesystem::path holding(std::string_view bytes) const {
    std::ofstream(folder_ / "recording", std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return folder_ / "recording";
  }

 private:
  std::filesystem::path folder_;
};

/// Reads the bytes as `Format`, a few events at a time; aborts where a promise of EventReader is broken.
template <EventFormatFile Format>
int fuzz(const std::uint8_t* data, std::size_t size) {
  static const FuzzFile file;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const int score = Format::recognise(bytes, size);
  if (score < 0 || score > 3) std::abort();
  try {
    const std::unique_ptr<EventReader> reader = format_entry<Format>().open_as(file.holding(bytes), {});
    const SensorSize sensor = reader->sensor();
    std::vector<AddressEvent> events(1 + size % 37);
    while (const std::size_t got = reader->read(events)) {
      if (got > events.size()) std::abort();
      for (std::size_t i = 0; i < got; ++i) {
        if (sensor.width > 0 && events[i].x >= sensor.width) std::abort();
        if (sensor.height > 0 && events[i].y >= sensor.height) std::abort();
      }
    }
    const ReadStatistics& seen = reader->statistics();
    if (seen.bytes_read != size || (seen.damaged > 0) == seen.damage.empty()) std::abort();
  } catch (const FormatError&) {
    return 0;  // refused in words
  }
  return 0;
}

}  // namespace flurry::testing
