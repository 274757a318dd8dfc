// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "tools/cli/verb.hpp"

namespace flurry {

/// What the program returns to the shell.
struct ExitCode {
  static constexpr int ok = 0;
  static constexpr int different = 1;  // compare: the files differ
  static constexpr int usage = 2;
  static constexpr int bad_data = 3;
  static constexpr int system = 4;
  static constexpr int internal = 5;
  static constexpr int interrupted = 130;
};

/// The program: picks the verb, runs it, turns every error into one line on stderr and an exit code.
int run_command_line(int count, char** values);

/// The same for words without the program's name and for any choice of verbs.
int run_words(const std::vector<std::string>& words, const std::vector<Verb>& verbs);

/// The exit code an error stands for.
[[nodiscard]] int exit_code(const std::exception& error);

/// The list of verbs, and how to start.
[[nodiscard]] std::string overview(const std::vector<Verb>& verbs);

}  // namespace flurry
