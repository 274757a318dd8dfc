// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "io/network_file/quantity_reader.hpp"
#include "io/network_file/setting.hpp"
#include "io/text/text_file.hpp"
#include "io/text/toml.hpp"
#include "tools/learning/task.hpp"
#include "tools/learning/task_section.hpp"

namespace flurry {
namespace {

using Decision = LearnedNetwork::Decision;
using Split = TaskData::Split;

constexpr Range share{0.0, 1.0};

std::filesystem::path beside(const std::filesystem::path& origin, const std::string& file) {
  return file.empty() ? std::filesystem::path{} : (origin.parent_path() / file).lexically_normal();
}

void read_encoding(TaskSection section, EncodingOptions& encoding) {
  const auto whole = [&](const char* key, std::optional<std::uint64_t>& into) {
    if (section.find(key) == nullptr) return;
    into.emplace();
    section.whole(key, *into);
  };
  const auto quantity = [&](const char* key, std::optional<double>& into, Dimension dimension,
                            Range range = positive) {
    if (section.find(key) == nullptr) return;
    into.emplace();
    section.quantity(key, *into, dimension, range);
  };
  whole("channels", encoding.channels);
  quantity("lowest", encoding.lowest, Dimension::rate);
  quantity("highest", encoding.highest, Dimension::rate);
  quantity("gain", encoding.gain, Dimension::number);
  quantity("whitening", encoding.whitening, Dimension::number, share);
  whole("seed", encoding.seed);
  section.text("sensor", encoding.sensor);
  section.text("polarity", encoding.polarity);
  whole("factor", encoding.factor);
  section.flag("from_first_event", encoding.from_first_event);
  quantity("tau", encoding.tau, Dimension::time);
  quantity("threshold", encoding.threshold, Dimension::number);
  section.done();
}

void read_data(TaskSection section, LearningTask& task) {
  TaskData& data = task.data;
  section.choice<TaskData::Source>(
      "source", data.source, {{"file", TaskData::Source::file}, {"yin-yang", TaskData::Source::yin_yang}});
  if (data.source == TaskData::Source::file) {
    data.file = beside(task.origin, section.at("file").text("file of [data]"));
    read_encoding(section.section("encoding"), data.encoding);
    TaskSection test = section.section("test");
    std::string file;
    test.text("file", file);
    data.test_file = beside(task.origin, file);
    test.choice<Split>("split", data.split,
                       {{"none", Split::none},
                        {"fraction", Split::fraction},
                        {"official", Split::official},
                        {"speakers", Split::speakers},
                        {"fold", Split::fold}});
    test.number("fraction", data.test, share);
    test.texts("speakers", data.hold_out);
    test.whole("folds", data.folds, 2);
    test.whole("fold", data.fold, 0);
    test.done();
    if (data.fold >= data.folds)
      throw UsageError("fold of [data.test] is " + std::to_string(data.fold) + "; allowed: 0 to " +
                       std::to_string(data.folds - 1));
    section.whole("limit", data.limit, 0);
  } else {
    section.whole("samples", data.samples, 1);
    section.whole("test_samples", data.test_samples, 1);
  }
  section.number("validation", data.validation, share);
  section.whole("seed", data.seed);
  section.done();
}

void read_network(TaskSection& section, LearningTask& task) {
  section.quantity("resolution", task.resolution, Dimension::time, not_negative);
  task.duration =
      read_quantity_in(positive, section.at("duration"), Dimension::time, "duration of [network]");
  task.delay = task.resolution;
  section.quantity("delay", task.delay, Dimension::time, not_negative);
  if (task.resolution > 0.0 && task.delay != task.resolution)
    throw UsageError(
        "delay of [network] must be its resolution: on a grid delays of learned networks are one step");
  section.choice<Integrator>(
      "integrator", task.integrator,
      {{"exact", Integrator::exact}, {"perez-nieves-2021", Integrator::perez_nieves_2021}});
  section.choice<Decision>("decision", task.decision,
                           {{"max-over-time", Decision::max_over_time},
                            {"sum-over-time", Decision::sum_over_time},
                            {"last", Decision::last},
                            {"first-spike", Decision::first_spike}});
}

void read_training(TaskSection section, LayerTraining& training) {
  const std::vector<std::pair<std::string, Fit>> fits{
      {"fixed", Fit::fixed}, {"individual", Fit::individual}, {"tied", Fit::tied}};
  section.flag("weights", training.weights);
  section.choice<Fit>("tau_m", training.tau_m, fits);
  section.choice<Fit>("tau_syn", training.tau_syn, fits);
  section.choice<Fit>("threshold", training.threshold, fits);
  section.choice<Fit>("delay", training.delay, fits);
  section.done();
}

void read_layer(const std::string& name, TaskSection section, bool is_last, LearningTask& task) {
  LayerDescription layer;
  layer.name = name;
  layer.spiking = !is_last || task.decision == LearnedNetwork::Decision::first_spike;
  if (!is_last)
    layer.size = static_cast<std::uint32_t>(
        read_whole_number(section.at("size"), 1, 1000000, "size of layer '" + name + "'"));
  section.flag("recurrent", layer.recurrent);
  section.distribution("tau_m", layer.tau_m, Dimension::time, positive);
  section.distribution("tau_syn", layer.tau_syn, Dimension::time, positive);
  if (layer.spiking) {
    section.distribution("threshold", layer.threshold, Dimension::number, positive);
    section.distribution("reset", layer.reset, Dimension::number, any_value);
    section.distribution("t_ref", layer.t_ref, Dimension::time, not_negative);
    section.choice<ResetRule>(
        "reset_rule", layer.rule,
        {{"to-value", ResetRule::to_value}, {"by-subtraction", ResetRule::by_subtraction}});
  }
  layer.weight = Distribution::constant(std::nan(""));  // chosen with the number of classes
  layer.recurrent_weight = layer.weight;
  section.distribution("weight", layer.weight, Dimension::number, any_value);
  section.distribution("recurrent_weight", layer.recurrent_weight, Dimension::number, any_value);
  layer.own_delays = section.has("delay");
  section.distribution("delay", layer.delay, Dimension::time, not_negative);
  LayerTraining training;
  read_training(section.section("train"), training);
  section.done();
  task.layers.push_back(std::move(layer));
  task.training.push_back(training);
}

void read_scales(TaskSection& section, TrainingScales& scales) {
  section.choice<ParameterScale>("time_constants", scales.time_constants,
                                 {{"log", ParameterScale::logarithm}, {"decay", ParameterScale::decay}});
  section.number("time_constant_rate", scales.time_constant_rate, not_negative);
  section.number("threshold_rate", scales.threshold_rate, not_negative);
  section.number("delay_rate", scales.delay_rate, not_negative);
  section.quantity("shortest", scales.shortest, Dimension::time, positive);
  section.quantity("longest", scales.longest, Dimension::time, positive);
  section.number("lowest_threshold", scales.lowest_threshold, positive);
  section.number("highest_threshold", scales.highest_threshold, positive);
  section.quantity("shortest_delay", scales.shortest_delay, Dimension::time, not_negative);
  section.quantity("longest_delay", scales.longest_delay, Dimension::time, positive);
}

void read_learning(TaskSection section, LearningTask& task) {
  using Method = LearningTask::Method;
  section.choice<Method>("method", task.method,
                         {{"surrogate", Method::surrogate}, {"eventprop", Method::event_prop}});
  SurrogateDerivative& derivative = task.surrogate.derivative;
  using Shape = SurrogateDerivative::Shape;
  section.choice<Shape>(
      "surrogate", derivative.shape,
      {{"fast-sigmoid", Shape::fast_sigmoid}, {"arctan", Shape::arctan}, {"triangle", Shape::triangle}});
  section.number("steepness", derivative.steepness, positive);
  section.number("band", derivative.band, {0.0, std::numeric_limits<double>::infinity(), true});
  section.flag("double_precision", task.surrogate.in_double);
  section.number("score_scale", task.surrogate.score_scale, positive);
  task.event_prop.score_scale = task.surrogate.score_scale;
  section.number("smallest_slope", task.event_prop.smallest_slope, positive);
  EventPropFirstSpike& first = task.event_prop.first_spike;
  section.quantity("tau_0", first.tau_0, Dimension::time, positive);
  section.quantity("tau_1", first.tau_1, Dimension::time, positive);
  section.number("alpha", first.alpha, not_negative);
  section.number("missing", first.missing, not_negative);
  read_scales(section, task.scales);
  TaskSection rates = section.section("rates");
  RateBounds& bounds = task.surrogate.rates;
  rates.number("lower", bounds.lower, not_negative);
  rates.number("upper", bounds.upper, not_negative);
  rates.number("below", bounds.below, not_negative);
  rates.number("above", bounds.above, not_negative);
  rates.done();
  task.event_prop.rates = bounds;
  section.done();
}

void read_augmentation(TaskSection section, Augmentation& augmentation) {
  section.quantity("jitter", augmentation.jitter, Dimension::time, not_negative);
  section.quantity("shift", augmentation.shift, Dimension::time, not_negative);
  section.number("drop", augmentation.drop, share);
  section.number("channel_jitter", augmentation.channel_jitter, not_negative);
  section.number("channel_shift", augmentation.channel_shift, not_negative);
  section.number("channel_stretch", augmentation.channel_stretch, share);
  section.number("channel_mask", augmentation.channel_mask, not_negative);
  section.quantity("time_mask", augmentation.time_mask, Dimension::time, not_negative);
  section.number("tilt", augmentation.tilt, share);
  section.number("stretch", augmentation.stretch, not_negative);
  section.number("stretch_range", augmentation.stretch_range, not_negative);
  section.quantity("noise", augmentation.noise, Dimension::rate, not_negative);
  section.done();
}

void apply_condition(Condition condition, LearningTask& task) {
  if (condition == Condition::as_described) return;
  const bool heterogeneous =
      condition == Condition::heterogeneous_fixed || condition == Condition::heterogeneous_trained;
  const bool trained =
      condition == Condition::homogeneous_trained || condition == Condition::heterogeneous_trained;
  const auto spread = [&](Distribution& tau) {
    const double mean = tau.mean();
    tau = heterogeneous ? Distribution::gamma(mean, 3.0).truncated(task.scales.shortest, task.scales.longest)
                        : Distribution::constant(mean);
  };
  for (std::size_t l = 0; l < task.layers.size(); ++l) {
    if (l + 1 == task.layers.size()) continue;
    spread(task.layers[l].tau_m);
    spread(task.layers[l].tau_syn);
    task.training[l].tau_m = task.training[l].tau_syn = trained ? Fit::individual : Fit::fixed;
  }
}

void read_trainer(TaskSection section, LearningTask& task) {
  TrainerOptions& trainer = task.trainer;
  section.whole("epochs", trainer.epochs, 1);
  section.whole("batch", trainer.batch, 1);
  section.whole("seed", trainer.seed);
  section.whole("patience", trainer.patience, 0);
  section.number("activity", task.activity, not_negative);
  OptimizerOptions& optimizer = trainer.optimizer;
  using Kind = OptimizerOptions::Kind;
  section.choice<Kind>("optimizer", optimizer.kind, {{"adam", Kind::adam}, {"sgd", Kind::sgd}});
  section.number("rate", optimizer.rate, not_negative);
  section.number("beta1", optimizer.beta1, share);
  section.number("beta2", optimizer.beta2, share);
  section.number("epsilon", optimizer.epsilon, not_negative);
  section.number("weight_decay", optimizer.weight_decay, not_negative);
  section.number("largest_norm", optimizer.largest_norm, not_negative);
  section.number("loss_divisor", trainer.loss_divisor, not_negative);
  using Schedule = LearningRate::Schedule;
  TaskSection rate = section.section("schedule");
  rate.choice<Schedule>("kind", trainer.rate.schedule,
                        {{"constant", Schedule::constant},
                         {"cosine", Schedule::cosine},
                         {"exponential", Schedule::exponential},
                         {"steps", Schedule::steps}});
  rate.number("last", trainer.rate.last, share);
  rate.number("factor", trainer.rate.factor, positive);
  rate.number("every", trainer.rate.every, positive);
  rate.number("rise_epochs", trainer.rate.rise_epochs, not_negative);
  rate.done();
  read_augmentation(section.section("augmentation"), trainer.augmentation);
  Condition condition = Condition::as_described;
  section.choice<Condition>("condition", condition,
                            {{"as-described", Condition::as_described},
                             {"homogeneous-fixed", Condition::homogeneous_fixed},
                             {"heterogeneous-fixed", Condition::heterogeneous_fixed},
                             {"homogeneous-trained", Condition::homogeneous_trained},
                             {"heterogeneous-trained", Condition::heterogeneous_trained}});
  section.done();
  apply_condition(condition, task);
}

void read_layers(TaskSection& network, TaskSection layers, LearningTask& task) {
  std::vector<std::string> order;
  network.texts("layers", order);
  if (order.empty())
    throw UsageError(
        "layers of [network] must name the layers in order, as in layers = ['hidden', 'readout']");
  for (std::size_t l = 0; l < order.size(); ++l) {
    (void)layers.at(order[l]);
    read_layer(order[l], layers.section(order[l]), l + 1 == order.size(), task);
  }
  layers.done();
}

}  // namespace

LearningTask parse_task(const std::string& text, const std::filesystem::path& origin,
                        const std::vector<std::string>& settings) {
  Document document = parse_toml(text, origin.string());
  auto& top = std::get<Document::Table>(document.value());
  for (const char* section : {"data", "network", "layers", "learning", "training"})
    top.try_emplace(section, Document::Table{}, origin.string());
  for (const char* section : {"test", "encoding"})
    if (top["data"].is_table() && top["data"].find("source") == nullptr)
      std::get<Document::Table>(top["data"].value()).try_emplace(section, Document::Table{}, origin.string());
  for (const char* section : {"schedule", "augmentation"})
    if (top["training"].is_table())
      std::get<Document::Table>(top["training"].value())
          .try_emplace(section, Document::Table{}, origin.string());
  for (const std::string& setting : settings) apply_setting(setting, document);
  LearningTask task;
  task.text = text;
  task.origin = origin;
  task.settings = settings;
  TaskSection whole("the task", &document);
  read_data(whole.section("data"), task);
  TaskSection network = whole.section("network");
  read_network(network, task);
  read_layers(network, whole.section("layers"), task);
  network.done();
  read_learning(whole.section("learning"), task);
  read_trainer(whole.section("training"), task);
  whole.done();
  if (task.method == LearningTask::Method::surrogate && task.resolution == 0.0)
    throw UsageError(
        "[network] has no resolution, which surrogate gradients need; add one, or choose method = "
        "'eventprop'");
  return task;
}

LearningTask read_task(const std::filesystem::path& path, const std::vector<std::string>& settings) {
  return parse_task(read_text_file(path), path, settings);
}

LearnedNetwork first_network(const LearningTask& task, const LabelledSpikes& samples, Executor& executor) {
  LearnedNetwork network;
  network.inputs = samples.channels;
  network.classes = samples.classes;
  network.resolution = task.resolution;
  network.delay = task.delay;
  network.duration = task.duration;
  network.integrator = task.integrator;
  network.decision = task.decision;
  std::vector<LayerDescription> layers = task.layers;
  layers.back().size = static_cast<std::uint32_t>(samples.classes.size());
  for (LayerDescription& layer : layers) {
    // As in the study: within 1 / sqrt(neurons that listen).
    const double bound = 1.0 / std::sqrt(static_cast<double>(layer.size));
    for (Distribution* weight : {&layer.weight, &layer.recurrent_weight})
      if (weight->is_constant() && std::isnan(weight->constant_value()))
        *weight = Distribution::uniform(-bound, bound);
  }
  draw_layers(layers, task.trainer.seed, network);
  if (task.activity > 0.0) {
    SampleBatch some = all_of(samples);
    some.count = std::min<std::size_t>(some.count, 64);
    scale_to_activity(network, task.activity, some, executor);
  }
  return network;
}

std::unique_ptr<Learner> make_learner(const LearningTask& task, LearnedNetwork network) {
  if (task.method == LearningTask::Method::event_prop)
    return event_prop_learner(std::move(network), task.training, task.scales, task.event_prop);
  return surrogate_learner(std::move(network), task.training, task.scales, task.surrogate);
}

}  // namespace flurry
