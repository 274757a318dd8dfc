// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/document.hpp"

namespace flurry {

/// The variables of a SONATA configuration: "$NAME" or "${NAME}", which may contain one another, and
/// "${configdir}", the folder of the configuration.
class Manifest {
 public:
  /// Takes the member "manifest" of `config`, where there is one. `folder` is where `config` stands.
  Manifest(const Document& config, std::filesystem::path folder);

  /// `text` with all variables replaced. UsageError naming `where` for an unknown variable or a circle of
  /// them.
  [[nodiscard]] std::string expand(const std::string& text, const std::string& where) const;
  /// The same as a path; a relative one is meant from the folder of the configuration.
  [[nodiscard]] std::filesystem::path path(const std::string& text, const std::string& where) const;

 private:
  [[nodiscard]] std::string expand(const std::string& text, const std::string& where, int depth) const;
  [[nodiscard]] const std::string& value(const std::string& name, const std::string& where) const;

  std::filesystem::path folder_;
  std::map<std::string, std::string, std::less<>> variables_;  // without the dollar sign
};

}  // namespace flurry
