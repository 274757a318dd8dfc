// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/document.hpp"
#include "tools/recording/filtered_recording.hpp"

namespace flurry {

/// What to convert, into what.
struct ConvertRequest {
  RecordingOptions input;
  FilterOptions filters;
  std::string output;
  std::string format;  // "": by the extension of `output`
};

/// What came of it.
struct ConvertResult {
  std::string input;
  std::string input_format;
  std::string output;
  std::string output_format;
  SensorSize sensor;
  std::uint64_t events_in = 0;
  std::uint64_t events_out = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped;  // by each filter, in order
  std::optional<std::uint64_t> hot_pixels;
  BackwardSteps backward;
  ReadStatistics statistics;
  std::uint64_t bytes_out = 0;
};

/// The written format of this name or, with none given, for the extension of `output`; where several share
/// it, evt3 if it is among them. UsageError naming those there are.
[[nodiscard]] const EventFormat& written_format(const std::filesystem::path& output, const std::string& name);

/// Reads, filters and writes piece by piece. The output is there whole or not at all. Errors as
/// FilteredRecording's; UsageError for what the format written cannot hold; SystemError if the disk refuses.
[[nodiscard]] ConvertResult convert_recording(const ConvertRequest& request);

[[nodiscard]] Document convert_document(const ConvertResult& result);
[[nodiscard]] std::string convert_text(const ConvertResult& result);

}  // namespace flurry
