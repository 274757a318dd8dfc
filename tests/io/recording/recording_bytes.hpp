// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/recording/event_reader.hpp"

namespace flurry::testing {

using Events = std::vector<AddressEvent>;

/// A file with these bytes under a name of its own, removed at the end.
class TemporaryRecording {
 public:
  explicit TemporaryRecording(std::string_view bytes, std::string_view extension = ".raw")
      : path_(fresh(extension)) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  TemporaryRecording(const TemporaryRecording&) = delete;
  TemporaryRecording& operator=(const TemporaryRecording&) = delete;
  ~TemporaryRecording() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static std::filesystem::path fresh(std::string_view extension) {
    static std::atomic<int> number{0};
    static const auto stamp = std::filesystem::file_time_type::clock::now().time_since_epoch().count();
    return std::filesystem::temp_directory_path() / ("flurry_recording_" + std::to_string(stamp) + "_" +
                                                     std::to_string(number++) + std::string(extension));
  }
  std::filesystem::path path_;
};

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Little-endian words.
inline std::string words16(const std::vector<std::uint32_t>& words) {
  std::string bytes;
  for (const std::uint32_t w : words) {
    bytes += static_cast<char>(w & 0xffU);
    bytes += static_cast<char>(w >> 8U & 0xffU);
  }
  return bytes;
}
inline std::string words32(const std::vector<std::uint32_t>& words) {
  std::string bytes;
  for (const std::uint32_t w : words) bytes += words16({w & 0xffffU, w >> 16U});
  return bytes;
}

/// A recording with these bytes, read as `format`.
inline EventRecording read_bytes(std::string_view bytes, std::string_view format,
                                 const Readings& readings = {}) {
  const TemporaryRecording file(bytes);
  return read_recording(file.path(), format, readings);
}

/// The same, `piece` events at a time.
inline std::vector<AddressEvent> read_in_pieces(const std::filesystem::path& path, std::string_view format,
                                                std::size_t piece) {
  const std::unique_ptr<EventReader> reader = recognise_recording(path, format).open(path);
  std::vector<AddressEvent> events;
  std::vector<AddressEvent> part(piece);
  while (const std::size_t got = reader->read(part))
    events.insert(events.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
  return events;
}

inline bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether `part` is the beginning of `whole`.
inline bool is_prefix(const std::vector<AddressEvent>& part, const std::vector<AddressEvent>& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

}  // namespace flurry::testing
