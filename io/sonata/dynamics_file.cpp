// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/dynamics_file.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/text/json.hpp"

namespace flurry {

std::vector<std::pair<std::string, double>> DynamicsFile::numbers(
    const std::vector<std::string>& ignored) const {
  std::vector<std::pair<std::string, double>> values;
  for (const auto& [name, value] : document.table("the file of dynamics_params")) {
    if (std::find(ignored.begin(), ignored.end(), name) != ignored.end()) continue;
    values.emplace_back(name, value.number(name));
  }
  return values;
}

DynamicsFile read_dynamics_file(const std::optional<std::filesystem::path>& folder, const std::string& name,
                                const std::string& where) {
  if (!folder && !std::filesystem::path(name).is_absolute())
    throw UsageError(
        where + ": dynamics_params names '" + name +
        "', but the configuration has no folder for it; expected components.point_neuron_models_dir for " +
        "neurons, components.synaptic_models_dir for synapses");
  const std::filesystem::path path = folder.value_or("") / name;
  return {path, read_json(path)};
}

}  // namespace flurry
