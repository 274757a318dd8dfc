// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "io/report/report_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/record_selection.hpp"
#include "tools/cli/run_input.hpp"
#include "tools/cli/run_simulation.hpp"

using namespace flurry;

namespace record_states_test {
namespace {

namespace fs = std::filesystem;

struct RecordFolder {
  fs::path path = fs::temp_directory_path() / ("flurry_record_states_" + std::to_string(::getpid()));
  RecordFolder() { fs::create_directories(path); }
  RecordFolder(const RecordFolder&) = delete;
  RecordFolder& operator=(const RecordFolder&) = delete;
  ~RecordFolder() { fs::remove_all(path); }

  [[nodiscard]] fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
};

std::string network(const std::string& records, const std::string& until = "200 ms") {
  return "run = { until = \"" + until +
         "\" }\n[populations]\nin = { model = \"poisson\", size = 50, rate = \"400 Hz\" }\n"
         "n = { model = \"lif_exp\", size = 50 }\n[projections]\n"
         "p = { source = \"in\", target = \"n\", rule = \"one_to_one\", weight = \"400 pA\", delay = \"1 "
         "ms\" }\n" +
         records;
}

RunResult run(const fs::path& file, const fs::path& output, const std::vector<std::string>& options = {}) {
  RunInput input = load_run_input(file, catalogue(), {});
  RunRequest request;
  request.output = output;
  request.records = input.records;
  for (const std::string& option : options)
    request.records.push_back(parse_record(option, input.network, catalogue()));
  return run_simulation(std::move(input.network), catalogue(), request);
}

std::string refusal(const RecordFolder& folder, const std::string& record) {
  try {
    (void)load_run_input(folder.write("refused.toml", network(record)), catalogue(), {});
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("records of a network file and of the command line become reports, and spikes stay the same") {
  const RecordFolder folder;
  (void)run(folder.write("plain.toml", network("")), folder.path / "plain.h5");
  const fs::path file = folder.write(
      "recorded.toml",
      network("[record.V]\npopulation = \"n\"\nvariables = [\"V_m\", \"I_syn\"]\nneurons = \"3, 10-19\"\n"
              "interval = \"0.5 ms\"\nprecision = \"double\"\n"));
  const RunResult result =
      run(file, folder.path / "run.h5",
          {"n.V_m,sample=7,seed=4,times=[0,\"0.1 s\"]", "n.I_syn_ex,start=100,neurons=5"});
  const SpikeFile spikes = read_spike_file(folder.path / "run.h5");
  const SpikeFile plain = read_spike_file(folder.path / "plain.h5");
  CHECK(spikes.populations.at("n").times.size() > 100);
  CHECK(spikes.populations.at("n").times == plain.populations.at("n").times);
  CHECK(spikes.populations.at("n").ids == plain.populations.at("n").ids);
  const std::string stem = (folder.path / "run.").string();
  CHECK(result.reports == std::vector<std::string>{stem + "V.V_m.h5", stem + "V.I_syn.h5", stem + "n.V_m.h5",
                                                   stem + "n.I_syn_ex.h5"});
  const ReportFile voltages(stem + "V.V_m.h5");
  const ReportInfo& info = voltages.populations().at(0);
  CHECK(info.node_ids == std::vector<std::uint64_t>{3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19});
  CHECK(info.times.size() == 400);
  CHECK(info.status == "complete");
  for (const double V_m : voltages.rows(0, 0, 400)) CHECK((V_m >= -70.0 && V_m < -55.0));
  CHECK(ReportFile(stem + "V.I_syn.h5").populations()[0].units == "pA");
  CHECK(ReportFile(stem + "n.V_m.h5").populations()[0].node_ids.size() == 7);
  CHECK(ReportFile(stem + "n.V_m.h5").populations()[0].times == std::vector<double>{0.0, 100.0});
  CHECK(ReportFile(stem + "n.I_syn_ex.h5").populations()[0].times.size() == 100);
}

TEST_CASE("spikes of a selection alone are written where one is named") {
  const RecordFolder folder;
  (void)run(folder.write("plain.toml", network("")), folder.path / "all.h5");
  (void)run(folder.path / "plain.toml", folder.path / "some.h5", {"n.spikes,neurons=0-9"});
  const PopulationSpikes all = read_spike_file(folder.path / "all.h5").populations.at("n");
  std::vector<double> expected;
  for (std::size_t i = 0; i < all.times.size(); ++i)
    if (all.ids[i] < 10) expected.push_back(all.times[i]);
  CHECK(read_spike_file(folder.path / "some.h5").populations.at("n").times == expected);
}

TEST_CASE("a sample of neurons is the same for the same seed") {
  RecordDescription record;
  record.sample = 100;
  record.ranges = {{500, 999}};
  const std::vector<std::uint32_t> first = select_neurons(record, 1000);
  CHECK(first == select_neurons(record, 1000));
  CHECK(first.size() == 100);
  CHECK(std::is_sorted(first.begin(), first.end()));
  CHECK(first.front() >= 500);
  record.seed = 2;
  CHECK(first != select_neurons(record, 1000));
  record.sample = 501;
  CHECK_THROWS_AS((void)select_neurons(record, 1000), UsageError);
}

TEST_CASE("what cannot be recorded is refused with the nearest name") {
  const RecordFolder folder;
  const auto record = [](const std::string& lines) { return "[record.r]\npopulation = \"n\"\n" + lines; };
  CHECK(holds(refusal(folder, record("variables = \"V\"")), "'V_m'"));
  CHECK(holds(refusal(folder, record("variables = \"V_m\"\nintervall = 1")), "did you mean 'interval'?"));
  CHECK(holds(refusal(folder, record("variables = \"V_m\"\nneurons = \"5-50\"")), "allowed: 0 to 49"));
  CHECK(
      holds(refusal(folder, record("variables = \"V_m\"\nneurons = \"a\"")), "expected a number or a range"));
  CHECK(holds(refusal(folder, record("variables = \"V_m\"\ntimes = [2, 1]")), "times must ascend"));
  CHECK(holds(refusal(folder, record("variables = \"V_m\"\ntimes = [2]\ninterval = 1")), "one of the two"));
  CHECK(holds(refusal(folder, record("variables = \"V_m\"\nprecision = \"half\"")), "'single' or 'double'"));
  CHECK(holds(refusal(folder, "[record.r]\npopulation = \"in\"\nvariables = \"V_m\"\n"), "is a source"));
  CHECK(
      holds(refusal(folder, "[record.r]\npopulation = \"m\"\nvariables = \"V_m\"\n"), "unknown population"));
}

TEST_CASE("a full disk ends a run with exit code 4, and what was written stays readable") {
  const RecordFolder folder;
  const fs::path file = folder.write("long.toml", network("", "30 s"));
  const std::string command = "cd " + folder.path.string() + " && (trap '' XFSZ; ulimit -f 4000; exec " +
                              FLURRY_PROGRAM +
                              " run long.toml -q -o run.h5 --record "
                              "n.V_m,interval=0.1ms,precision=double) 2> said.txt";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 4);
  std::string said;
  std::getline(std::ifstream(folder.path / "said.txt"), said);
  CHECK(holds(said, "File too large"));
  CHECK(holds(said, "marked incomplete"));
  const ReportFile report(folder.path / "run.n.V_m.h5");
  const ReportInfo& info = report.populations().at(0);
  CHECK(info.status == "incomplete");
  CHECK(info.times.size() > 1000);
  CHECK(info.completed_until == info.times.back());
  for (const double V_m : report.rows(0, info.times.size() - 100, 100)) CHECK((V_m >= -70.0 && V_m < -55.0));
  CHECK_FALSE(read_spike_file(folder.path / "run.h5").status.complete);
}

}  // namespace record_states_test
