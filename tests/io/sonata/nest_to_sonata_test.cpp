// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <doctest/doctest.h>

#include "io/text/json.hpp"
#include "tests/io/sonata/small_circuit.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

// The first Python that can write HDF5; "" if there is none.
std::string python_with_hdf5() {
  for (const char* name : {"python3", "/usr/bin/python3"})
    if (std::system((std::string(name) + " -c 'import h5py, numpy' 2>/dev/null").c_str()) == 0) return name;
  return "";
}

std::vector<double> numbers(const Document& table, const std::string& key) {
  std::vector<double> values;
  for (const Document& value : table.at(key, "table").array(key)) values.push_back(value.number(key));
  return values;
}

}  // namespace

TEST_CASE("a NEST reference network turned into SONATA is read back number by number") {
  const std::filesystem::path source = reference_data() / "nest" / "r4_iaf_psc_exp_ps_net.json";
  const std::string python = python_with_hdf5();
  if (!std::filesystem::exists(source) || python.empty()) {
    MESSAGE("skipped: needs " << source.string() << " and a Python with h5py");
    return;
  }
  const TemporaryFolder folder;
  const std::string script = std::string(FLURRY_SOURCE_DIR) + "/tests/reference/nest_to_sonata.py";
  REQUIRE(
      std::system((python + " '" + script + "' '" + source.string() + "' '" + folder.path().string() + "'")
                      .c_str()) == 0);
  const SonataCircuit circuit = read_sonata(folder / "config.json", sonata_catalogue());
  const Document network = read_json(source);
  CHECK(circuit.network.duration == network.at("duration_ms", "network").number("duration_ms"));
  REQUIRE(circuit.network.populations.size() == 2);
  const PopulationDescription& neurons = circuit.network.populations[0];
  const Document& parameters = network.at("neuron_params", "network");
  for (const auto& [name, values] : parameters.table("neuron_params")) {
    CAPTURE(name);
    CHECK(values_of(neurons.parameters.at(name), neurons.size) == numbers(parameters, name));
  }
  const Document& connections = network.at("connections", "network");
  const ProjectionDescription& recurrent = circuit.network.projections.at(0);
  const auto& list = std::get<ConnectionList>(recurrent.rule);
  CHECK(std::vector<double>(list.sources->begin(), list.sources->end()) == numbers(connections, "source"));
  CHECK(std::vector<double>(list.targets->begin(), list.targets->end()) == numbers(connections, "target"));
  CHECK(recurrent.weight.list_values() == numbers(connections, "weight"));
  CHECK(recurrent.delay.list_values() == numbers(connections, "delay_ms"));
  const Document::Array& trains = network.at("inputs", "network").array("inputs");
  std::vector<std::vector<double>> played(trains.size());
  for (const Spike& spike : *circuit.network.populations[1].spikes)
    played.at(spike.neuron).push_back(spike.time);
  std::size_t different = 0;
  for (std::size_t i = 0; i < trains.size(); ++i)
    if (played[i] != numbers(trains[i], "times_ms")) ++different;
  CHECK(different == 0);
}
