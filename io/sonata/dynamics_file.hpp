// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/document.hpp"

namespace flurry {

/// A JSON file that a types table names in its column dynamics_params.
struct DynamicsFile {
  std::filesystem::path path;
  Document document;

  /// Its members but those in `ignored`, which do not change how the model moves. UsageError if one is no
  /// number.
  [[nodiscard]] std::vector<std::pair<std::string, double>> numbers(
      const std::vector<std::string>& ignored) const;
};

/// Reads file `name` of the components folder `folder`; `where`: the row that names it. UsageError where the
/// configuration gives no such folder.
[[nodiscard]] DynamicsFile read_dynamics_file(const std::optional<std::filesystem::path>& folder,
                                              const std::string& name, const std::string& where);

}  // namespace flurry
