// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "io/recording/aedat4_reader.hpp"
#include "io/recording/aedat4_writer.hpp"
#include "io/recording/content_description.hpp"

namespace flurry {

/// AEDAT 4 of DV and dv-processing: packets of several streams, plain or in LZ4 or ZSTD frames. Read are the
/// events of one stream; triggers are counted, packets of frames and motion sensors passed over.
struct Aedat4 {
  static constexpr std::string_view name = "aedat4";
  static constexpr std::string_view title = "AEDAT 4 (DV)";
  static constexpr std::string_view extensions = ".aedat4";
  static constexpr std::string_view clock = "Unix time in us as written, 64 bits";
  static constexpr std::array choices{ReadingChoice{"stream", "a number (default: the lowest of type EVTS)",
                                                    "which stream of events is read"}};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(Aedat4Header::signature) ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    ByteSource source(path);
    const Aedat4Header header = take_aedat4_header(source);
    const Aedat4Stream stream = chosen(header, readings, path.string());
    return std::make_unique<Aedat4Reader>(std::move(source), header, stream);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<Aedat4Writer>(path, sensor);
  }

 private:
  static Aedat4Stream chosen(const Aedat4Header& header, const Readings& readings, const std::string& file) {
    std::vector<Aedat4Stream> events;
    std::copy_if(header.streams.begin(), header.streams.end(), std::back_inserter(events),
                 [](const Aedat4Stream& stream) { return stream.type == "EVTS"; });
    std::sort(events.begin(), events.end(),
              [](const Aedat4Stream& a, const Aedat4Stream& b) { return a.id < b.id; });
    if (events.empty())
      throw FormatError(file + ": holds no stream of events (EVTS), only " + listed(header.streams));
    const auto choice = readings.find("stream");
    if (choice == readings.end()) return events.front();
    for (const Aedat4Stream& stream : events)
      if (std::to_string(stream.id) == choice->second) return stream;
    throw UsageError(file + ": has no stream of events '" + choice->second + "'; it has " + listed(events));
  }

  static std::string listed(const std::vector<Aedat4Stream>& streams) {
    std::string text;
    for (const Aedat4Stream& stream : streams)
      text += (text.empty() ? "" : ", ") + std::to_string(stream.id) + " (" + printable(stream.type) + ")";
    return text.empty() ? "none at all" : text;
  }
};

}  // namespace flurry
