// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/sonata/small_circuit.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

void write_spikes(const std::filesystem::path& path, const std::string& population,
                  const std::vector<double>& times, const std::vector<std::uint64_t>& ids) {
  Hdf5File file = Hdf5File::create(path);
  Hdf5Group spikes = file.root().create_group("spikes");
  Hdf5Group group = population.empty() ? std::move(spikes) : spikes.create_group(population);
  group.write("timestamps", times);
  group.write(population.empty() ? "gids" : "node_ids", ids);
  file.close();
}

std::string input(const std::string& members) {
  return R"("run": {"tstop": 100.0}, "inputs": {"a": {)" + members + "}},";
}

std::string spikes_input(const std::string& node_set, const std::string& module = "h5",
                         const std::string& file = "$D/s.h5") {
  return input(R"("input_type": "spikes", "module": ")" + module + R"(", "input_file": ")" + file + "\"" +
               (node_set.empty() ? "" : ", \"node_set\": " + node_set));
}

SpikeTrain played(const SmallCircuit& small) { return *small.population("in").spikes; }

}  // namespace

TEST_CASE("spikes are played by the virtual nodes a node set picks, ordered by time then neuron") {
  SmallCircuit small;
  write_spikes(small.folder() / "s.h5", "in", {5.0, 2.0, 5.0, 250.0}, {1, 1, 0, 0});
  const SpikeTrain all{{2.0, 1}, {5.0, 0}, {5.0, 1}, {250.0, 0}};
  SUBCASE("by the name of the population") { small.settings = spikes_input("\"in\""); }
  SUBCASE("all nodes, said by null") { small.settings = spikes_input("null"); }
  SUBCASE("all nodes, said by nothing") { small.settings = spikes_input(""); }
  SUBCASE("all nodes, said by name") { small.settings = spikes_input("\"all\""); }
  SUBCASE("by a table") { small.settings = spikes_input(R"({"population": "in"})"); }
  SUBCASE("by an attribute of the node types") {
    small.settings = spikes_input(R"({"model_type": "virtual"})");
  }
  SUBCASE("by ids") { small.settings = spikes_input(R"({"population": ["in"], "node_id": [0, 1]})"); }
  SUBCASE("by a list of names") { small.settings = spikes_input(R"(["in", "v1"])"); }
  SUBCASE("by the name of a node set") {
    small.text("sets.json", R"({"IN": {"population": "in"}, "BOTH": ["IN", "V"], "V": {"ei": "i"}})");
    small.settings = spikes_input("\"BOTH\"") + "\"node_sets_file\": \"$BASE/sets.json\",";
  }
  const SpikeTrain found = played(small);
  REQUIRE(found.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(found[i].time == all[i].time);
    CHECK(found[i].neuron == all[i].neuron);
  }
}

TEST_CASE("nodes outside the node set stay silent") {
  SmallCircuit small;
  write_spikes(small.folder() / "s.h5", "in", {5.0, 2.0}, {1, 0});
  small.settings = spikes_input(R"({"population": "in", "node_id": 1})");
  CHECK(played(small) == SpikeTrain{{5.0, 1}});
}

TEST_CASE("a flat spike file and one under another name go to the only population there is") {
  SmallCircuit small;
  small.settings = spikes_input("\"in\"");
  for (const char* name : {"", "external"}) {
    write_spikes(small.folder() / "s.h5", name, {3.0}, {1});
    CHECK(played(small) == SpikeTrain{{3.0, 1}});
  }
}

TEST_CASE("spikes are read from text") {
  SmallCircuit small;
  small.settings = spikes_input("\"in\"", "csv", "$D/s.csv");
  small.text("s.csv", "timestamps population node_ids\n4.5 in 1\n1.5 in 0\n9.0 other 77\n");
  CHECK(played(small) == SpikeTrain{{1.5, 0}, {4.5, 1}});
  small.text("s.csv", "node_ids timestamps\n1 4.5\n");
  CHECK(played(small) == SpikeTrain{{4.5, 1}});
  small.text("s.csv", "timestamps population node_ids\nx in 1\n");
  CHECK(contains(small.refusal<FormatError>(), "s.csv:2: timestamps is 'x'; expected a number"));
  small.text("s.csv", "timestamps population node_ids\n1.0 in -1\n");
  CHECK(contains(small.refusal<FormatError>(), "node_ids is '-1'"));
}

TEST_CASE("spikes are played under the ids of their nodes") {
  SmallCircuit small;
  small.nodes("in", {200, 200}, [](Hdf5Group& in) { in.write("node_id", std::vector<std::uint64_t>{1, 0}); });
  write_spikes(small.folder() / "s.h5", "in", {5.0, 2.0}, {1, 0});
  small.settings = spikes_input("\"in\"");
  CHECK(played(small) == SpikeTrain{{2.0, 0}, {5.0, 1}});
}

TEST_CASE("inputs that cannot be played are refused") {
  SmallCircuit small;
  write_spikes(small.folder() / "s.h5", "in", {5.0, 2.0}, {1, 2});
  small.settings = spikes_input("\"in\"");
  CHECK(contains(small.refusal<FormatError>(),
                 "s.h5': spike 1 is of node 2, which population in does not have"));
  write_spikes(small.folder() / "s.h5", "in", {-5.0}, {1});
  CHECK(contains(small.refusal<FormatError>(), "allowed: >= 0 ms"));
  small.settings = spikes_input("\"v1\"");
  CHECK(contains(small.refusal<UsageError>(), "selects no virtual nodes"));
  small.settings = spikes_input("\"im\"");
  CHECK(contains(small.refusal<UsageError>(), "unknown node set 'im'"));
  small.settings = spikes_input(R"({"layer": 4})");
  CHECK(contains(small.refusal<UsageError>(), "no node types file has a column 'layer'"));
  small.settings = spikes_input("\"in\"", "nwb");
  CHECK(contains(small.refusal<UsageError>(), "module 'nwb'; allowed for spikes: h5, sonata, csv"));
  small.settings = spikes_input("\"in\"", "h5", "$D/none.h5");
  CHECK(contains(small.refusal<SystemError>(), "none.h5': No such file"));
  small.settings = spikes_input("\"in\"", "h5", "$NOWHERE/s.h5");
  CHECK(contains(small.refusal<UsageError>(), "unknown manifest variable 'NOWHERE'"));
  small.settings = input(R"("input_type": "voltage_clamp", "module": "SEClamp")");
  CHECK(contains(small.refusal<UsageError>(), "input_type 'voltage_clamp'; allowed: spikes, current_clamp"));
}

TEST_CASE("a current that lasts the whole run is a constant drive, another one is refused") {
  SmallCircuit small;
  const std::string clamp = R"("input_type": "current_clamp", "module": "IClamp", "amp": 190.0, )";
  small.settings = input(clamp + R"("node_set": "v1", "delay": 0.0, "duration": 100.0)");
  CHECK(small.population("v1").parameters.at("I_e").constant_value() == 190.0);
  small.settings = input(clamp + R"("node_set": {"population": "v1", "node_id": [0, 2]}, "duration": 1000)");
  CHECK(small.population("v1").parameters.at("I_e").list_values() == std::vector<double>{190.0, 0.0, 190.0});
  small.settings = input(clamp + R"("node_set": "v1", "delay": 10.0, "duration": 100.0)");
  CHECK(contains(small.refusal<UsageError>(), "does not last for the whole run"));
  small.settings = input(clamp + R"("node_set": "v1", "delay": 0.0, "duration": 99.0)");
  CHECK(contains(small.refusal<UsageError>(), "does not last for the whole run"));
}
