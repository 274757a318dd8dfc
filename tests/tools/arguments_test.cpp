// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/arguments.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

struct Parsed {
  std::string input;
  std::string output;
  std::optional<std::uint64_t> threads;
  std::optional<double> until;
  std::vector<std::string> settings;
  bool quiet = false;
  std::string command;
};

bool parse(const std::vector<std::string>& words, Parsed& into) {
  Arguments arguments("run", "Summary", "Examples: none\n");
  arguments.positional("INPUT", into.input, "input");
  arguments.required_option("-o,--output", into.output, "FILE", "output");
  arguments.whole_number("-t,--threads", into.threads, "threads");
  arguments.quantity("--until", into.until, Dimension::time, "until");
  arguments.repeated("--set", into.settings, "KEY=VALUE", "set");
  arguments.flag("-q,--quiet", into.quiet, "quiet");
  arguments.keep_command(into.command);
  return arguments.parse(words);
}

std::string refusal(const std::vector<std::string>& words) {
  Parsed into;
  try {
    (void)parse(words, into);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("every kind of argument is read") {
  Parsed into;
  CHECK(parse({"net.toml", "-o", "a b.h5", "--threads=4", "--until", "2 s", "--set", "a.b=1", "--set",
               "c=[1, 2]", "-q"},
              into));
  CHECK(into.input == "net.toml");
  CHECK(into.output == "a b.h5");
  CHECK(into.threads == 4);
  CHECK(into.until == 2000.0);
  CHECK(into.settings == std::vector<std::string>{"a.b=1", "c=[1, 2]"});
  CHECK(into.quiet);
  CHECK(into.command ==
        "flurry run net.toml -o 'a b.h5' --threads=4 --until '2 s' --set a.b=1 --set 'c=[1, 2]' -q");
}

TEST_CASE("what is not given keeps its value") {
  Parsed into;
  CHECK(parse({"-o", "x", "net.toml"}, into));
  CHECK_FALSE(into.threads);
  CHECK_FALSE(into.until);
  CHECK(into.settings.empty());
  CHECK_FALSE(into.quiet);
}

TEST_CASE("a repeated option does not swallow the positional after it") {
  Parsed into;
  CHECK(parse({"--set", "a=1", "net.toml", "-o", "x"}, into));
  CHECK(into.input == "net.toml");
  CHECK(into.settings == std::vector<std::string>{"a=1"});
}

TEST_CASE("what does not fit is refused in one sentence") {
  CHECK(refusal({"net.toml", "-o", "x", "--thread", "4"}).find("did you mean '--threads'") !=
        std::string::npos);
  CHECK(refusal({"net.toml", "more.toml", "-o", "x"}).find("unexpected argument 'more.toml'") !=
        std::string::npos);
  CHECK(refusal({"net.toml"}).find("--output") != std::string::npos);
  CHECK(refusal({"-o", "x"}).find("INPUT") != std::string::npos);
  CHECK(refusal({"n", "-o", "x", "--threads", "two"}).find("'two' for --threads") != std::string::npos);
  CHECK(refusal({"n", "-o", "x", "--threads", "99999999999999999999"}).find("whole number") !=
        std::string::npos);
  CHECK(refusal({"n", "-o", "x", "--until", "2 mV"}).find("mV") != std::string::npos);
}

TEST_CASE("help is asked for, not an error, and shows every option") {
  Parsed into;
  CHECK_FALSE(parse({"--help"}, into));
  Arguments arguments("run", "Summary", "Examples: here\n");
  arguments.quantity("--until", into.until, Dimension::time, "how long");
  const std::string help = arguments.help();
  CHECK(help.find("--until") != std::string::npos);
  CHECK(help.find("how long") != std::string::npos);
  CHECK(help.find("Examples: here") != std::string::npos);
}

}  // namespace flurry
