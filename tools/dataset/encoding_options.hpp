// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "io/dataset/dataset.hpp"
#include "tools/cli/arguments.hpp"

namespace flurry {

/// How sound, images and recordings become spikes, as the command line says it.
struct EncodingOptions {
  std::optional<std::uint64_t> channels;
  std::optional<double> lowest;   // kHz
  std::optional<double> highest;  // kHz
  std::optional<double> gain;
  std::optional<double> whitening;
  std::optional<std::uint64_t> seed;
  std::string sensor;                   // "34x34"
  std::string polarity = "separate";    // or "merge"
  std::optional<std::uint64_t> factor;  // pixels a side that share a channel
  bool from_first_event = false;
  std::optional<double> tau;  // ms
  std::optional<double> threshold;
};

void declare_encoding(Arguments& arguments, EncodingOptions& options);

/// UsageError for an option out of range.
[[nodiscard]] DatasetEncoding dataset_encoding(const EncodingOptions& options);

/// Opens a data set, with a progress bar on stderr where every file must be read first and `progress` says
/// so.
[[nodiscard]] std::unique_ptr<Dataset> open_encoded(const std::filesystem::path& path,
                                                    const EncodingOptions& options, bool progress);

}  // namespace flurry
