// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_input.hpp"

#include "core/base/error.hpp"
#include "io/network_file/network_file.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "io/text/text_file.hpp"
#include "tools/cli/source_files.hpp"

namespace flurry {
namespace {

void expect_readable(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed))
    throw UsageError("'" + path.string() +
                     "' is a folder; expected a network file (.toml) or a SONATA .json");
  if (!std::filesystem::exists(path, failed)) throw SystemError("there is no file '" + path.string() + "'");
}

}  // namespace

void load_sources(RunInput& input, const Catalogue& catalogue) {
  for (PopulationDescription& population : input.network.populations) {
    const ModelInfo& model = catalogue.info(population.model, population.where);
    if (!model.is_source || population.spikes) continue;
    if (population.model == "recording") load_recording(population, input.notes);
    if (population.model == "spike_train") load_spike_trains(population);
  }
}

RunInput load_run_input(const std::filesystem::path& path, const Catalogue& catalogue,
                        const std::vector<std::string>& settings, const std::optional<std::string>& known) {
  if (!known || path.extension() != ".toml") expect_readable(path);
  RunInput input;
  if (path.extension() != ".toml" && is_sonata_config(path)) {
    if (!settings.empty())
      throw UsageError("--set works on network files (TOML); '" + path.string() +
                       "' is a SONATA configuration");
    SonataCircuit circuit = read_sonata(path, catalogue);
    input.network = std::move(circuit.network);
    input.notes = std::move(circuit.notes);
  } else {
    const std::string text = known ? *known : read_text_file(path);
    input.network = parse_network_file(text, path, catalogue, settings);
    input.records = read_records(text, path.string(), settings, input.network, catalogue);
  }
  load_sources(input, catalogue);
  validate(input.network, catalogue);
  return input;
}

}  // namespace flurry
