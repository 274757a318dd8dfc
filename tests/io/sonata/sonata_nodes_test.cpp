// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/sonata/small_circuit.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("a small SONATA circuit is read: populations, models, parameters, duration") {
  const SmallCircuit small;
  const SonataCircuit circuit = small.read();
  CHECK(circuit.network.duration == 100.0);
  CHECK(circuit.network.seed == 1);
  CHECK(circuit.network.origin == small.config().string());
  CHECK(circuit.network.text == bytes_of(small.config()));
  REQUIRE(circuit.network.populations.size() == 2);
  const PopulationDescription& v1 = circuit.network.populations[0];
  CHECK(v1.name == "v1");
  CHECK(v1.model == "lif_exp");
  CHECK(v1.size == 3);
  CHECK(contains(v1.where, "v1_nodes.h5:/nodes/v1"));
  REQUIRE(v1.parameters.size() == 1);
  // Type 100 says 20 ms, type 101 nothing: NEST's default.
  CHECK(v1.parameters.at("tau_m").list_values() == std::vector<double>{20.0, 20.0, 10.0});
  const PopulationDescription& in = circuit.network.populations[1];
  CHECK(in.model == "spike_train");
  CHECK(in.size == 2);
  REQUIRE(in.spikes != nullptr);
  CHECK(in.spikes->empty());
  validate(circuit.network, sonata_catalogue());
}

TEST_CASE("a parameter that all nodes share is a constant") {
  const SmallCircuit small;
  small.nodes("v1", {100, 100});
  CHECK(small.population("v1").parameters.at("tau_m").is_constant());
  CHECK(small.population("v1").parameters.at("tau_m").constant_value() == 20.0);
}

TEST_CASE("a column per node overrides the file of the type, in one group or two") {
  const SmallCircuit small;
  SUBCASE("one group, no ids and no indices") {
    small.nodes("v1", {100, 101, 101}, [](Hdf5Group& v1) {
      Hdf5Group dynamics = v1.create_group("0").create_group("dynamics_params");
      dynamics.write("tau_m", std::vector<double>{1.0, 2.0, 3.0});
      dynamics.write("V_th", std::vector<double>{-50.0, -50.0, -50.0});
    });
    const PopulationDescription v1 = small.population("v1");
    CHECK(v1.parameters.at("tau_m").list_values() == std::vector<double>{1.0, 2.0, 3.0});
    CHECK(v1.parameters.at("V_th").constant_value() == -50.0);
  }
  SUBCASE("two groups, the second without the column") {
    small.nodes("v1", {100, 101, 100, 101}, [](Hdf5Group& v1) {
      v1.write("node_group_id", std::vector<std::uint64_t>{1, 0, 0, 1});
      v1.write("node_group_index", std::vector<std::uint64_t>{1, 1, 0, 0});
      v1.create_group("0").create_group("dynamics_params").write("tau_m", std::vector<double>{5.0, 6.0});
      v1.create_group("1").write("x", std::vector<double>{1.0, 2.0});
    });
    const PopulationDescription v1 = small.population("v1");
    const std::vector<double>& tau_m = v1.parameters.at("tau_m").list_values();
    REQUIRE(tau_m.size() == 4);
    CHECK(tau_m[0] == 20.0);
    CHECK(tau_m[1] == 6.0);
    CHECK(tau_m[2] == 5.0);
    CHECK(tau_m[3] == 10.0);
  }
}

TEST_CASE("neuron i is the node with id i, in whatever order the file lists them") {
  const SmallCircuit small;
  small.nodes("v1", {100, 101, 101}, [](Hdf5Group& v1) {
    v1.write("node_id", std::vector<std::uint64_t>{2, 0, 1});
    v1.create_group("0")
        .create_group("dynamics_params")
        .write("C_m", std::vector<double>{102.0, 100.0, 101.0});
  });
  const PopulationDescription v1 = small.population("v1");
  CHECK(v1.parameters.at("C_m").list_values() == std::vector<double>{100.0, 101.0, 102.0});
  CHECK(v1.parameters.at("tau_m").list_values() == std::vector<double>{10.0, 10.0, 20.0});
}

TEST_CASE("node ids with gaps are numbered in order, and that is noted") {
  const SmallCircuit small;
  small.nodes("v1", {100, 101}, [](Hdf5Group& v1) {
    v1.write("node_id", std::vector<std::uint64_t>{70, 5});
  });
  const SonataCircuit circuit = small.read();
  CHECK(circuit.network.populations[0].parameters.at("tau_m").list_values() ==
        std::vector<double>{10.0, 20.0});
  bool noted = false;
  for (const std::string& note : circuit.notes) noted = noted || contains(note, "node ids are not 0..1");
  CHECK(noted);
}

TEST_CASE("a foreign unit is converted: IntFire1 gives seconds") {
  const SmallCircuit small;
  small.text("node_types.csv",
             "node_type_id model_type model_template dynamics_params\n"
             "100 point_process nrn:IntFire1 fire.json\n200 virtual NULL NULL\n");
  small.text("fire.json", "{\"tau\": 0.024, \"refrac\": 0.003, \"type\": \"NEURON_IntFire1\"}");
  small.nodes("v1", {100});
  const PopulationDescription v1 = small.population("v1");
  CHECK(v1.model == "int_fire1");
  CHECK(v1.parameters.at("tau").constant_value() == 24.0);
  CHECK(v1.parameters.at("refrac").constant_value() == 3.0);
}

TEST_CASE("NEST's initial potential does not follow a leak potential that is given, PyNN's does") {
  const SmallCircuit small;
  small.text("exc.json", "{\"E_L\": -60.0}");
  CHECK(small.population("v1").parameters.at("V_m").constant_value() == -70.0);
  small.text("exc.json", "{\"E_L\": -60.0, \"V_m\": -65.0}");
  CHECK(small.population("v1").parameters.at("V_m").list_values() ==
        std::vector<double>{-65.0, -65.0, -70.0});
  small.text("node_types.csv",
             "node_type_id model_type model_template dynamics_params\n"
             "100 point_neuron pynn:IF_curr_exp exc.json\n200 virtual NULL NULL\n");
  small.text("exc.json", "{\"E_L\": -60.0, \"cm\": 0.25}");
  small.nodes("v1", {100});
  const PopulationDescription v1 = small.population("v1");
  CHECK_FALSE(v1.parameters.contains("V_m"));
  CHECK(v1.parameters.at("C_m").constant_value() == 250.0);
}

TEST_CASE("a type table with a population column applies to its population only") {
  const SmallCircuit small;
  small.text("node_types.csv",
             "node_type_id population model_type model_template dynamics_params\n"
             "1 v1 point_neuron nest:iaf_psc_exp exc.json\n1 in virtual NULL NULL\n");
  small.nodes("v1", {1, 1});
  small.nodes("in", {1});
  CHECK(small.population("v1").model == "lif_exp");
  CHECK(small.population("in").model == "spike_train");
}

TEST_CASE("nodes that cannot be run are refused by one clear sentence") {
  const SmallCircuit small;
  const auto types = [&](const std::string& row) {
    small.text(
        "node_types.csv",
        "node_type_id model_type model_template dynamics_params\n200 virtual NULL NULL\n" + row + "\n");
    small.nodes("v1", {100});
    return small.refusal();
  };
  CHECK(contains(
      types("100 biophysical nml:Cell.nml NULL"),
      "node_types.csv:3: node type 100 has model_type 'biophysical'; Flurry runs point neurons only"));
  CHECK(contains(types("100 single_compartment NULL NULL"), "single_compartment"));
  CHECK(contains(types("100 point_neuron iaf_psc_exp NULL"), "expected simulator:model"));
  CHECK(contains(types("100 point_neuron nest:iaf_psc_epx NULL"), "did you mean 'iaf_psc_exp'"));
  CHECK(contains(types("100 point_neuron arbor:lif NULL"), "of the simulator 'arbor'"));
  CHECK(contains(types("100 point_neuron NULL NULL"), "has no model_template"));
  CHECK(contains(types("101 point_neuron nest:iaf_psc_exp NULL"),
                 "nodes of type 100, which the node types file does not"));
  CHECK(contains(types("100 point_neuron nest:iaf_psc_exp none.json"), "none.json: No such file"));
  CHECK(contains(types("x point_neuron nest:iaf_psc_exp NULL"), "node_types.csv:3: node_type_id is 'x'"));
  CHECK(contains(types("100 point_neuron nest:iaf_psc_exp"), "node_types.csv:3: 3 cells; expected 4"));
  CHECK(contains(types("200 virtual NULL NULL"), "200 was given before"));
  CHECK(types("100 point_neuron nest:iaf_psc_exp NULL").empty());
}

TEST_CASE("parameters that a model does not have are refused with the nearest name") {
  const SmallCircuit small;
  small.text("exc.json", "{\"tau_n\": 20.0}");
  CHECK(contains(small.refusal<UsageError>(), "unknown parameter 'tau_n' in"));
  CHECK(contains(small.refusal<UsageError>(), "did you mean 'tau_m'?"));
  small.text("exc.json", "{\"tau_m\": \"20 ms\"}");
  CHECK(contains(small.refusal<UsageError>(), "tau_m"));
  small.text("exc.json", "{\"tau_m\": }");
  CHECK(contains(small.refusal<FormatError>(), "exc.json:1: not JSON"));
  small.text("exc.json", "{}");
  small.nodes("v1", {100}, [](Hdf5Group& v1) {
    v1.create_group("0").create_group("dynamics_params").write("tau_x", std::vector<double>{1.0});
  });
  CHECK(contains(small.refusal<UsageError>(), "unknown parameter 'tau_x'"));
}

TEST_CASE("nodes that contradict themselves are refused") {
  const SmallCircuit small;
  const auto with = [&](const SmallCircuit::Fill& fill) {
    small.nodes("v1", {100, 100}, fill);
    return small.refusal();
  };
  CHECK(contains(with([](Hdf5Group& v1) {
                   v1.write("node_id", std::vector<std::uint64_t>{1, 1});
                 }),
                 "node_id 1 twice"));
  CHECK(contains(with([](Hdf5Group& v1) { v1.write("node_id", std::vector<std::uint64_t>{1}); }),
                 "1 values of node_id"));
  CHECK(contains(
      with([](Hdf5Group& v1) {
        v1.write("node_group_id", std::vector<std::uint64_t>{0, 0});
        v1.write("node_group_index", std::vector<std::uint64_t>{0, 1});
        v1.create_group("0").create_group("dynamics_params").write("tau_m", std::vector<double>{1.0});
      }),
      "asks for number 1"));
  CHECK(contains(
      with([](Hdf5Group& v1) {
        v1.create_group("0").create_group("dynamics_params").write("tau_m", std::vector<double>{1.0, NAN});
      }),
      "not finite"));
  CHECK(contains(with([](Hdf5Group& v1) { v1.create_group("0").write_text("model_template", "x"); }),
                 "per node"));
  small.nodes("v1", {100, 200});
  CHECK(contains(small.refusal<UsageError>(), "mixes models"));
  small.nodes("v1", {});
  CHECK(contains(small.refusal(), "0 nodes"));
}
