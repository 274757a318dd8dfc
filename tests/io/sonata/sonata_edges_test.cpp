// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/sonata/small_circuit.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

const SmallCircuit::Edges three{"in", "v1", {0, 1, 1}, {2, 0, 1}, {1, 2, 1}};

bool is_noted(const SonataCircuit& circuit, const std::string& part) {
  for (const std::string& note : circuit.notes)
    if (contains(note, part)) return true;
  return false;
}

}  // namespace

TEST_CASE("edges take weight, delay and sign from their types") {
  SmallCircuit small;
  small.edges(three);
  const SonataCircuit circuit = small.read();
  const ProjectionDescription& e = circuit.network.projections.at(0);
  CHECK(e.name == "e");
  CHECK(e.source == "in");
  CHECK(e.target == "v1");
  CHECK(contains(e.where, "edges.h5:/edges/e"));
  const auto& list = std::get<ConnectionList>(e.rule);
  CHECK(*list.sources == std::vector<std::uint32_t>{0, 1, 1});
  CHECK(*list.targets == std::vector<std::uint32_t>{2, 0, 1});
  CHECK(e.weight.list_values() == std::vector<double>{10.0, -20.0, 10.0});
  CHECK(e.delay.list_values() == std::vector<double>{1.5, 2.5, 1.5});
  validate(circuit.network, sonata_catalogue());
}

TEST_CASE("columns per edge override the types, nsyns multiplies, in two groups of different columns") {
  SmallCircuit small;
  small.edges({"in", "v1", {0, 0, 1, 1}, {0, 1, 2, 0}, {1, 1, 2, 2}}, [](Hdf5Group& e) {
    e.write("edge_group_id", std::vector<std::uint64_t>{0, 3, 0, 3});
    e.write("edge_group_index", std::vector<std::uint64_t>{1, 0, 0, 1});
    Hdf5Group first = e.create_group("0");
    first.write("syn_weight", std::vector<double>{7.0, 3.0});
    first.write("nsyns", std::vector<std::uint16_t>{2, 5});
    e.create_group("3").write("delay", std::vector<double>{0.25, 0.5});
  });
  const ProjectionDescription e = small.projection();
  CHECK(e.weight.list_values() == std::vector<double>{15.0, 10.0, -14.0, -20.0});
  CHECK(e.delay.list_values() == std::vector<double>{1.5, 0.25, 2.5, 0.5});
}

TEST_CASE("equal weights and delays are constants") {
  SmallCircuit small;
  small.edges({"v1", "v1", {0, 1}, {1, 0}, {2, 2}});
  CHECK(small.projection().weight.constant_value() == -20.0);
  CHECK(small.projection().delay.constant_value() == 2.5);
}

TEST_CASE("a missing delay or weight is NEST's default, and that is noted") {
  SmallCircuit small;
  small.text("edge_types.csv", "edge_type_id syn_weight delay\n1 10.0 NULL\n2 NULL 2.0\n");
  small.edges(three);
  const SonataCircuit circuit = small.read();
  CHECK(circuit.network.projections[0].delay.list_values() == std::vector<double>{1.0, 2.0, 1.0});
  CHECK(circuit.network.projections[0].weight.list_values() == std::vector<double>{10.0, 1.0, 10.0});
  CHECK(is_noted(circuit, "edges e: 2 have no delay"));
  CHECK(is_noted(circuit, "edges e: 1 have no syn_weight"));
}

TEST_CASE("edges name nodes by id, wherever in the file they stand") {
  SmallCircuit small;
  small.nodes("in", {200, 200, 200}, [](Hdf5Group& in) {
    in.write("node_id", std::vector<std::uint64_t>{30, 10, 20});
  });
  small.edges({"in", "v1", {10, 20, 30}, {0, 1, 2}, {1, 1, 1}});
  CHECK(*std::get<ConnectionList>(small.projection().rule).sources == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("a random circuit comes back edge by edge") {
  RandomSequence random(11, Purpose::test, 4, 0);
  const std::uint32_t nodes = 50;
  const std::size_t edges = 2000;
  SmallCircuit small;
  small.nodes("v1", std::vector<std::uint64_t>(nodes, 100));
  SmallCircuit::Edges all{"v1", "v1", {}, {}, {}};
  std::vector<double> weights;
  std::vector<double> delays;
  for (std::size_t i = 0; i < edges; ++i) {
    all.sources.push_back(random.below(nodes));
    all.targets.push_back(random.below(nodes));
    all.types.push_back(1 + random.below(2));
    weights.push_back(random.uniform());
    delays.push_back(0.1 + random.uniform());
  }
  small.edges(all, [&](Hdf5Group& e) {
    Hdf5Group group = e.create_group("0");
    group.write("syn_weight", weights);
    group.write("delay", delays);
  });
  const ProjectionDescription e = small.projection();
  const auto& list = std::get<ConnectionList>(e.rule);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < edges; ++i) {
    const double sign = all.types[i] == 1 ? 1.0 : -1.0;
    if ((*list.sources)[i] != all.sources[i] || (*list.targets)[i] != all.targets[i] ||
        e.weight.list_values()[i] != sign * weights[i] || e.delay.list_values()[i] != delays[i])
      ++wrong;
  }
  CHECK(list.sources->size() == edges);
  CHECK(wrong == 0);
}

TEST_CASE("edges that cannot be are refused with the number of the edge") {
  SmallCircuit small;
  small.edges({"in", "v1", {0, 7}, {0, 1}, {1, 1}});
  CHECK(contains(small.refusal<FormatError>(),
                 "source_node_id': edge 1 ends at node 7, which population in does not have"));
  small.edges({"in", "v1", {0, 1}, {0, 3}, {1, 1}});
  CHECK(contains(small.refusal<FormatError>(), "target_node_id': edge 1 ends at node 3"));
  small.edges({"in", "v2", {0}, {0}, {1}});
  CHECK(contains(small.refusal<FormatError>(), "unknown population 'v2'"));
  small.edges({"v1", "in", {0}, {0}, {1}});
  CHECK(contains(small.refusal<UsageError>(), "virtual population in"));
  small.edges({"in", "v1", {0, 1}, {0}, {1}});
  CHECK(contains(small.refusal<FormatError>(), "2 sources but 1 targets"));
  small.edges({"in", "v1", {0, 1}, {0, 1}, {1}});
  CHECK(contains(small.refusal<FormatError>(), "1 values of edge_type_id for 2 edges"));
  small.edges({"in", "v1", {0}, {0}, {9}});
  CHECK(contains(small.refusal<FormatError>(), "edges of type 9"));
  small.edges({"", "v1", {}, {0}, {1}});
  CHECK(contains(small.refusal<FormatError>(), "has no dataset 'source_node_id'"));
  small.edges({"in", "v1", {0}, {0}, {1}},
              [](Hdf5Group& e) { e.create_group("0").write("delay", std::vector<double>{0.0}); });
  CHECK(contains(small.refusal<UsageError>(), "edge 0 has a delay of 0 ms; allowed: > 0 ms"));
  small.edges({"in", "v1", {0}, {0}, {1}}, [](Hdf5Group& e) {
    e.create_group("0").create_group("dynamics_params").write("tau", std::vector<double>{1.0});
  });
  CHECK(contains(small.refusal<UsageError>(), "dynamics_params/tau"));
}

TEST_CASE("synapses that are not static are refused with the place") {
  SmallCircuit small;
  small.edges({"in", "v1", {0}, {0}, {1}});
  const auto types = [&](const std::string& header, const std::string& row) {
    small.text("edge_types.csv", "edge_type_id " + header + "\n1 " + row + "\n");
    return small.refusal<UsageError>();
  };
  CHECK(contains(types("model_template", "stdp_synapse"),
                 "edge_types.csv:2: edge type 1 has model_template 'stdp_synapse'"));
  CHECK(contains(types("weight_function", "gaussianLL"),
                 "weight_function 'gaussianLL'; allowed: wmax or none"));
  CHECK(types("model_template weight_function", "static_synapse wmax").empty());
  small.text("syn.json", "{\"sign\": 1, \"tau1\": 2.0}");
  CHECK(contains(types("dynamics_params", "syn.json"), "unknown key 'tau1'"));
  small.text("syn.json", "{\"sign\": 0.5}");
  CHECK(contains(types("dynamics_params", "syn.json"), "is 0.5; allowed: 1, -1"));
}

TEST_CASE("a circuit of which one HDF5 file is cut is refused at any length") {
  SmallCircuit small;
  small.edges(three);
  for (const char* name : {"edges.h5", "v1_nodes.h5"}) {
    const std::string whole = bytes_of(small.folder() / name);
    std::size_t misread = 0;
    for (std::size_t length = 0; length < whole.size(); length += length < 300 ? 1 : 53) {
      write_bytes(small.folder() / name, whole.substr(0, length));
      if (small.refusal().empty()) ++misread;
    }
    CHECK(misread == 0);
    std::filesystem::remove(small.folder() / name);
    CHECK(contains(small.refusal<SystemError>(), name));
    write_bytes(small.folder() / name, whole);
    CHECK(small.refusal().empty());
  }
}
