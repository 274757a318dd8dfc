// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_config.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/sonata/manifest.hpp"
#include "io/text/json.hpp"
#include "tests/io/sonata/small_circuit.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("manifest variables may contain one another and are meant from the folder of the configuration") {
  const Document config = parse_json(
      R"({"manifest": {"$BASE": ".", "$OUT": "$BASE/out", "${DEEP}": "${OUT}/deep", "$ABS": "/abs", "$A": "$B", "$B": "$A"}})",
      "c.json");
  const Manifest manifest(config, "/home/me");
  CHECK(manifest.path("$OUT/x.h5", "here") == "/home/me/out/x.h5");
  CHECK(manifest.path("$DEEP/x.h5", "here") == "/home/me/out/deep/x.h5");
  CHECK(manifest.path("${configdir}/x.h5", "here") == "/home/me/x.h5");
  CHECK(manifest.path("$ABS/x.h5", "here") == "/abs/x.h5");
  CHECK(manifest.path("x.h5", "here") == "/home/me/x.h5");
  CHECK(manifest.expand("a$BASE$OUT", "here") == "a../out");
  CHECK(contains(message_of<UsageError>([&] { (void)manifest.expand("$OUR/x", "here"); }),
                 "did you mean 'OUT'"));
  CHECK(contains(message_of<UsageError>([&] { (void)manifest.expand("$A", "here"); }), "circle"));
  CHECK(contains(message_of<UsageError>([&] { (void)manifest.expand("a$/b", "here"); }), "without a name"));
  CHECK(contains(message_of<UsageError>([&] { (void)manifest.expand("${OUT", "here"); }), "without a name"));
}

TEST_CASE("a configuration is one file, two, or three") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "circuit");
  write_bytes(folder / "circuit/circuit_config.json",
              R"({"manifest": {"$N": "./net"}, "components": {"point_neuron_models_dir": "$N/models"},
                  "networks": {"nodes": [{"nodes_file": "$N/n.h5", "node_types_file": null}],
                               "edges": [{"edges_file": "$N/e.h5", "edge_types_file": "$N/e.csv"},
                                         {"edges_file": "$N/off.h5", "enabled": false}]}})");
  const std::string run = R"("run": {"duration": 50, "dt": 0.1, "random_seed": 12})";
  SUBCASE("all three") {
    write_bytes(folder / "sim.json", "{" + run + "}");
    write_bytes(folder / "config.json",
                R"({"network": "circuit/circuit_config.json", "simulation": "sim.json"})");
  }
  SUBCASE("a simulation that names its circuit") {
    write_bytes(folder / "config.json", R"({"network": "./circuit/circuit_config.json", )" + run + "}");
  }
  SUBCASE("a simulation beside its circuit") {
    write_bytes(folder / "circuit/simulation_config.json", "{" + run + "}");
    write_bytes(folder / "config.json", R"({"simulation": "circuit/simulation_config.json"})");
  }
  const SonataConfig config = read_sonata_config(folder / "config.json");
  CHECK(config.duration == 50.0);
  CHECK(config.seed == 12);
  CHECK(config.neuron_models == folder / "circuit/net/models");
  CHECK_FALSE(config.synapse_models);
  REQUIRE(config.nodes.size() == 1);
  CHECK(config.nodes[0].data == folder / "circuit/net/n.h5");
  CHECK_FALSE(config.nodes[0].types);
  REQUIRE(config.edges.size() == 1);
  CHECK(config.edges[0].types == folder / "circuit/net/e.csv");
  CHECK(is_sonata_config(folder / "config.json"));
  CHECK(is_sonata_config(folder / "circuit/circuit_config.json"));
  CHECK(contains(config.text, "random_seed"));
  CHECK(contains(config.text, "point_neuron_models_dir"));
}

TEST_CASE("configurations with mistakes are refused with the key and the file") {
  SmallCircuit small;
  const auto with = [&](const std::string& settings) {
    small.settings = settings;
    return small.refusal();
  };
  CHECK(contains(with(R"("run": {"tsop": 1},)"), "did you mean 'tstop'"));
  CHECK(contains(with(R"("run": {"tstop": 0},)"), "run.tstop"));
  CHECK(contains(with(R"("run": {"tstop": "1"},)"), "run.tstop"));
  CHECK(contains(with(R"("run": {"tstop": 1, "duration": 2},)"), "differ: 1 and 2 ms"));
  CHECK(contains(with(R"("run": {"tstop": 1, "tstart": 1},)"), "run.tstart"));
  CHECK(contains(with(R"("run": {"tstop": 1, "seed": -1},)"), "run.seed"));
  CHECK(contains(with(R"("input": {},)"), "did you mean 'inputs'"));
  CHECK(contains(with(R"("run": {"tstop": 1}, "inputs": {"a": {"module": "h5"}},)"), "no 'input_type'"));
  CHECK(contains(with(R"("run": {"tstop": 1}, "node_sets_file": "none.json",)"), "none.json"));
  CHECK(contains(with("\"run\": {\"tstop\": 1},,"), "config.json:1: not JSON"));
  CHECK(with(R"("run": {"tstop": 1, "dt": 0.1, "dL": 20.0, "spike_threshold": -15}, "output": {},)").empty());
}

TEST_CASE("what a configuration leaves open or is not used is noted") {
  SmallCircuit small;
  small.settings = R"("conditions": {"celsius": 34}, "run": {"dt": 0.1},)";
  const std::vector<std::string> notes = small.read().notes;
  std::string all;
  for (const std::string& note : notes) all += note + "\n";
  CHECK(contains(all, "run.dt = 0.1 ms is not used"));
  CHECK(contains(all, "conditions"));
  CHECK(contains(all, "no run.tstop"));
  CHECK(contains(all, "virtual population in is given no spikes"));
}

TEST_CASE("a simulation without a circuit, and what is no SONATA configuration, are told so") {
  const TemporaryFolder folder;
  write_bytes(folder / "sim.json", R"({"run": {"tstop": 1}, "inputs": {}})");
  CHECK(contains(message_of<UsageError>([&] { (void)read_sonata_config(folder / "sim.json"); }),
                 "names no circuit"));
  CHECK(is_sonata_config(folder / "sim.json"));
  write_bytes(folder / "other.json", R"({"a": 1})");
  write_bytes(folder / "list.json", "[1]");
  write_bytes(folder / "broken.json", "{");
  for (const char* name : {"other.json", "list.json", "broken.json", "none.json"})
    CHECK_FALSE(is_sonata_config(folder / name));
  CHECK_FALSE(is_sonata_config(folder.path()));
  CHECK_THROWS_AS((void)read_sonata_config(folder / "none.json"), SystemError);
}
