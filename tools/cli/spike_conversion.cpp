// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/spike_conversion.hpp"

#include <algorithm>
#include <system_error>

#include "core/base/error.hpp"
#include "tools/cli/file_extension.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

std::string input_format(const std::filesystem::path& input, const std::string& asked) {
  if (!asked.empty()) return asked;
  const SpikeFormat* found = recognise_spikes(input);
  return found == nullptr ? "" : std::string(found->name);
}

}  // namespace

const SpikeFormat& spike_format_for(const std::filesystem::path& output) {
  const std::string extension = output.extension().string();
  std::string written;
  for (const SpikeFormat& format : spike_formats()) {
    if (!format.written) continue;
    if (names_extension(format.extensions, extension)) return format;
    written += (written.empty() ? "" : ", ") + std::string(format.name) + " (" +
               std::string(format.extensions) + ")";
  }
  throw UsageError("the extension of '" + output.string() +
                   "' names no spike format that is written; name one with --to, or use one of " + written);
}

Document convert_spikes(const std::filesystem::path& input, const std::filesystem::path& output,
                        const SpikeConversion& conversion) {
  std::error_code none;
  if (std::filesystem::equivalent(input, output, none))
    throw UsageError("'" + output.string() + "' is the file to convert itself; write to another");
  const std::string to = conversion.to.empty() ? std::string(spike_format_for(output).name) : conversion.to;
  const SpikeFile file = read_spikes(input, conversion.reading);
  write_spikes(output, to, file);
  std::uint64_t spikes = 0;
  for (const auto& [name, population] : file.populations) spikes += population.times.size();
  return json(Document::Table{{"input", json(input.string())},
                              {"input_format", json(input_format(input, conversion.reading.format))},
                              {"output", json(output.string())},
                              {"output_format", json(to)},
                              {"populations", json(file.populations.size())},
                              {"spikes", json(spikes)}});
}

}  // namespace flurry
