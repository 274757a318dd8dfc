// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/address_event.hpp"
#include "io/recording/event_writer.hpp"

namespace flurry {

/// What a reader met besides events. Nothing here is fatal; everything is counted.
struct ReadStatistics {
  std::uint64_t triggers = 0;  // external trigger words
  std::uint64_t skipped = 0;   // vendor and unknown words, words before the first time base
  std::uint64_t damaged =
      0;               // words or bytes that contradict the format (a cut last word, x beyond the sensor)
  std::string damage;  // first damage in words, with its byte offset; "" if none
  std::uint64_t bytes_read = 0;  // for progress
};

/// Size of a sensor in pixels; 0 where the file does not say.
struct SensorSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// Reads a recording of an event camera, forward, once, in bounded memory.
class EventReader {
 public:
  EventReader() = default;
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;
  virtual ~EventReader() = default;

  /// The sensor as the header tells it.
  [[nodiscard]] virtual SensorSize sensor() const = 0;
  /// Fills `events` from the front; returns how many, 0 only at the end.
  virtual std::size_t read(std::span<AddressEvent> events) = 0;
  [[nodiscard]] virtual const ReadStatistics& statistics() const = 0;
  /// us to add to a time for Unix time, where the file says; known after the first read().
  [[nodiscard]] virtual std::optional<std::int64_t> unix_offset() const { return std::nullopt; }
};

/// A way of reading that a format leaves to the user: `--reading polarity=inivation`.
struct ReadingChoice {
  std::string_view name;    // "polarity"
  std::string_view values;  // "jaer (default), inivation": for people
  std::string_view title;   // what it decides, in one sentence
};
/// What the user chose, by name.
using Readings = std::map<std::string, std::string, std::less<>>;

/// A recording format as `flurry formats` lists it; made from each file of io/formats.
struct EventFormat {
  std::string_view name;        // "evt3": for --from
  std::string_view title;       // "Prophesee RAW EVT3"
  std::string_view extensions;  // ".raw", for people only: detection is by content
  std::string_view clock;       // the clock rule, one sentence
  /// How sure this format is that `head` (the first bytes of a file of `file_size` bytes) is of it: 0 no, 1
  /// could be (headerless), 2 by structure, 3 by signature.
  int (*recognise)(std::string_view head, std::uint64_t file_size) = nullptr;
  /// Where several formats share a container (HDF5, zip, SQLite): whether this file's is of this format. Null
  /// where the first bytes tell.
  bool (*holds)(const std::filesystem::path& path) = nullptr;
  std::span<const ReadingChoice> choices;
  std::unique_ptr<EventReader> (*open_as)(const std::filesystem::path& path,
                                          const Readings& readings) = nullptr;
  /// Null where the format is read on one thread only.
  std::unique_ptr<EventReader> (*open_on)(const std::filesystem::path& path, std::size_t threads) = nullptr;
  /// Null where the format is only read.
  std::unique_ptr<EventWriter> (*create)(const std::filesystem::path& path, SensorSize sensor) = nullptr;

  /// FormatError for a file this format refuses; UsageError for a choice it does not leave. With more than
  /// one of `threads`, a regular file of a format that can is read on so many, best in blocks of a million
  /// events; events and statistics are the same.
  [[nodiscard]] std::unique_ptr<EventReader> open(const std::filesystem::path& path,
                                                  const Readings& readings = {},
                                                  std::size_t threads = 1) const;
};

/// All formats, from the drop-in folder.
[[nodiscard]] const std::vector<EventFormat>& event_formats();

/// The format of a file, by content; with `name` given, that format whatever the content.
/// SystemError if the file cannot be read; FormatError saying what the first bytes look like if none fits;
/// UsageError for an unknown name.
[[nodiscard]] const EventFormat& recognise_recording(const std::filesystem::path& path,
                                                     std::string_view name = {});

/// True where some format recognises the content.
[[nodiscard]] bool is_recording(const std::filesystem::path& path);

/// A whole recording in memory.
struct EventRecording {
  std::string format;
  SensorSize sensor;  // from the header, else just large enough for the events
  std::vector<AddressEvent> events;
  ReadStatistics statistics;
};
[[nodiscard]] EventRecording read_recording(const std::filesystem::path& path, std::string_view format = {},
                                            const Readings& readings = {}, std::size_t threads = 1);

/// A whole recording as one file of the named format. UsageError for an unknown name, a format that is only
/// read, or events it cannot hold; SystemError if the disk refuses.
void write_recording(const std::filesystem::path& path, std::string_view format, SensorSize sensor,
                     std::span<const AddressEvent> events);

}  // namespace flurry
