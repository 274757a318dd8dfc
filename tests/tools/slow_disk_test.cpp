// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Runs whose disk stands still for a while.
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "io/checkpoint/checkpoint_file.hpp"
#include "io/report/report_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/tools/child_program.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace slow_disk_test {
namespace {

// More samples than may wait for the disk.
constexpr const char* network = R"(
run = { until = "600 ms", seed = 3 }
[populations]
noise = { model = "poisson", size = 3000, rate = "100 Hz" }
E = { model = "lif", size = 3000, I_e = { uniform = ["200 pA", "600 pA"] } }
[projections]
noise_E = { source = "noise", target = "E", rule = "one_to_one", weight = "1 mV" }
[record]
V = { population = "E", variables = "V_m", interval = "0.1 ms" }
)";
constexpr std::size_t neurons = 3000;

#ifdef FLURRY_SLOW_DISK
constexpr const char* slow_disk = FLURRY_SLOW_DISK;
#else
constexpr const char* slow_disk = nullptr;
#endif

struct Folder : TemporaryFolder {
  Folder() { write_bytes(*this / "n.toml", network); }
  [[nodiscard]] std::string at(const std::string& name) const { return (path() / name).string(); }
  [[nodiscard]] int flurry(std::vector<std::string> words) const {
    words.emplace_back("--quiet");
    return ChildProgram(words, *this / "errors").wait();
  }
  [[nodiscard]] int flurry_on_a_slow_disk(const std::vector<std::string>& words) const {
    // NOLINTBEGIN(concurrency-mt-unsafe): one thread
    ::setenv("LD_PRELOAD", slow_disk, 1);
    const int code = flurry(words);
    ::unsetenv("LD_PRELOAD");
    // NOLINTEND(concurrency-mt-unsafe)
    return code;
  }
};

void check_same_spikes(const Folder& folder, const std::string& name) {
  const SpikeFile whole = read_spike_file(folder / "whole.h5");
  const SpikeFile other = read_spike_file(folder / name);
  REQUIRE(whole.populations.at("E").times.size() > 1000);
  REQUIRE(other.populations.at("E").times == whole.populations.at("E").times);
}

// How many rows are missing; all others are those of the run on a quick disk.
std::uint64_t check_rows(const Folder& folder, const std::string& name) {
  const ReportFile whole(folder / "whole.V.h5");
  const ReportFile other(folder / name);
  const std::size_t rows = whole.populations()[0].times.size();
  REQUIRE(other.populations()[0].times.size() == rows);
  std::uint64_t missing = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::vector<double> values = other.rows(0, row, 1);
    REQUIRE(values.size() == neurons);
    if (std::isnan(values[0])) {
      ++missing;
      for (const double value : values) REQUIRE(std::isnan(value));
    } else {
      REQUIRE(values == whole.rows(0, row, 1));
    }
  }
  CHECK(other.populations()[0].dropped == missing);
  return missing;
}

TEST_CASE("where the disk is slower than the run, the run waits, or leaves samples out and says so") {
  if (slow_disk == nullptr) {
    MESSAGE("skipped: sanitizers want to be loaded before what slows the disk");
    return;
  }
  const Folder folder;
  REQUIRE(folder.flurry({"run", folder.at("n.toml"), "-o", folder.at("whole.h5")}) == 0);
  CHECK(check_rows(folder, "whole.V.h5") == 0);

  REQUIRE(folder.flurry_on_a_slow_disk({"run", folder.at("n.toml"), "-o", folder.at("waits.h5")}) == 0);
  check_same_spikes(folder, "waits.h5");
  CHECK(check_rows(folder, "waits.V.h5") == 0);

  REQUIRE(folder.flurry_on_a_slow_disk({"run", folder.at("n.toml"), "-o", folder.at("drops.h5"), "--drop",
                                        "-u", "500 ms", "--checkpoint", "500 ms"}) == 0);
  const std::uint64_t dropped = read_checkpoint(folder / "drops.1.checkpoint").dropped;
  CHECK(dropped > 0);
  CHECK(dropped % neurons == 0);

  // Gone on with, what was dropped is not forgotten.
  REQUIRE(folder.flurry({"resume", folder.at("drops.1.checkpoint"), "-u", "600 ms"}) == 0);
  check_same_spikes(folder, "drops.h5");
  CHECK(check_rows(folder, "drops.V.h5") * neurons == dropped);
  CHECK(read_checkpoint(folder / "drops.2.checkpoint").dropped == dropped);
}

}  // namespace
}  // namespace slow_disk_test
