// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/document.hpp"
#include "io/spikes/spike_formats.hpp"

namespace flurry {

/// How to convert a spike file.
struct SpikeConversion {
  SpikeReading reading;  // how to read the input; by content where nothing is said
  std::string to;        // format to write; "": by the extension of the output
};

/// The written format whose extension `output` has; UsageError naming those there are where it has none.
[[nodiscard]] const SpikeFormat& spike_format_for(const std::filesystem::path& output);

/// Reads a spike file of any format and writes it as another; returns a summary: `input`, `input_format`,
/// `output`, `output_format`, `populations`, `spikes`. Errors as of read_spikes and write_spikes; UsageError
/// where both are one file.
Document convert_spikes(const std::filesystem::path& input, const std::filesystem::path& output,
                        const SpikeConversion& conversion);

}  // namespace flurry
