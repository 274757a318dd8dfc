// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "io/report/report_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/tools/child_program.hpp"
#include "tools/cli/checkpoint_plan.hpp"
#include "tools/cli/sealed_output.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace checkpoint_test {
namespace {

namespace fs = std::filesystem;

// Spikes on their way, predicted crossings, two kinds of sources, reports of single and double precision.
constexpr const char* network = R"(
run = { until = "600 ms", seed = 3 }
[populations]
noise = { model = "poisson", size = 300, rate = "500 Hz" }
clock = { model = "spike_train", file = "clock.h5" }
E = { model = "lif_exp", size = 300, tau_m = { gamma = { mean = "20 ms", shape = 3 }, min = "2 ms", max = "200 ms" } }
D = { model = "lif", size = 50, I_e = { uniform = ["200 pA", "600 pA"] } }
[projections]
noise_E = { source = "noise", target = "E", rule = "one_to_one", weight = "300 pA" }
clock_D = { source = "clock", target = "D", rule = "all_to_all", weight = "2 mV", delay = "7 ms" }
EE = { source = "E", target = "E", rule = { fixed_indegree = 20 }, weight = "20 pA", delay = { uniform = [1, 25] } }
ED = { source = "E", target = "D", rule = { fixed_indegree = 20 }, weight = "0.3 mV", delay = { uniform = [1, 5] } }
[record]
V = { population = "E", variables = "V_m", sample = 40, interval = "0.1 ms" }
odd = { population = "D", variables = "V_m", times = ["1.5 ms", "300 ms", "599 ms"], precision = "double" }
)";

struct RunFolder : TemporaryFolder {
  RunFolder() {
    write_bytes(*this / "n.toml", network);
    write_clock(900);
  }
  // Spikes to be played.
  void write_clock(int until) const {
    std::string clock = "time_ms,id\n";
    for (int t = 1; t < until; t += 3) clock += std::to_string(t) + "," + std::to_string(t % 5) + "\n";
    write_bytes(*this / "clock.csv", clock);
    REQUIRE(flurry({"convert", at("clock.csv"), at("clock.h5")}) == 0);
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path() / name).string(); }
  [[nodiscard]] std::string errors() const { return bytes_of(*this / "errors"); }

  int flurry(std::vector<std::string> words) const {
    words.emplace_back("--quiet");
    return ChildProgram(words, *this / "errors").wait();
  }
  // The checkpoints of run.h5 that are there, the last first.
  [[nodiscard]] std::vector<fs::path> checkpoints() const {
    return checkpoints_before(path() / "run.~.checkpoint");
  }
};

void check_same_files(const RunFolder& folder) {
  const SpikeFile whole = read_spike_file(folder / "whole.h5");
  const SpikeFile resumed = read_spike_file(folder / "run.h5");
  CHECK(resumed.status.complete);
  CHECK(resumed.status.until == whole.status.until);
  REQUIRE(resumed.populations.size() == whole.populations.size());
  for (const auto& [name, spikes] : whole.populations) {
    REQUIRE(resumed.populations.at(name).times == spikes.times);
    REQUIRE(resumed.populations.at(name).ids == spikes.ids);
    CHECK(spikes.times.size() > 100);
  }
  for (const std::string name : {"V", "odd"}) {
    const ReportFile a(folder.at("whole." + name + ".h5"));
    const ReportFile b(folder.at("run." + name + ".h5"));
    const ReportInfo& info = a.populations().at(0);
    REQUIRE(b.populations().at(0).times == info.times);
    CHECK(b.populations()[0].status == "complete");
    CHECK(b.populations()[0].completed_until == info.completed_until);
    CHECK(b.rows(0, 0, info.times.size()) == a.rows(0, 0, info.times.size()));
  }
}

std::size_t wanted_kills() {
  const char* const kills = std::getenv("FLURRY_KILLS");  // NOLINT(concurrency-mt-unsafe): one thread
  return kills == nullptr ? 40 : static_cast<std::size_t>(std::atoi(kills));
}

// Lets a run go for a while, or to its end where there is no limit. True where it was killed.
bool kill_after(const RunFolder& folder, const std::vector<std::string>& words,
                std::optional<std::chrono::microseconds> limit) {
  ChildProgram program(words, folder / "errors");
  if (limit) std::this_thread::sleep_for(*limit);
  const int status = limit ? program.end(SIGKILL) : program.wait();
  CAPTURE(folder.errors());
  CAPTURE(words.at(1));
  REQUIRE((status == -SIGKILL || status == 0));
  return status != 0;
}

}  // namespace

#if !defined(__SANITIZE_THREAD__)
TEST_CASE(
    "a run that is killed at any moment and goes on, again and again, gives the same spikes and reports") {
  const std::size_t wanted = wanted_kills();
  RandomSequence random(1, Purpose::test, 24, wanted);
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5"), "-t", "2"}) == 0);
  std::size_t kills = 0, runs = 0, from_nothing = 0, from_older = 0;
  while (kills < wanted) {
    const std::string every = random.below(2) == 0 ? "60 ms" : "11 ms";
    for (bool killed = true; killed;) {
      const std::vector<fs::path> there = folder.checkpoints();
      const std::string threads = std::to_string(1 + random.below(3));
      std::optional<std::chrono::microseconds> limit(2000 + random.below(400'000));
      if (kills >= wanted) limit.reset();
      if (there.empty()) {
        ++from_nothing;
        killed = kill_after(folder,
                            {"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q", "-t", threads,
                             "--checkpoint", every},
                            limit);
      } else {
        const bool older = there.size() > 1 && random.below(4) == 0;
        from_older += older ? 1 : 0;
        killed = kill_after(folder, {"resume", there[older ? 1 : 0].string(), "-q", "-t", threads}, limit);
      }
      kills += killed ? 1 : 0;
    }
    check_same_files(folder);
    ++runs;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      if (entry.path().filename().string().starts_with("run.")) fs::remove(entry.path());
  }
  MESSAGE(kills << " kills in " << runs << " runs; " << from_nothing << " begun anew, " << from_older
                << " went on from the one before the last");
}
#endif

TEST_CASE("a run goes on beyond its end, from any folder, and its network file may have changed") {
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5")}) == 0);
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-u", "123.4 ms",
                         "--checkpoint", "50 ms", "--keep", "3", "--set", "run.seed=3"}) == 0);
  CHECK(folder.checkpoints() == std::vector<fs::path>{folder / "run.3.checkpoint",
                                                      folder / "run.2.checkpoint",
                                                      folder / "run.1.checkpoint"});
  write_bytes(folder / "n.toml", "nothing");
  REQUIRE(folder.flurry({"resume", folder.at("run.2.checkpoint"), "-u", "600 ms", "-t", "3"}) == 0);
  check_same_files(folder);
  CHECK(folder.checkpoints().size() == 3);
  CHECK(folder.checkpoints().front() == folder / "run.12.checkpoint");
  for (const auto& entry : fs::directory_iterator(folder.path()))
    CHECK_FALSE(entry.path().filename().string().ends_with(".partial"));
}

TEST_CASE("checkpoints by the clock, and Ctrl-C writes one and says how to go on") {
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5"), "-u", "6 s"}) == 0);
  {
    ChildProgram program({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q", "-u", "6 s",
                          "--checkpoint", "100 ms wall"},
                         folder / "errors");
    for (int i = 0; i < 10'000 && folder.checkpoints().empty(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(program.end(SIGINT) == 130);
  }
  CHECK_FALSE(read_spike_file(folder / "run.h5").status.complete);
  REQUIRE_FALSE(folder.checkpoints().empty());
  const std::string last = folder.checkpoints().front().string();
  CHECK(contains(folder.errors(), "go on with: flurry resume " + last));
  REQUIRE(folder.flurry({"resume", last}) == 0);
  check_same_files(folder);
}

TEST_CASE("Ctrl-C writes a checkpoint though none were asked for") {
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5"), "-u", "6 s"}) == 0);
  {
    ChildProgram program({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q", "-u", "6 s"},
                         folder / "errors");
    while (!fs::exists(folder / "run.V.h5.partial"))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(program.end(SIGINT) == 130);
  }
  CHECK_FALSE(read_spike_file(folder / "run.h5").status.complete);
  CHECK(contains(folder.errors(), "go on with: flurry resume " + folder.at("run.1.checkpoint")));
  REQUIRE(folder.flurry({"resume", folder.at("run.1.checkpoint")}) == 0);
  check_same_files(folder);
  CHECK(folder.checkpoints() == std::vector<fs::path>{folder / "run.1.checkpoint"});
}

TEST_CASE("what cannot go on is refused in a sentence, and the outputs stay as they were") {
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-u", "100 ms",
                         "--checkpoint", "40 ms"}) == 0);
  const std::string last = folder.at("run.3.checkpoint");
  const std::string whole = bytes_of(last);
  const std::string output = bytes_of(folder / "run.h5");
  const auto refusal = [&](int code) {
    CHECK(folder.flurry({"resume", last, "-u", "200 ms"}) == code);
    CHECK(bytes_of(folder / "run.h5") == output);
    return folder.errors();
  };
  CHECK(folder.flurry({"resume", last, "-u", "99 ms"}) == 2);
  CHECK(contains(folder.errors(), "taken at 100 ms"));
  CHECK(bytes_of(folder / "run.h5") == output);
  std::string damaged = whole;
  damaged[whole.size() / 2] ^= 4;
  write_bytes(last, damaged);
  std::string said = refusal(3);
  CHECK(contains(said, "is damaged"));
  CHECK(contains(said, folder.at("run.2.checkpoint") + " is whole: go on with that one"));
  write_bytes(last, "SQLite format 3");
  CHECK(contains(refusal(3), "is no checkpoint of flurry"));
  write_bytes(last, whole);
  folder.write_clock(903);
  CHECK(contains(refusal(2), "a file it is read from has changed"));
  folder.write_clock(900);
  fs::rename(folder / "run.V.h5", folder / "away.h5");
  CHECK(folder.flurry({"resume", last}) == 4);
  CHECK(contains(folder.errors(), "run.V.h5', which the checkpoint goes on with"));
  fs::rename(folder / "away.h5", folder / "run.V.h5");
  CHECK(folder.flurry({"resume", last, "-u", "200 ms"}) == 0);
}

TEST_CASE("a run that begins anew removes checkpoints of the one before, which could destroy it") {
  const RunFolder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-u", "100 ms",
                         "--checkpoint", "40 ms"}) == 0);
  fs::copy_file(folder / "run.3.checkpoint", folder / "old.3.checkpoint");
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-u", "100 ms", "-s", "9"}) ==
          0);
  CHECK(folder.checkpoints().empty());
  const std::string output = bytes_of(folder / "run.h5");
  CHECK(folder.flurry({"resume", folder.at("old.3.checkpoint"), "-u", "200 ms"}) == 3);
  CHECK(bytes_of(folder / "run.h5") == output);
}

TEST_CASE("how often: simulated time, or time on the clock") {
  CHECK(parse_checkpoint_plan("10 s", {}).every == 10'000.0);
  CHECK_FALSE(parse_checkpoint_plan("10 s", {}).wall);
  CHECK(parse_checkpoint_plan("10 s", {}).keep == 2);
  const CheckpointPlan plan = parse_checkpoint_plan(" 5 min wall ", 7);
  CHECK(plan.every == 300'000.0);
  CHECK(plan.wall);
  CHECK(plan.keep == 7);
  CHECK(every_text(parse_checkpoint_plan(every_text(plan), {})) == every_text(plan));
  CHECK_THROWS_AS((void)parse_checkpoint_plan("0 s", {}), UsageError);
  CHECK_THROWS_AS((void)parse_checkpoint_plan("often", {}), UsageError);
  CHECK_THROWS_AS((void)parse_checkpoint_plan("wall", {}), UsageError);
  CHECK_THROWS_AS((void)parse_checkpoint_plan("1 s", 0), UsageError);
}

}  // namespace checkpoint_test
