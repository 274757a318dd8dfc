// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/tools/child_program.hpp"
#include "tools/analysis/network_estimate.hpp"
#include "tools/cli/run_input.hpp"
#include "tools/cli/run_simulation.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

// A folder that is gone when this is.
struct RunFolder {
  fs::path path = fs::temp_directory_path() / ("flurry_run_test_" + std::to_string(::getpid()));
  RunFolder() { fs::create_directories(path); }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder() { fs::remove_all(path); }

  [[nodiscard]] fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
};

// Two neurons that every spike of two sources makes fire 1.5 ms later.
std::string relay(const std::string& source, const std::string& head = "") {
  return head + "[run]\nuntil = \"100 ms\"\n[populations.in]\nmodel = \"spike_train\"\n" + source +
         "\n[populations.n]\nmodel = \"lif\"\nsize = 2\n[projections.p]\nsource = \"in\"\ntarget = \"n\"\n"
         "rule = \"all_to_all\"\nweight = \"20 mV\"\ndelay = \"1.5 ms\"\n";
}

std::vector<double> times_of(const fs::path& network, const fs::path& output, RunRequest request = {}) {
  request.output = output;
  const RunResult result =
      run_simulation(load_run_input(network, catalogue(), {}).network, catalogue(), request);
  CHECK(result.complete);
  return read_spike_file(output).populations.at("n").times;
}

}  // namespace

TEST_CASE("given spikes come from a table of the network file, or from the spike file of another run") {
  const RunFolder folder;
  const fs::path table = folder.write("table.toml", relay("size = 2\ntimes = [[\"1 ms\", 30.0], [4.04]]"));
  const std::vector<double> first = times_of(table, folder.path / "first.h5");
  REQUIRE(first.size() == 6);
  CHECK(first[0] == 2.5);
  CHECK(first[2] == 4.04 + 1.5);
  CHECK(first[4] == 31.5);
  const fs::path file = folder.write("file.toml", relay("file = \"first.h5\""));
  const std::vector<double> second = times_of(file, folder.path / "second.h5");
  REQUIRE(second.size() == 6);
  for (std::size_t i = 0; i < second.size(); ++i) CHECK(second[i] == first[i] + 1.5);
}

TEST_CASE("a resolution puts a run on a grid, whether the file says so or the caller") {
  const RunFolder folder;
  const std::string train = "size = 2\ntimes = [[\"1 ms\", 30.0], [4.04]]";
  const std::vector<double> expected{2.5, 2.5, 5.6, 5.6, 31.5, 31.5};
  const fs::path top = folder.write("top.toml", relay(train, "resolution = \"0.1 ms\"\n"));
  CHECK(times_of(top, folder.path / "top.h5") == expected);
  const fs::path exact = folder.write("exact.toml", relay(train));
  RunRequest request;
  request.resolution = 0.1;
  CHECK(times_of(exact, folder.path / "asked.h5", request) == expected);
  CHECK(times_of(exact, folder.path / "exact.h5")[2] == 4.04 + 1.5);
  for (const double wrong : {0.0, -0.1}) {
    request.resolution = wrong;
    CHECK_THROWS_AS(times_of(exact, folder.path / "wrong.h5", request), UsageError);
  }
}

// Larger than anything else this program starts, whose largest child is what the system tells.
TEST_CASE("the peak of memory is foretold within a tenth") {
  const RunFolder folder;
  const fs::path network = folder.write("n.toml", R"(
run = { until = "50 ms", seed = 1 }
[populations]
N = { model = "lif_exp", size = 300000 }
X = { model = "poisson", size = 3000, rate = "50 Hz" }
[projections]
NN = { source = "N", target = "N", rule = { fixed_outdegree = 100 }, weight = "10 pA", delay = { uniform = ["1 ms", "10 ms"] } }
XN = { source = "X", target = "N", rule = { fixed_outdegree = 1 }, weight = "3000 pA", delay = "1 ms" }
)");
  const NetworkEstimate estimate =
      estimate_network(load_run_input(network, catalogue(), {}).network, catalogue(), 0.5e-3);
  REQUIRE(testing::ChildProgram({"run", network.string(), "-o", (folder.path / "a.h5").string(), "-q"},
                                folder.path / "errors")
              .wait() == 0);
  rusage usage{};
  REQUIRE(::getrusage(RUSAGE_CHILDREN, &usage) == 0);
  CHECK(peak_bytes(estimate) == doctest::Approx(1024.0 * static_cast<double>(usage.ru_maxrss)).epsilon(0.1));
}

}  // namespace flurry
