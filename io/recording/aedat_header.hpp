// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/recording/byte_source.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// A camera as AEDAT files before version 4 name it, by class or by device.
struct AedatChip {
  std::string_view name;  // lower case; a part of the names in files
  SensorSize sensor;
  bool davis = false;  // its address words hold frames and motion sensors too
};

/// The first chip whose name is part of `words` whatever the case; null where none is.
[[nodiscard]] const AedatChip* find_aedat_chip(std::string_view words);
/// The chip a user chose; null where nothing was said. UsageError for a name that is none.
[[nodiscard]] const AedatChip* chosen_aedat_chip(const Readings& readings, const std::string& file);

inline constexpr ReadingChoice aedat_chip_choice{
    "chip",
    "dvs128, davis128, davis208, davis240, davis346, davis640, dvxplorer (default: as the header says)",
    "which camera it was"};
/// In the order of the catalogue's values: the first is what jAER does.
inline constexpr std::array<std::string_view, 2> aedat_polarities{"jaer", "inivation"};
inline constexpr std::array<std::string_view, 2> aedat_axes{"jaer", "raw"};
inline constexpr std::array aedat_record_choices{
    ReadingChoice{
        "polarity", "jaer (default), inivation",
        "what the polarity bit of a DVS128 says: jAER takes a clear bit for on, iniVation's format page "
        "a set one"},
    ReadingChoice{
        "axes", "jaer (default), raw",
        "whether the addresses count from the right and the bottom, as jAER has it, or from the left "
        "and the top"},
    aedat_chip_choice};

/// The lines that AEDAT 1 to 3 begin with.
struct AedatHeader {
  std::string version;                // "2.0"; "" without the line '#!AER-DAT...'
  std::string chip;                   // of the line '# AEChip:' (jAER) or the first '#Source n:' (cAER)
  std::optional<std::int64_t> start;  // us, Unix, of the line '#Start-Time:'
  std::size_t bytes = 0;
  bool complete = true;  // false where the text ends inside a line
};

/// Reads on to the end line ('#End Of ASCII Header', '#!END-HEADER') or to the first line that does not begin
/// with '#' or is no text.
[[nodiscard]] AedatHeader parse_aedat_header(std::string_view head);

/// Consumes the header. FormatError if it is cut, or its version is another than `version` ("2."); a file
/// without a version line passes as version 1.
[[nodiscard]] AedatHeader take_aedat_header(ByteSource& source, std::string_view version);

}  // namespace flurry
