// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/aedat_record_decoder.hpp"

#include "io/recording/reading_value.hpp"

namespace flurry {

AedatReading::AedatReading(const AedatChip& found, const Readings& readings, const std::string& file)
    : chip(found) {
  const AedatChip* chosen = chosen_aedat_chip(readings, file);
  if (chosen != nullptr) chip = *chosen;
  if (!chip.davis && chip.sensor.width != 128) {
    const std::string words = file + ": AEDAT 1 and 2 hold no events of the chip " + std::string(chip.name);
    if (chosen != nullptr) throw UsageError(words);
    throw FormatError(words + ", which the header names; say which it is with --reading chip=");
  }
  set_is_on = reading_value(readings, "polarity", aedat_polarities, file) == "inivation";
  mirrored = reading_value(readings, "axes", aedat_axes, file) == "jaer";
}

}  // namespace flurry
