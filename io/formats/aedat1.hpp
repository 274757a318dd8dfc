// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.hpp"
#include "io/recording/aedat_record_decoder.hpp"

namespace flurry {

/// AEDAT 1.0 of early jAER: records of 6 bytes of a DVS128, with or without header lines.
struct Aedat1 {
  static constexpr std::string_view name = "aedat1";
  static constexpr std::string_view title = "AEDAT 1.0 (jAER, DVS128)";
  static constexpr std::string_view extensions = ".dat, .aedat";
  static constexpr std::string_view clock =
      "device clock in us, signed 32 bits as written; a fall by more than 2^31 adds 2^32";
  static constexpr auto choices = aedat_record_choices;

  /// Without a version line nothing marks the format: it must then be named.
  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with("#!AER-DAT1.") ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    ByteSource source(path);
    static_cast<void>(take_aedat_header(source, "1."));
    const AedatReading reading(*find_aedat_chip("dvs128"), readings, path.string());
    if (reading.chip.davis)
      throw UsageError(path.string() + ": AEDAT 1.0 holds addresses of 16 bits, too short for the chip " +
                       std::string(reading.chip.name));
    return std::make_unique<StreamReader<AedatRecordDecoder<2>>>(
        std::move(source), AedatRecordDecoder<2>(reading), reading.chip.sensor);
  }
};

}  // namespace flurry
