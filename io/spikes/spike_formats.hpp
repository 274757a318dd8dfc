// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// A spike format, for people and for --from and --to.
struct SpikeFormat {
  std::string_view name;  // "sonata"
  std::string_view title;
  std::string_view extensions;  // ".h5": the first of them is what `write` goes by
  bool written = false;         // or only read
};
[[nodiscard]] std::span<const SpikeFormat> spike_formats();

/// The format of a spike file, by content; nullptr where it is none. "aer" is never told by content.
[[nodiscard]] const SpikeFormat* recognise_spikes(const std::filesystem::path& path);

/// What a spike file leaves to its reader.
struct SpikeReading {
  std::string format;  // "": told by content
  std::string unit;    // of times, where the file names none: "s", "ms", "us"; "": the format's
};

/// A whole spike file of any format as populations with ids and times in ms, in the order of the file.
///
/// SystemError: missing, unreadable; FormatError: no spike file, or one that contradicts itself, is cut or
/// damaged; UsageError: an unknown format, a unit that contradicts the file's, times in steps.
[[nodiscard]] SpikeFile read_spikes(const std::filesystem::path& path, const SpikeReading& reading = {});

/// Writes populations as one file of the named format, whole or not at all; reading it back gives the same
/// ids and, bit for bit, the same times (shd: in single precision and in order of time). Where they came from
/// (provenance) is not written. UsageError for an unknown format, one that is only read, or populations that
/// it cannot hold; SystemError if the disk refuses.
void write_spikes(const std::filesystem::path& path, std::string_view format, const SpikeFile& file);

}  // namespace flurry
