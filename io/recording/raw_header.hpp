// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "io/recording/byte_source.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// The percent header of Prophesee RAW files (EVT2, EVT2.1, EVT3 and others) and of DAT files.
///
/// Lines "% key value" + LF, closed by "% end"; in old files only by the first line that is none.
struct RawHeader {
  std::size_t bytes = 0;   // where the body starts; 0 if there is no header
  bool complete = true;    // false if the text ends inside a header line
  std::string format;      // "EVT3", from the key `format` or `evt`; "" if neither is there
  SensorSize sensor;       // from `format`, `geometry`, `Width` and `Height`, else by Prophesee's `system_ID`
  std::string endianness;  // "little" or "legacy", from `format` or the key; "" if not said
  std::string version;     // of a DAT file; "" if not said
  std::string integrator;  // who built the camera
  std::string system_id;   // of the camera
  std::string conflict;    // two keys that contradict each other, in words; "" if none
};

/// Reads the header at the front of `head`. Never throws.
[[nodiscard]] RawHeader parse_raw_header(std::string_view head);

/// Reads the header and leaves `source` at the body. FormatError where the header is cut, contradicts itself
/// or names another format than `expected`.
[[nodiscard]] RawHeader take_raw_header(ByteSource& source, std::string_view expected);

/// What a header says about whether the body is `format`: 3 yes, 0 no, nothing if the body must tell.
[[nodiscard]] std::optional<int> recognise_raw_header(const RawHeader& header, std::string_view format);

}  // namespace flurry
