// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/catalogue.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

namespace flurry::testing {

/// Two neuron models and a source, as descriptions only: readers need no more.
inline Catalogue sonata_catalogue() {
  NeuronModel lif;
  lif.info.name = "lif_exp";
  lif.info.weight = Dimension::current;
  lif.info.foreign = {{"nest", "iaf_psc_exp"}, {"nest", "iaf_psc_exp_ps"}, {"pynn", "IF_curr_exp"}};
  lif.info.parameters = {{"tau_m", Dimension::time, 10.0, {}, positive, "", {}},
                         {"C_m", Dimension::capacitance, 250.0, {}, positive, "", {{"pynn", "cm", 1e3}}},
                         {"E_L", Dimension::voltage, -70.0, {}, any_value, "", {}},
                         {"V_th", Dimension::voltage, -55.0, {}, any_value, "", {}},
                         {"V_reset", Dimension::voltage, -70.0, {}, any_value, "", {}},
                         {"t_ref", Dimension::time, 2.0, {}, not_negative, "", {}},
                         {"tau_syn_ex", Dimension::time, 2.0, {}, positive, "", {}},
                         {"tau_syn_in", Dimension::time, 2.0, {}, positive, "", {}},
                         {"I_e", Dimension::current, 0.0, {}, any_value, "", {}},
                         {"V_m", Dimension::voltage, -70.0, "E_L", any_value, "", {}}};
  NeuronModel fire;
  fire.info.name = "int_fire1";
  fire.info.foreign = {{"nrn", "IntFire1"}};
  fire.info.parameters = {{"tau", Dimension::time, 10.0, {}, positive, "", {{"nrn", "tau", 1e3}}},
                          {"refrac", Dimension::time, 5.0, {}, not_negative, "", {{"nrn", "refrac", 1e3}}}};
  SourceModel train;
  train.info.name = "spike_train";
  train.info.is_source = true;
  return Catalogue({lif, fire}, {train});
}

/// A SONATA circuit in a temporary folder, put together piece by piece. As made: neurons "v1" of types 100
/// and 101 (nest:iaf_psc_exp) and virtual nodes "in".
class SmallCircuit {
 public:
  using Fill = std::function<void(Hdf5Group&)>;

  SmallCircuit() {
    text("node_types.csv",
         "node_type_id model_type model_template dynamics_params ei\n"
         "100 point_neuron nest:iaf_psc_exp exc.json e\n"
         "101 point_neuron nest:iaf_psc_exp NULL i\n"
         "200 virtual NULL NULL e\n");
    text("edge_types.csv",
         "edge_type_id syn_weight delay dynamics_params weight_function\n"
         "1 10.0 1.5 exc_syn.json wmax\n"
         "2 20.0 2.5 inh_syn.json NULL\n");
    text("exc.json", "{\"tau_m\": 20.0, \"type\": \"anything\"}");
    text("exc_syn.json", "{\"level_of_detail\": \"instantaneous\", \"sign\": 1}");
    text("inh_syn.json", "{\"sign\": -1}");
    nodes("v1", {100, 100, 101});
    nodes("in", {200, 200});
  }

  void text(const std::string& name, const std::string& content) const {
    write_bytes(folder_ / name, content);
  }

  void nodes(const std::string& name, const std::vector<std::uint64_t>& types, const Fill& fill = {}) const {
    Hdf5File file = Hdf5File::create(folder_ / (name + "_nodes.h5"));
    Hdf5Group population = file.root().create_group("nodes").create_group(name);
    population.write("node_type_id", types);
    if (fill) fill(population);
    file.close();
  }

  struct Edges {
    std::string source;
    std::string target;
    std::vector<std::uint64_t> sources;
    std::vector<std::uint64_t> targets;
    std::vector<std::uint64_t> types;
  };
  /// Writes edges.h5 with one population "e" and takes it into the circuit.
  void edges(const Edges& edges, const Fill& fill = {}) {
    Hdf5File file = Hdf5File::create(folder_ / "edges.h5");
    Hdf5Group population = file.root().create_group("edges").create_group("e");
    if (!edges.source.empty())
      population.write("source_node_id", edges.sources).set_attribute("node_population", edges.source);
    population.write("target_node_id", edges.targets).set_attribute("node_population", edges.target);
    population.write("edge_type_id", edges.types);
    if (fill) fill(population);
    file.close();
    has_edges_ = true;
  }

  /// Members of the configuration besides networks and components, each ending with a comma.
  std::string settings = "\"run\": {\"tstop\": 100.0},";

  [[nodiscard]] std::filesystem::path config() const {
    const std::string edges =
        has_edges_ ? R"({"edges_file": "$D/edges.h5", "edge_types_file": "$D/edge_types.csv"})" : "";
    text("config.json", "{" + settings +
                            R"( "manifest": {"$D": "${BASE}/.", "$BASE": "."},
      "components": {"point_neuron_models_dir": "$D", "synaptic_models_dir": "$D"},
      "networks": {"nodes": [{"nodes_file": "$D/v1_nodes.h5", "node_types_file": "$D/node_types.csv"},
                             {"nodes_file": "$D/in_nodes.h5", "node_types_file": "$D/node_types.csv"}],
                   "edges": [)" +
                            edges + "]}}");
    return folder_ / "config.json";
  }

  [[nodiscard]] SonataCircuit read() const { return read_sonata(config(), sonata_catalogue()); }
  [[nodiscard]] PopulationDescription population(const std::string& name) const {
    for (const PopulationDescription& population : read().network.populations)
      if (population.name == name) return population;
    return {};
  }
  [[nodiscard]] ProjectionDescription projection() const { return read().network.projections.at(0); }
  /// The refusal of the circuit; "" if it is read.
  template <class Kind = Error>
  [[nodiscard]] std::string refusal() const {
    return message_of<Kind>([&] { (void)read(); });
  }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  bool has_edges_ = false;
};

inline std::vector<double> values_of(const Distribution& distribution, std::size_t size) {
  return distribution.is_list() ? distribution.list_values()
                                : std::vector<double>(size, distribution.constant_value());
}

}  // namespace flurry::testing
