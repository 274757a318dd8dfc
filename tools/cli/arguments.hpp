// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/quantity.hpp"

namespace flurry {

/// What a verb takes from the command line. A verb declares, then the command line is parsed into its
/// variables. Names are as typed: "-o,--output". Variables keep their value where an option is not given.
class Arguments {
 public:
  /// `footer`: text below the options of --help, such as examples.
  Arguments(const std::string& verb, const std::string& summary, const std::string& footer);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  void positional(const std::string& name, std::string& into, const std::string& help);
  void optional_positional(const std::string& name, std::string& into, const std::string& help);
  void positionals(const std::string& name, std::vector<std::string>& into, const std::string& help);
  void option(const std::string& names, std::string& into, const std::string& placeholder,
              const std::string& help);
  void required_option(const std::string& names, std::string& into, const std::string& placeholder,
                       const std::string& help);
  void whole_number(const std::string& names, std::optional<std::uint64_t>& into, const std::string& help);
  /// A number with a unit ("500 ms"), read into the inside unit; a bare number is in the unit of `dimension`.
  void quantity(const std::string& names, std::optional<double>& into, Dimension dimension,
                const std::string& help);
  void flag(const std::string& names, bool& into, const std::string& help);
  void repeated(const std::string& names, std::vector<std::string>& into, const std::string& placeholder,
                const std::string& help);

  /// `into` receives the command line as typed, for provenance.
  void keep_command(std::string& into);

  /// Reads the words after the verb. False where --help was asked for; UsageError, with the nearest option,
  /// for what does not fit.
  [[nodiscard]] bool parse(const std::vector<std::string>& words);
  [[nodiscard]] std::string help() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// "flurry" and its words, those with special characters quoted for a shell.
[[nodiscard]] std::string command_text(std::span<const std::string> words);

}  // namespace flurry
