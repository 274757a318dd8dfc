// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/command_line.hpp"

#include <cstdio>
#include <functional>
#include <new>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/version.hpp"
#include "tools/cli/process_ranks.hpp"

namespace flurry {
namespace {

int run_verb_words(const Verb& verb, const std::vector<std::string>& words) {
  Arguments arguments(verb.name, verb.summary, verb.examples);
  const VerbAction action = verb.declare(arguments);
  if (!arguments.parse(words)) {
    fmt::print("{}", arguments.help());
    return ExitCode::ok;
  }
  return action();
}

const Verb& find_verb(const std::string& name, const std::vector<Verb>& verbs,
                      const std::string& program = "flurry") {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) {
    if (verb.name == name) return verb;
    names.push_back(verb.name);
  }
  throw UsageError(unknown_name("verb", name, "", names) + " (see " + program + " --help)");
}

std::string parts_overview(const Verb& verb) {
  std::string text =
      fmt::format("{}\n\nUsage: flurry {} VERB [arguments]\n\nVerbs:\n", verb.summary, verb.name);
  for (const Verb& part : verb.parts) text += fmt::format("  {:<9} {}\n", part.name, part.summary);
  return text + '\n' + verb.examples;
}

int run_part_words(const Verb& verb, const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "--help" || words.front() == "-h") {
    fmt::print("{}", parts_overview(verb));
    return ExitCode::ok;
  }
  Verb part = find_verb(words.front(), verb.parts, "flurry " + verb.name);
  part.name = verb.name + ' ' + part.name;
  return run_verb_words(part, {words.begin() + 1, words.end()});
}

int dispatch(std::vector<std::string> words, const std::vector<Verb>& verbs) {
  if (!words.empty() && words.front() == "help") {  // "help run" is "run --help"
    words.erase(words.begin());
    if (!words.empty()) words = {words.front(), "--help"};
  }
  if (words.empty() || words.front() == "--help" || words.front() == "-h") {
    fmt::print("{}", overview(verbs));
    return ExitCode::ok;
  }
  if (words.front() == "--version") {
    fmt::print("flurry {}\n", version);
    return ExitCode::ok;
  }
  const Verb& verb = find_verb(words.front(), verbs);
  if (process_ranks().ranks() > 1 && !verb.on_ranks)
    throw UsageError("flurry " + verb.name +
                     " works in one process; mpirun is for flurry run, resume and bench");
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  return verb.parts.empty() ? run_verb_words(verb, rest) : run_part_words(verb, rest);
}

// How an error is told: what, and the exit code.
using Tell = std::function<void(int code, const std::string& text)>;

void print_error(const std::string& who, const std::string& text) {
  (void)std::fflush(stdout);
  fmt::print(stderr, "flurry: error: {}{}\n", who, text);
}

int run_words(const std::vector<std::string>& words, const std::vector<Verb>& verbs, const Tell& tell) {
  const auto report = [&](const std::exception& error, const std::string& text) {
    tell(exit_code(error), text);
    return exit_code(error);
  };
  try {
    const int code = dispatch(words, verbs);
    if (std::fflush(stdout) != 0) throw SystemError("cannot write to standard output; is the disk full?");
    return code;
  } catch (const Error& error) {
    return report(error, error.what());
  } catch (const std::bad_alloc& error) {
    return report(error, "not enough memory; `flurry check` estimates what a network needs");
  } catch (const std::exception& error) {
    return report(error, std::string("internal error: ") + error.what() + " (please report it)");
  }
}

// One rank speaks for all.
void fall_silent() {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) throw SystemError("cannot open /dev/null");
}

}  // namespace

int exit_code(const std::exception& error) {
  if (dynamic_cast<const UsageError*>(&error) != nullptr) return ExitCode::usage;
  if (dynamic_cast<const FormatError*>(&error) != nullptr) return ExitCode::bad_data;
  if (dynamic_cast<const SystemError*>(&error) != nullptr) return ExitCode::system;
  if (dynamic_cast<const Interrupted*>(&error) != nullptr) return ExitCode::interrupted;
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return ExitCode::system;
  return ExitCode::internal;
}

int run_words(const std::vector<std::string>& words, const std::vector<Verb>& verbs) {
  return run_words(words, verbs, [](int, const std::string& text) { print_error("", text); });
}

int run_command_line(int count, char** values) {
  const std::vector<std::string> words(values + (count > 0 ? 1 : 0), values + count);
  try {
    World world;
    const RanksInUse in_use(world);
    if (world.communicator().rank() > 0) fall_silent();
    return run_words(words, all_verbs(), [&](int code, const std::string& text) {
      world.fail(code, [&](const std::string& who) { print_error(who, text); });
    });
  } catch (const Error& error) {
    print_error("", error.what());
    return exit_code(error);
  }
}

std::string overview(const std::vector<Verb>& verbs) {
  std::string text = fmt::format(
      "flurry {}: simulates and measures spiking networks whose neurons are all different.\n\n"
      "Usage: flurry VERB [arguments]     flurry VERB --help     flurry --version\n\nVerbs:\n",
      version);
  for (const Verb& verb : verbs) text += fmt::format("  {:<9} {}\n", verb.name, verb.summary);
  text +=
      "\nStart here:\n"
      "  flurry demo                        a network watching an event camera, with report and pictures\n"
      "  flurry check network.toml          is it right, how big is it\n"
      "  flurry run network.toml -o run.h5\n"
      "  flurry report run.h5               rates, time constants, energy\n"
      "\nExit codes: 0 ok, 1 compared files differ, 2 usage, 3 bad data, 4 system, 5 our mistake, 130 "
      "interrupted.\n";
  return text;
}

}  // namespace flurry
