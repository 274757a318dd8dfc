// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/command_line.hpp"

#include <new>
#include <sstream>

#include <doctest/doctest.h>
#include <signal.h>

#include "core/base/error.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/progress_bar.hpp"

namespace flurry {
namespace {

template <class Thrown>
Verb failing(const std::string& name) {
  return {name, "", "", [](Arguments&) -> VerbAction { return []() -> int { throw Thrown("sentence"); }; }};
}

std::vector<Verb> verbs() {
  return {
      failing<UsageError>("usage"),
      failing<FormatError>("format"),
      failing<SystemError>("system"),
      failing<InternalError>("internal"),
      failing<Interrupted>("stopped"),
      failing<std::runtime_error>("other"),
      {"memory", "", "", [](Arguments&) -> VerbAction { return []() -> int { throw std::bad_alloc(); }; }},
      {"different", "", "", [](Arguments&) -> VerbAction { return [] { return ExitCode::different; }; }}};
}

}  // namespace

TEST_CASE("every kind of error has its exit code") {
  CHECK(run_words({"usage"}, verbs()) == 2);
  CHECK(run_words({"format"}, verbs()) == 3);
  CHECK(run_words({"system"}, verbs()) == 4);
  CHECK(run_words({"internal"}, verbs()) == 5);
  CHECK(run_words({"other"}, verbs()) == 5);
  CHECK(run_words({"stopped"}, verbs()) == 130);
  CHECK(run_words({"memory"}, verbs()) == 4);
  CHECK(run_words({"different"}, verbs()) == 1);
  CHECK(run_words({"no-such-verb"}, verbs()) == 2);
  CHECK(run_words({"usage", "--no-such-option"}, verbs()) == 2);
}

TEST_CASE("help and version are no errors and run nothing") {
  CHECK(run_words({}, verbs()) == 0);
  CHECK(run_words({"--help"}, verbs()) == 0);
  CHECK(run_words({"--version"}, verbs()) == 0);
  CHECK(run_words({"usage", "--help"}, verbs()) == 0);
  CHECK(run_words({"help", "usage"}, verbs()) == 0);
}

TEST_CASE("the overview lists every verb") {
  for (const Verb& verb : all_verbs()) {
    CAPTURE(verb.name);
    CHECK(overview(all_verbs()).find("  " + verb.name) != std::string::npos);
    CHECK_FALSE(verb.summary.empty());
    CHECK(verb.examples.find("flurry " + verb.name) != std::string::npos);
  }
  CHECK(all_verbs().size() >= 9);
}

TEST_CASE("progress draws nothing unless wanted") {
  std::ostringstream out;
  double now = 0.0;
  ProgressBar bar("x", false, out, [&] { return now; });
  for (; now < 10.0; now += 0.05) bar.update(now / 10.0);
  CHECK(out.str().empty());
}

TEST_CASE(
    "progress waits a second, is redrawn ten times a second at most, tells the time left and cleans up") {
  std::ostringstream out;
  double now = 0.0;
  {
    ProgressBar bar("x", true, out, [&] { return now; });
    for (now = 0.0; now < 0.99; now += 0.01) bar.update(now / 10.0);
    CHECK(out.str().empty());
    int drawn = 0;
    for (now = 1.0; now < 5.0; now += 0.01) {
      const std::size_t before = out.str().size();
      bar.update(now / 10.0);
      drawn += out.str().size() > before ? 1 : 0;
    }
    CHECK(drawn >= 30);
    CHECK(drawn <= 41);
    CHECK(out.str().find("5 s left") != std::string::npos);
  }
  CHECK(out.str().ends_with("\r\x1b[K"));
}

TEST_CASE("progress is not wanted when quiet, and always when forced") {
  CHECK_FALSE(progress_wanted(true, true));
  CHECK(progress_wanted(true, false));
}

TEST_CASE("times to wait are short") {
  CHECK(waiting_text(-3.0) == "0 s");
  CHECK(waiting_text(12.4) == "12 s");
  CHECK(waiting_text(125.0) == "2:05");
  CHECK(waiting_text(3723.0) == "1:02:03");
}

TEST_CASE("Ctrl-C asks for a stop while the guard lives and is forgotten by the next one") {
  {
    const InterruptGuard guard;
    CHECK_FALSE(InterruptGuard::requested());
    raise(SIGINT);
    CHECK(InterruptGuard::requested());
  }
  const InterruptGuard next;
  CHECK_FALSE(InterruptGuard::requested());
}

}  // namespace flurry
