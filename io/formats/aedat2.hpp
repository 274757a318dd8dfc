// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.hpp"
#include "io/recording/aedat_record_decoder.hpp"

namespace flurry {

/// AEDAT 2.0 of jAER and v2e: records of 8 bytes of a DVS128 or a DAVIS.
struct Aedat2 {
  static constexpr std::string_view name = "aedat2";
  static constexpr std::string_view title = "AEDAT 2.0 (jAER: DVS128, DAVIS)";
  static constexpr std::string_view extensions = ".aedat";
  static constexpr std::string_view clock =
      "device clock in us, signed 32 bits as written; a fall by more than 2^31 adds 2^32";
  static constexpr auto choices = aedat_record_choices;

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with("#!AER-DAT2.") ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    ByteSource source(path);
    const AedatHeader header = take_aedat_header(source, "2.");
    const AedatReading reading(aedat2_chip(header, readings, path.string()), readings, path.string());
    return std::make_unique<StreamReader<AedatRecordDecoder<4>>>(
        std::move(source), AedatRecordDecoder<4>(reading), reading.chip.sensor);
  }

 private:
  // Without the line jAER had but one camera.
  static const AedatChip& aedat2_chip(const AedatHeader& header, const Readings& readings,
                                      const std::string& file) {
    if (const AedatChip* chosen = chosen_aedat_chip(readings, file)) return *chosen;
    const AedatChip* chip = find_aedat_chip(header.chip.empty() ? "dvs128" : header.chip);
    if (chip == nullptr)
      throw FormatError(file + ": the header names the chip '" + header.chip.substr(0, 80) +
                        "', which is none that is known; choose one by the reading 'chip'");
    return *chip;
  }
};

}  // namespace flurry
