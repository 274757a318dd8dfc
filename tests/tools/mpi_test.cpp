// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// flurry under mpirun, where it was built with MPI.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "io/report/report_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/tools/child_program.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace mpi_test {
namespace {

#ifdef FLURRY_MPIRUN
constexpr const char* mpirun = FLURRY_MPIRUN;
#else
constexpr const char* mpirun = nullptr;
#endif

namespace fs = std::filesystem;

// Spikes that travel and such that do not, counted and drawn sources, reports that some ranks have no part
// in.
constexpr const char* network = R"(
run = { until = "2 s", seed = 5 }
[populations]
noise = { model = "poisson", size = 200, rate = "800 Hz" }
clock = { model = "regular", size = 3, interval = "7 ms" }
E = { model = "lif_exp", size = 200, tau_m = { gamma = { mean = "20 ms", shape = 3 }, min = "2 ms", max = "200 ms" } }
D = { model = "lif", size = 31, I_e = { uniform = ["200 pA", "600 pA"] } }
[projections]
noise_E = { source = "noise", target = "E", rule = "one_to_one", weight = "250 pA" }
clock_D = { source = "clock", target = "D", rule = "all_to_all", weight = "2 mV", delay = "7 ms" }
EE = { source = "E", target = "E", rule = { fixed_indegree = 20 }, weight = "20 pA", delay = { uniform = [1, 25] } }
ED = { source = "E", target = "D", rule = { pairwise_bernoulli = 0.1 }, weight = "0.3 mV", delay = { uniform = [1, 5] } }
[record]
V = { population = "E", variables = "V_m", sample = 40, interval = "0.5 ms" }
few = { population = "D", variables = "V_m", neurons = [2, 3], times = ["1.5 ms", "300 ms", "1599 ms"], precision = "double" }
)";

struct Folder : TemporaryFolder {
  Folder() {
    write_bytes(*this / "n.toml", network);
    // Tests may run as root and on fewer processors than ranks.
    ::setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);          // NOLINT(concurrency-mt-unsafe): one thread
    ::setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);  // NOLINT(concurrency-mt-unsafe)
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path() / name).string(); }
  [[nodiscard]] std::string errors() const { return bytes_of(*this / "errors"); }
  [[nodiscard]] ChildProgram start(std::uint32_t ranks, const std::vector<std::string>& words) const {
    std::vector<std::string> all{"--oversubscribe", "-n", std::to_string(ranks), FLURRY_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    return {all, *this / "errors", mpirun};
  }
  [[nodiscard]] int flurry(const std::vector<std::string>& words) const {
    return ChildProgram(words, *this / "errors").wait();
  }
  // The last checkpoint that is whole, of run.h5: that of the first rank is written last.
  [[nodiscard]] std::string last_checkpoint() const {
    fs::path last;
    fs::file_time_type written;
    for (const auto& entry : fs::directory_iterator(path())) {
      const std::string name = entry.path().filename().string();
      const bool other_rank = contains(name, ".rank") && !contains(name, ".rank0of");
      if (!name.ends_with(".checkpoint") || other_rank) continue;
      if (!last.empty() && entry.last_write_time() <= written) continue;
      last = entry.path();
      written = entry.last_write_time();
    }
    return last.string();
  }
};

using Spikes = std::multiset<std::pair<double, std::uint64_t>>;

Spikes sorted(const PopulationSpikes& spikes) {
  Spikes result;
  for (std::size_t i = 0; i < spikes.times.size(); ++i) result.emplace(spikes.times[i], spikes.ids[i]);
  return result;
}

void check_same(const Folder& folder, const std::string& a, const std::string& b) {
  const SpikeFile one = read_spike_file(folder / (a + ".h5"));
  const SpikeFile two = read_spike_file(folder / (b + ".h5"));
  CHECK(two.status.complete);
  CHECK(two.status.until == one.status.until);
  REQUIRE(two.populations.size() == one.populations.size());
  for (const auto& [name, spikes] : one.populations) {
    CHECK(spikes.times.size() > 100);
    REQUIRE(sorted(two.populations.at(name)) == sorted(spikes));
  }
  for (const std::string name : {".V.h5", ".few.h5"}) {
    const ReportFile left(folder / (a + name));
    const ReportFile right(folder / (b + name));
    const ReportInfo& info = left.populations().at(0);
    CHECK(right.populations().at(0).node_ids == info.node_ids);
    CHECK(right.populations()[0].status == "complete");
    REQUIRE(right.populations()[0].times == info.times);
    REQUIRE(right.rows(0, 0, info.times.size()) == left.rows(0, 0, info.times.size()));
  }
}

bool no_mpi() {
  if (mpirun == nullptr) MESSAGE("skipped: this build has no MPI");
  return mpirun == nullptr;
}

// Kills one of the ranks after a while; true where the run was still there.
bool kill_one(ChildProgram& program, std::chrono::milliseconds after, RandomSequence& random) {
  std::this_thread::sleep_for(after);
  const std::vector<pid_t> ranks = program.children();
  if (!ranks.empty()) ::kill(ranks[random.below(static_cast<std::uint32_t>(ranks.size()))], SIGKILL);
  return program.wait() != 0;
}

}  // namespace

TEST_CASE("one, two, three and four ranks of one or two threads write the same spikes and reports") {
  if (no_mpi()) return;
  const Folder folder;
  for (const char* resolution : {"", "0.1 ms"}) {
    CAPTURE(resolution);
    std::vector<std::string> words{"run", folder.at("n.toml"), "-q", "-o"};
    const std::vector<std::string> more = *resolution == '\0'
                                              ? std::vector<std::string>{}
                                              : std::vector<std::string>{"--resolution", resolution};
    std::vector<std::string> alone = words;
    alone.push_back(folder.at("one.h5"));
    alone.insert(alone.end(), more.begin(), more.end());
    REQUIRE(folder.flurry(alone) == 0);
    for (const std::uint32_t ranks : {1U, 2U, 3U, 4U}) {
      CAPTURE(ranks);
      std::vector<std::string> shared = words;
      shared.push_back(folder.at("many.h5"));
      shared.insert(shared.end(), {"-t", std::to_string(1 + ranks % 2)});
      shared.insert(shared.end(), more.begin(), more.end());
      const int status = folder.start(ranks, shared).wait();
      CAPTURE(folder.errors());
      REQUIRE(status == 0);
      check_same(folder, "one", "many");
      CHECK(folder.flurry({"compare", folder.at("one.h5"), folder.at("many.h5"), "--json"}) == 0);
    }
  }
}

TEST_CASE("ranks killed at random moments go on with any other number of ranks to the same bits") {
  if (no_mpi()) return;
  const Folder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5"), "-q"}) == 0);
  RandomSequence random(1, Purpose::test, 33, 0);
  std::uint32_t kills = 0, resumed = 0;
  for (int round = 0; round < 2; ++round) {
    for (const auto& entry : fs::directory_iterator(folder.path()))
      if (entry.path().filename().string().starts_with("run.")) fs::remove(entry.path());
    for (int leg = 0;; ++leg) {
      const std::string from = folder.last_checkpoint();
      const std::uint32_t ranks = 1 + random.below(4);
      CAPTURE(from);
      CAPTURE(ranks);
      const std::vector<std::string> run{"run", folder.at("n.toml"), "-o",   folder.at("run.h5"), "-q", "-t",
                                         "1",   "--checkpoint",      "20 ms"};
      ChildProgram program =
          folder.start(ranks, from.empty() ? run : std::vector<std::string>{"resume", from, "-q", "-t", "1"});
      resumed += from.empty() ? 0 : 1;
      if (leg < 4) {
        kills += kill_one(program, std::chrono::milliseconds(300 + random.below(900)), random) ? 1 : 0;
        continue;
      }
      const int status = program.wait();
      CAPTURE(folder.errors());
      REQUIRE(status == 0);
      break;
    }
    check_same(folder, "whole", "run");
    // 2 s with a checkpoint every 20 ms: only the last two, and what belongs to them, are still there.
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      const fs::path name = entry.path().filename();
      if (name.extension() != ".checkpoint" && name.extension() != ".undo") continue;
      CAPTURE(name);
      CHECK(std::stoi(name.stem().extension().string().substr(1)) >= 99);
    }
  }
  MESSAGE(kills << " kills, gone on " << resumed << " times");
  CHECK(kills >= 3);
}

TEST_CASE("legs that are gone back behind leave nothing") {
  if (no_mpi()) return;
  const Folder folder;
  REQUIRE(folder
              .start(2, {"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q", "--until", "300 ms",
                         "--checkpoint", "100 ms", "--keep", "9"})
              .wait() == 0);
  const std::string first = folder.at("run.rank0of2.1.checkpoint");
  const auto legs = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      if (const std::string name = entry.path().filename(); name.starts_with("run.leg"))
        found.insert(name.substr(0, name.find('.', name.find("rank"))));
    return found;
  };
  for (const std::uint32_t ranks : {3U, 1U, 4U}) {
    REQUIRE(folder.start(ranks, {"resume", first, "-q", "--until", "200 ms"}).wait() == 0);
    CHECK(legs().size() == ranks);
    for (const std::string& leg : legs()) CHECK(leg.ends_with("of" + std::to_string(ranks)));
  }
  REQUIRE(folder.start(2, {"resume", first, "-q", "--until", "2 s"}).wait() == 0);
  CHECK(legs().empty());
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5"), "-q"}) == 0);
  check_same(folder, "whole", "run");

  // Begun anew with another number of ranks: no checkpoint of the earlier run is left to go on from. Files of
  // runs with a similar name are not touched.
  const std::set<std::string> others{"run.legacy.1.checkpoint", "run.ranking.h5.partial", "run.rank.7.undo",
                                     "run.leg1.ranks.3.undo", "run.rank1ofus.h5.partial"};
  for (const std::string& name : others) write_bytes(folder / name, "mine");
  REQUIRE(folder.start(3, {"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q"}).wait() == 0);
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    CAPTURE(entry.path());
    if (others.contains(entry.path().filename())) continue;
    CHECK(entry.path().extension() != ".checkpoint");
    CHECK(entry.path().extension() != ".undo");
  }
  for (const std::string& name : others) CHECK(bytes_of(folder / name) == "mine");
  check_same(folder, "whole", "run");
}

TEST_CASE("a rank that hangs or dies ends the run with a message that names it, and its checkpoint stands") {
  if (no_mpi()) return;
  for (const int signal : {SIGSTOP, SIGKILL}) {
    CAPTURE(signal);
    const Folder folder;
    ChildProgram program = folder.start(3, {"run", folder.at("n.toml"), "-o", folder.at("run.h5"), "-q", "-t",
                                            "1", "--until", "10000 s", "--checkpoint", "100 ms"});
    while (folder.last_checkpoint().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const std::vector<pid_t> ranks = program.children();
    REQUIRE(ranks.size() == 3);
    const auto begin = std::chrono::steady_clock::now();
    ::kill(ranks[1], signal);
    CHECK(program.wait() != 0);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
    CAPTURE(folder.errors());
    CHECK(contains(folder.errors(), "rank 1"));
    const int status = folder.flurry({"resume", folder.last_checkpoint(), "-q", "--until", "3 s"});
    CAPTURE(folder.errors());
    CHECK(status == 0);
  }
}

TEST_CASE("what is wrong with a network is said once, and what is for one process is refused") {
  if (no_mpi()) return;
  const Folder folder;
  CHECK(folder.start(3, {"run", folder.at("none.toml"), "-o", folder.at("x.h5")}).wait() == 4);
  const std::string missing = folder.errors();
  const std::size_t first = missing.find("flurry: error");
  CHECK(first != std::string::npos);
  CHECK(missing.find("flurry: error", first + 1) == std::string::npos);
  CHECK(folder.start(2, {"check", folder.at("n.toml")}).wait() == 2);
  CHECK(contains(folder.errors(), "works in one process"));
}

}  // namespace mpi_test
