// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/catalogue/catalogue.hpp"
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

}  // namespace flurry
