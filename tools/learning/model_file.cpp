// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/model_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/text/text_file.hpp"
#include "tools/dataset/checksum.hpp"
#include "tools/learning/training_log.hpp"

namespace flurry {
namespace {

constexpr std::uint64_t version = 1;

struct LayerColumn {
  const char* name;
  std::vector<double> LearnedLayer::*values;
};
constexpr std::array layer_columns{
    LayerColumn{"w_in", &LearnedLayer::w_in},           LayerColumn{"w_rec", &LearnedLayer::w_rec},
    LayerColumn{"delay_in", &LearnedLayer::delay_in},   LayerColumn{"delay_rec", &LearnedLayer::delay_rec},
    LayerColumn{"tau_m", &LearnedLayer::tau_m},         LayerColumn{"tau_syn", &LearnedLayer::tau_syn},
    LayerColumn{"threshold", &LearnedLayer::threshold}, LayerColumn{"reset", &LearnedLayer::reset},
    LayerColumn{"t_ref", &LearnedLayer::t_ref}};
constexpr std::array initial_columns{LayerColumn{"tau_m", &LearnedLayer::tau_m},
                                     LayerColumn{"tau_syn", &LearnedLayer::tau_syn},
                                     LayerColumn{"threshold", &LearnedLayer::threshold}};

// Behind what is HDF5 stands the SHA-256 of all that: a file that is damaged is told as such before the
// library, which damage may well upset, has seen any of it.
constexpr std::string_view seal_mark = "\nflurry-model sha256 ";
constexpr std::size_t seal_size = seal_mark.size() + 64;

std::string seal_of(std::string_view bytes) {
  Checksum sum(ChecksumKind::sha256);
  sum.add(bytes);
  return std::string(seal_mark) + sum.finish();
}

/// Gives a whole file its seal and then its name.
void seal_as(const std::filesystem::path& unsealed, const std::filesystem::path& path) {
  const std::string bytes = read_text_file(unsealed);
  {
    std::ofstream file(unsealed, std::ios::binary | std::ios::app);
    file << seal_of(bytes);
    file.flush();
    if (!file) throw SystemError("'" + path.string() + "' cannot be written; is the disk full?");
  }
  std::error_code failed;
  std::filesystem::rename(unsealed, path, failed);
  if (failed) throw SystemError("'" + path.string() + "' cannot be written: " + failed.message());
}

void expect_whole(const std::filesystem::path& path) {
  const std::string bytes = read_text_file(path);
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - seal_size);
  if (seal_of(content) != bytes.substr(content.size()))
    throw FormatError("'" + path.string() + "' is damaged: it is not what was written, by its checksum");
}

void write_layers(Hdf5Group& root, const TrainedModel& model) {
  Hdf5Group layers = root.create_group("layers");
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const LearnedLayer& layer = model.network.layers[l];
    Hdf5Group group = layers.create_group(fmt::format("{:03}", l));
    group.set_attribute("name", layer.name);
    group.set_attribute("size", layer.size);
    group.set_attribute("spiking", std::uint32_t{layer.spiking});
    group.set_attribute("reset_by_subtraction", std::uint32_t{layer.rule == ResetRule::by_subtraction});
    for (const LayerColumn& column : layer_columns)
      if (!(layer.*(column.values)).empty()) group.write(column.name, layer.*(column.values));
    Hdf5Group initial = group.create_group("initial");
    for (const LayerColumn& column : initial_columns)
      if (!(model.initial[l].*(column.values)).empty())
        initial.write(column.name, model.initial[l].*(column.values));
  }
}

void write_state(Hdf5Group& root, const TrainerState& state) {
  Hdf5Group group = root.create_group("state");
  group.set_attribute("epoch", state.epoch);
  group.set_attribute("best_epoch", state.best_epoch);
  group.set_attribute("best_accuracy", state.best_accuracy);
  group.set_attribute("best_loss", state.best_loss);
  group.set_attribute("optimizer_steps", state.optimizer.steps);
  group.write("parameters", state.parameters);
  group.write("best_parameters", state.best_parameters);
  group.write("first_moment", state.optimizer.first);
  group.write("second_moment", state.optimizer.second);
  Hdf5Group log = root.create_group("log");
  for (const LogColumn& column : log_columns()) {
    std::vector<double> values;
    for (const EpochRecord& record : state.log) values.push_back(column.get(record));
    log.write(column.name, values);
  }
}

template <class T>
T need(const std::optional<T>& value, const Hdf5Object& where, const char* name) {
  if (!value) throw FormatError(where.where() + ": the attribute '" + name + "' is missing");
  return *value;
}
std::uint32_t natural(const Hdf5Object& where, const char* name) {
  return static_cast<std::uint32_t>(need(where.find_natural(name), where, name));
}

LearnedLayer read_layer(const Hdf5Group& group) {
  LearnedLayer layer;
  layer.name = need(group.find_text("name"), group, "name");
  layer.size = natural(group, "size");
  layer.spiking = natural(group, "spiking") != 0;
  layer.rule = natural(group, "reset_by_subtraction") != 0 ? ResetRule::by_subtraction : ResetRule::to_value;
  for (const LayerColumn& column : layer_columns)
    if (group.has_dataset(column.name))
      layer.*(column.values) = group.dataset(column.name).read_list<double>();
  return layer;
}

TrainerState read_state(const Hdf5Group& root) {
  TrainerState state;
  const Hdf5Group group = root.group("state");
  state.epoch = natural(group, "epoch");
  state.best_epoch = natural(group, "best_epoch");
  state.best_accuracy = need(group.find_number("best_accuracy"), group, "best_accuracy");
  state.best_loss = need(group.find_number("best_loss"), group, "best_loss");
  state.optimizer.steps = need(group.find_natural("optimizer_steps"), group, "optimizer_steps");
  state.parameters = group.dataset("parameters").read_list<double>();
  state.best_parameters = group.dataset("best_parameters").read_list<double>();
  state.optimizer.first = group.dataset("first_moment").read_list<double>();
  state.optimizer.second = group.dataset("second_moment").read_list<double>();
  const Hdf5Group log = root.group("log");
  for (const LogColumn& column : log_columns()) {
    const std::vector<double> values = log.dataset(column.name).read_list<double>();
    state.log.resize(std::max(state.log.size(), values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) column.set(state.log[i], values[i]);
  }
  return state;
}

}  // namespace

void write_model(const std::filesystem::path& path, const TrainedModel& model) {
  std::filesystem::path unsealed = path;
  unsealed += ".partial";
  Hdf5OutputFile file(unsealed);
  Hdf5Group root = file.root();
  root.set_attribute("flurry_model", version);
  root.set_attribute("task_origin", std::filesystem::absolute(model.task.origin).lexically_normal().string());
  root.set_attribute("inputs", model.network.inputs);
  root.write_text("task", model.task.text);
  root.write_texts("settings", model.task.settings);
  root.write_texts("classes", model.network.classes);
  write_layers(root, model);
  write_state(root, model.state);
  file.commit();
  seal_as(unsealed, path);
}

bool is_model(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return false;  // to open a pipe would take from it
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : 0;
  if (size < static_cast<std::streamoff>(seal_size)) return false;
  std::string mark(seal_mark.size(), ' ');
  file.seekg(size - static_cast<std::streamoff>(seal_size));
  file.read(mark.data(), static_cast<std::streamsize>(mark.size()));
  return file && mark == seal_mark;
}

TrainedModel read_model(const std::filesystem::path& path) {
  if (!is_model(path))
    throw FormatError("'" + path.string() +
                      "' is no trained model, or one cut short; expected a file that `flurry train` wrote");
  expect_whole(path);
  const Hdf5File file = Hdf5File::open(path);
  const Hdf5Group root = file.root();
  const std::uint64_t found = need(root.find_natural("flurry_model"), root, "flurry_model");
  if (found > version)
    throw FormatError("'" + path.string() + "' is of version " + std::to_string(found) +
                      " of trained models; this program reads up to " + std::to_string(version));
  TrainedModel model;
  const std::vector<std::string> text = root.dataset("task").read_texts();
  if (text.size() != 1) throw FormatError(root.where() + "task: expected one text");
  model.task = parse_task(text.front(), need(root.find_text("task_origin"), root, "task_origin"),
                          root.dataset("settings").read_texts());
  LearnedNetwork& network = model.network;
  network.inputs = natural(root, "inputs");
  network.classes = root.dataset("classes").read_texts();
  network.resolution = model.task.resolution;
  network.delay = model.task.delay;
  network.duration = model.task.duration;
  network.integrator = model.task.integrator;
  network.decision = model.task.decision;
  const Hdf5Group layers = root.group("layers");
  for (const std::string& name : layers.members()) {
    const Hdf5Group group = layers.group(name);
    network.layers.push_back(read_layer(group));
    const Hdf5Group initial = group.group("initial");
    LearnedLayer& before = model.initial.emplace_back();
    for (const LayerColumn& column : initial_columns)
      if (initial.has_dataset(column.name))
        before.*(column.values) = initial.dataset(column.name).read_list<double>();
  }
  model.state = read_state(root);
  try {
    network.check();
  } catch (const UsageError& error) {
    throw FormatError("'" + path.string() + "': " + error.what());
  }
  return model;
}

}  // namespace flurry
