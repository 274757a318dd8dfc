// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_config.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/sonata/manifest.hpp"
#include "io/text/json.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

const std::vector<std::string> known_sections{
    "manifest",         "components", "networks", "network", "simulation", "run",    "node_sets_file",
    "target_simulator", "conditions", "inputs",   "output",  "reports",    "version"};
const std::vector<std::string> known_run_keys{"tstart",       "tstop",  "duration",
                                              "dt",           "dL",     "spike_threshold",
                                              "nsteps_block", "nsteps", "overwrite_output_dir",
                                              "random_seed",  "seed"};

// One configuration file with its variables.
struct ConfigFile {
  std::filesystem::path path;
  Document document;
  Manifest manifest;

  [[nodiscard]] std::filesystem::path resolve(const Document& text, const std::string& what) const {
    return manifest.path(text.text(what), what + " (" + path.string() + ")");
  }
};

ConfigFile load(const std::filesystem::path& path, SonataConfig& config) {
  const std::string text = read_text_file(path);
  config.text += text;
  Document document = parse_json(text, path.string());
  document.expect_keys("the SONATA configuration", known_sections);
  Manifest manifest(document, std::filesystem::absolute(path).parent_path());
  return {path, std::move(document), std::move(manifest)};
}

bool is_given(const Document* member) {
  return member != nullptr && !member->is_null() &&
         !(member->is_text() && (member->text("").empty() || member->text("") == "NULL"));
}

SonataFilePair read_pair(const ConfigFile& file, const Document& entry, const std::string& kind) {
  const std::string what = "networks." + kind + "s";
  entry.expect_keys(what, {kind + "s_file", kind + "_types_file", "name", "enabled"});
  SonataFilePair pair{file.resolve(entry.at(kind + "s_file", what), what + "." + kind + "s_file"), {}};
  const Document* types = entry.find(kind + "_types_file");
  if (is_given(types)) pair.types = file.resolve(*types, what + "." + kind + "_types_file");
  return pair;
}

std::vector<SonataFilePair> read_pairs(const ConfigFile& file, const Document& networks,
                                       const std::string& kind) {
  std::vector<SonataFilePair> pairs;
  const Document* entries = networks.find(kind + "s");
  if (!is_given(entries)) return pairs;
  for (const Document& entry : entries->array("networks." + kind + "s")) {
    const Document* enabled = entry.find("enabled");
    if (enabled != nullptr && !enabled->boolean("networks." + kind + "s.enabled")) continue;
    pairs.push_back(read_pair(file, entry, kind));
  }
  return pairs;
}

void read_circuit(const ConfigFile& file, SonataConfig& config) {
  const Document& networks = file.document.at("networks", "the circuit configuration");
  networks.expect_keys("networks", {"nodes", "edges"});
  config.nodes = read_pairs(file, networks, "node");
  config.edges = read_pairs(file, networks, "edge");
  if (config.nodes.empty())
    throw UsageError("networks.nodes (" + file.path.string() + ") names no file; expected at least one");
}

void read_components(const ConfigFile& file, SonataConfig& config) {
  const Document* components = file.document.find("components");
  if (components == nullptr) return;
  if (const Document* folder = components->find("point_neuron_models_dir"); is_given(folder))
    config.neuron_models = file.resolve(*folder, "components.point_neuron_models_dir");
  if (const Document* folder = components->find("synaptic_models_dir"); is_given(folder))
    config.synapse_models = file.resolve(*folder, "components.synaptic_models_dir");
}

void read_run(const ConfigFile& file, SonataConfig& config) {
  const Document* run = file.document.find("run");
  if (run == nullptr) return;
  run->expect_keys("run", known_run_keys);
  for (const char* name : {"tstop", "duration"}) {
    const Document* end = run->find(name);
    if (end == nullptr) continue;
    const double value = end->number(std::string("run.") + name);
    if (!(value > 0.0) || !std::isfinite(value))
      throw UsageError(std::string("run.") + name + " (" + end->where() + ") is " + shortest(value) +
                       "; allowed: > 0 ms");
    if (config.duration && *config.duration != value)
      throw UsageError("run.tstop and run.duration (" + end->where() + ") differ: " +
                       shortest(*config.duration) + " and " + shortest(value) + " ms; give one");
    config.duration = value;
  }
  if (const Document* start = run->find("tstart"); start != nullptr && start->number("run.tstart") != 0.0)
    throw UsageError("run.tstart (" + start->where() + ") is " + start->describe() +
                     "; allowed: 0, where every run starts");
  for (const char* name : {"seed", "random_seed"}) {
    const Document* seed = run->find(name);
    if (seed == nullptr) continue;
    const std::int64_t value = seed->integer(std::string("run.") + name);
    if (value < 0)
      throw UsageError(std::string("run.") + name + " (" + seed->where() +
                       ") is negative; allowed: 0 or more");
    config.seed = static_cast<std::uint64_t>(value);
  }
  if (const Document* step = run->find("dt"))
    config.notes.push_back("spike times are exact: run.dt = " + shortest(step->number("run.dt")) +
                           " ms is not used");
}

void read_inputs(const ConfigFile& file, SonataConfig& config) {
  const Document* inputs = file.document.find("inputs");
  if (!is_given(inputs)) return;
  for (const auto& [name, entry] : inputs->table("inputs")) {
    const std::string what = "inputs." + name;
    if (const Document* enabled = entry.find("enabled");
        enabled != nullptr && !enabled->boolean(what + ".enabled"))
      continue;
    SonataInput input;
    input.name = name;
    input.type = entry.at("input_type", what).text(what + ".input_type");
    input.module = entry.at("module", what).text(what + ".module");
    if (const Document* path = entry.find("input_file"); is_given(path))
      input.file = file.resolve(*path, what + ".input_file");
    if (const Document* set = entry.find("node_set")) input.node_set = *set;
    input.settings = entry;
    config.inputs.push_back(std::move(input));
  }
}

void read_node_sets(const ConfigFile& file, SonataConfig& config) {
  const Document* path = file.document.find("node_sets_file");
  if (!is_given(path) || !config.node_sets.is_null()) return;
  config.node_sets = read_json(file.resolve(*path, "node_sets_file"));
  (void)config.node_sets.table("the node sets");
}

void note_unused(const ConfigFile& file, SonataConfig& config) {
  std::string unused;
  for (const char* name : {"conditions", "output", "reports"})
    if (file.document.find(name) != nullptr) unused += (unused.empty() ? "" : ", ") + std::string(name);
  if (!unused.empty()) config.notes.push_back("not used of " + file.path.string() + ": " + unused);
}

// The circuit a simulation configuration belongs to.
std::filesystem::path circuit_path(const ConfigFile& simulation, SonataConfig& config) {
  if (const Document* network = simulation.document.find("network"))
    return simulation.resolve(*network, "network");
  std::filesystem::path beside =
      std::filesystem::absolute(simulation.path).parent_path() / "circuit_config.json";
  if (!std::filesystem::exists(beside))
    throw UsageError(
        "'" + simulation.path.string() +
        "' names no circuit; expected \"networks\", or \"network\" with the path of a circuit configuration");
  config.notes.push_back("'" + simulation.path.string() +
                         "' names no circuit: took circuit_config.json beside it");
  return beside;
}

}  // namespace

SonataConfig read_sonata_config(const std::filesystem::path& path) {
  SonataConfig config;
  config.origin = path;
  std::vector<ConfigFile> files;  // simulation before circuit
  files.push_back(load(path, config));
  if (const Document* simulation = files.front().document.find("simulation"))
    files.push_back(load(files.front().resolve(*simulation, "simulation"), config));
  const bool joint = files.front().document.find("networks") != nullptr;
  const bool named = files.front().document.find("network") != nullptr;
  if (!joint) files.push_back(load(circuit_path(named ? files.front() : files.back(), config), config));
  read_circuit(joint ? files.front() : files.back(), config);
  for (const ConfigFile& file : files) {
    read_components(file, config);
    read_run(file, config);
    read_inputs(file, config);
    read_node_sets(file, config);
    note_unused(file, config);
  }
  if (!config.duration) config.notes.push_back("the configuration gives no run.tstop: say how long to run");
  return config;
}

}  // namespace flurry
