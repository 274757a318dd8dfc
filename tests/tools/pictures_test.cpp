// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/pictures.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/text/json.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/analysis/report_text.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/plot/html_report.hpp"
#include "tools/plot/report_pictures.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

// A folder that is gone when this is.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("flurry_pictures_test_" + std::to_string(::getpid()));
  ~Folder() { fs::remove_all(path); }
};

// Neurons whose rate falls with tau and swings with a period of 250 ms.
PopulationReport population(const std::string& name, std::size_t size, std::uint32_t stream) {
  PopulationReport report;
  report.name = name;
  report.model = "lif_exp";
  ParameterReport tau;
  tau.name = "tau_m";
  tau.unit = "ms";
  report.trains.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    RandomSequence random(1, Purpose::test, stream, i);
    tau.values.push_back(-8.0 * std::log(random.uniform() * random.uniform() * random.uniform()) + 2.0);
    const double peak = 0.5 / std::sqrt(tau.values[i]);
    for (double t = 0.0; t < 1000.0;) {
      t -= std::log(random.uniform()) / peak;
      if (t < 1000.0 && random.uniform() < 0.5 * (1.0 + std::sin(2.0 * std::numbers::pi * t / 250.0)))
        report.trains[i].push_back(t);
    }
  }
  report.statistics = spike_statistics(report.trains, 1000.0);
  tau.bins = bin_by_parameter(tau.values, report.trains, 1000.0, parameter_bin_count);
  report.tau = "tau_m";
  report.profile = temporal_profile(tau.values, report.trains, 1000.0, 10.0);
  report.parameters.push_back(std::move(tau));
  return report;
}

RunReport example() {
  RunReport report;
  report.path = "run.h5";
  report.status = {true, true, 1000.0};
  report.duration = 1000.0;
  report.step = 1.0;
  report.populations = {population("E", 800, 1), population("I", 200, 2)};
  ActivityCounts counts;
  counts.duration = 1000.0;
  for (const PopulationReport& p : report.populations) {
    PopulationCounts c;
    c.name = p.name;
    c.model = p.model;
    c.size = p.trains.size();
    c.spikes = p.statistics.spikes;
    c.arrivals = 100 * c.spikes;
    c.updates_input = 90 * c.spikes;
    c.exponentials = 180 * c.spikes;
    counts.populations.push_back(c);
    counts.projections.push_back({p.name + "_E", p.name, "E", p.trains.size() * 100, 100 * c.spikes, 12, 8});
  }
  for (const EnergyProfile& profile : choose_profiles({}))
    report.energies.push_back({profile, price(counts, profile),
                               price(sparse_time_stepped(counts, 1.0), profile),
                               price(dense_time_stepped(counts, 1.0), profile)});
  report.counts = std::move(counts);
  return report;
}

std::string start_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(8, '\0');
  file.read(text.data(), 8);
  return text;
}

}  // namespace

TEST_CASE("a run with everything gives four pictures, each as SVG and PNG, and leaves nothing else") {
  if (!gnuplot_available()) {
    MESSAGE("skipped: gnuplot is not installed");
    return;
  }
  const Folder folder;
  const std::vector<Picture> pictures = all_pictures(example());
  REQUIRE(pictures.size() == 4);
  for (const Picture& picture : pictures) {
    CAPTURE(picture.name);
    CHECK(start_of(draw(picture, folder.path)) == "\x89PNG\r\n\x1a\n");
    CHECK(start_of(folder.path / (picture.name + ".svg")).starts_with("<?xml"));
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path)) files += entry.is_regular_file() ? 1 : 0;
  CHECK(files == 8);
}

TEST_CASE(
    "a report gives traces, and a band where there are neurons enough, with gaps where samples are missing") {
  const Folder folder;
  fs::create_directories(folder.path);
  for (const std::uint64_t neurons : {3, 40}) {
    const fs::path path = folder.path / "run.V.h5";
    ReportDescription description{"E", "V_m", "mV", {}, SampleTimes::every(0.5, 0.0, 100.0), 100.0, false};
    for (std::uint64_t id = 0; id < neurons; ++id) description.node_ids.push_back(2 * id);
    ReportFileWriter writer(path, description);
    for (std::uint64_t row = 0; row < 100; ++row) {
      std::vector<double> values(neurons);
      for (std::uint64_t id = 0; id < neurons; ++id)
        values[id] = -static_cast<double>(id) - static_cast<double>(row) / 128.0;
      writer.append(values);
    }
    writer.append_missing(50);
    writer.finish(false);
    const std::vector<Picture> pictures = report_pictures(ReportFile(path));
    REQUIRE(pictures.size() == 1);
    const std::string& script = pictures[0].script;
    CHECK(script.find("V_m (mV)") != std::string::npos);
    CHECK(script.find(neurons == 3 ? "neuron 4'" : "neuron 64'") != std::string::npos);
    CHECK(script.find("80 % of neurons") == (neurons == 3 ? std::string::npos : script.rfind("80 % of")));
    if (neurons == 3) {
      CHECK(script.find("\n0.5 -0.0078125 -1.00781 -2.00781\n") != std::string::npos);
    } else {
      CHECK(script.find("\n0.5 -35.1078 -19.5078 -3.90781\n") != std::string::npos);
      CHECK(script.find("nan nan nan nan nan\n") != std::string::npos);
    }
    if (gnuplot_available()) CHECK(start_of(draw(pictures[0], folder.path)) == "\x89PNG\r\n\x1a\n");
  }
}

TEST_CASE("an HTML report stands alone") {
  if (!gnuplot_available()) {
    MESSAGE("skipped: gnuplot is not installed");
    return;
  }
  const Folder folder;
  fs::create_directories(folder.path);
  const fs::path path = folder.path / "report.html";
  write_html_report(example(), path);
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  CHECK(text.find("<svg") != std::string::npos);
  CHECK(text.find("<?xml") == std::string::npos);
  CHECK(text.find("loihi1-table2") != std::string::npos);
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
}

TEST_CASE("what gnuplot refuses is an error that quotes it and leaves no picture") {
  if (!gnuplot_available()) {
    MESSAGE("skipped: gnuplot is not installed");
    return;
  }
  const Folder folder;
  CHECK_THROWS_WITH_AS(draw({"bad", "plot no_such_function(x)\n", 300, 200}, folder.path),
                       doctest::Contains("no_such_function"), SystemError);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a silent run gives no picture of spikes") {
  RunReport report;
  report.duration = 100.0;
  PopulationReport silent;
  silent.name = "E";
  silent.trains.resize(10);
  report.populations.push_back(silent);
  CHECK_FALSE(raster_picture(report));
  CHECK_FALSE(time_constant_picture(report));
  CHECK_FALSE(energy_picture(report));
}

TEST_CASE("names with quotes cannot break a script") {
  CHECK(gnuplot_text("it's") == "'it''s'");
  CHECK(gnuplot_text("two\nlines") == "'two lines'");
}

TEST_CASE("the report says what there is, in text and JSON alike") {
  const RunReport report = example();
  const std::string text = report_text(report);
  for (const char* part : {"populations", "rate by tau_m of E [ms]", "fastest", "projection",
                           "energy estimates", "not measurements", "truenorth-allin", "scope"})
    CHECK(text.find(part) != std::string::npos);
  const Document document = parse_json(json_text(report_document(report)), "report");
  CHECK(document.at("populations", "x").array("x").size() == 2);
  CHECK(document.at("energy", "x").at("profiles", "x").array("x").size() == report.energies.size());
  CHECK(document.at("status", "x").text("x") == "complete");
}

TEST_CASE("an unknown energy profile names the nearest") {
  CHECK_THROWS_WITH_AS((void)choose_profiles({"loihi1-table3"}), doctest::Contains("loihi1-table2"),
                       UsageError);
  CHECK(choose_profiles({"all"}).size() == known_profiles().size());
}

}  // namespace flurry
