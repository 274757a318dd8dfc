// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/cli/arguments.hpp"

namespace flurry {

/// What a verb does once its arguments are known; returns the exit code.
using VerbAction = std::function<int()>;

/// One verb of the command line. Each file of tools/verbs defines one, `Verb <stem>_verb()`.
struct Verb {
  std::string name;
  std::string summary;   // one line, for the list of verbs
  std::string examples;  // shown below the options of `flurry VERB --help`
  VerbAction (*declare)(Arguments& arguments) = nullptr;
  std::vector<Verb> parts = {};  // of a verb that has verbs of its own, in place of declare
  bool on_ranks = false;         // whether it works where mpirun starts several processes
};

/// All verbs, generated from tools/verbs.
[[nodiscard]] std::vector<Verb> all_verbs();

/// A verb's action from its options: `Options` is filled by `declare(arguments, options)`, then
/// `run(options)`.
template <class Options>
VerbAction bind_verb(Arguments& arguments, void (*declare)(Arguments&, Options&),
                     int (*run)(const Options&)) {
  const auto options = std::make_shared<Options>();
  declare(arguments, *options);
  return [options, run] { return run(*options); };
}

}  // namespace flurry
