// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/training_log.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/base/units.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

#define FLURRY_LOG_COLUMN(name, member)                                                 \
  LogColumn {                                                                           \
    name, [](const EpochRecord& r) { return double(r.member); },                        \
        [](EpochRecord& r, double x) { r.member = static_cast<decltype(r.member)>(x); } \
  }
constexpr std::array columns{FLURRY_LOG_COLUMN("epoch", epoch),
                             FLURRY_LOG_COLUMN("rate", rate),
                             FLURRY_LOG_COLUMN("training_loss", training.loss),
                             FLURRY_LOG_COLUMN("training_accuracy", training.accuracy),
                             FLURRY_LOG_COLUMN("validation_loss", validation.loss),
                             FLURRY_LOG_COLUMN("validation_accuracy", validation.accuracy),
                             FLURRY_LOG_COLUMN("spikes_per_neuron", validation.spikes_per_neuron),
                             FLURRY_LOG_COLUMN("synaptic_operations", validation.synaptic_operations),
                             FLURRY_LOG_COLUMN("silent", validation.silent),
                             FLURRY_LOG_COLUMN("undecided", validation.undecided),
                             FLURRY_LOG_COLUMN("penalty", penalty),
                             FLURRY_LOG_COLUMN("active", active),
                             FLURRY_LOG_COLUMN("clipped", clipped),
                             FLURRY_LOG_COLUMN("seconds", seconds)};
#undef FLURRY_LOG_COLUMN

double seconds_of(const TrainedModel& model) {
  double sum = 0.0;
  for (const EpochRecord& record : model.state.log) sum += record.seconds;
  return sum;
}

Document score_document(const Score& score) {
  return json(Document::Table{{"loss", json(score.loss)},
                              {"accuracy", json(score.accuracy)},
                              {"spikes_per_neuron", json(score.spikes_per_neuron)},
                              {"synaptic_operations", json(score.synaptic_operations)},
                              {"silent", json(score.silent)},
                              {"undecided", json(score.undecided)}});
}

}  // namespace

std::span<const LogColumn> log_columns() { return columns; }

std::string log_text(const std::vector<EpochRecord>& log) {
  std::string text;
  for (const LogColumn& column : columns) text += (text.empty() ? "" : ",") + std::string(column.name);
  for (const EpochRecord& record : log) {
    text += '\n';
    for (const LogColumn& column : columns)
      text += fmt::format("{}{:.8g}", &column == columns.data() ? "" : ",", column.get(record));
  }
  return text + '\n';
}

std::string log_line(const EpochRecord& r) {
  std::string line = fmt::format("epoch {:3}  loss {:.4f}  right {:5.1f} %", r.epoch, r.training.loss,
                                 100.0 * r.training.accuracy);
  if (!std::isnan(r.validation.loss))
    line += fmt::format("   validation: loss {:.4f}  right {:5.1f} %", r.validation.loss,
                        100.0 * r.validation.accuracy);
  const Score& looked_at = std::isnan(r.validation.loss) ? r.training : r.validation;
  line += fmt::format("  {:.1f} spikes per neuron  {:.1f} s", looked_at.spikes_per_neuron, r.seconds);
  if (r.validation.silent > 0.0)
    line += fmt::format("  {:.0f} % of neurons silent", 100.0 * r.validation.silent);
  if (r.validation.undecided > 0.0)
    line += fmt::format("  {:.1f} % undecided", 100.0 * r.validation.undecided);
  if (r.clipped > 0) line += fmt::format("  {} gradients clipped", r.clipped);
  return line;
}

std::string training_text(const TrainedModel& model, const std::filesystem::path& file) {
  const TrainerState& state = model.state;
  if (state.epoch == 0) return "";
  if (state.best_accuracy < 0.0)
    return fmt::format("{}: {} epochs, no validation samples to choose by, {:.1f} s\n", file.string(),
                       state.epoch, seconds_of(model));
  return fmt::format("{}: best after epoch {} of {}, {:.2f} % of validation samples right, {:.1f} s\n",
                     file.string(), state.best_epoch, state.epoch, 100.0 * state.best_accuracy,
                     seconds_of(model));
}

Document training_document(const TrainedModel& model, const std::filesystem::path& file) {
  const TrainerState& state = model.state;
  Document::Array epochs;
  for (const EpochRecord& r : state.log)
    epochs.push_back(json(Document::Table{{"epoch", json(r.epoch)},
                                          {"training", score_document(r.training)},
                                          {"validation", score_document(r.validation)},
                                          {"active", json(r.active)},
                                          {"seconds", json(r.seconds)}}));
  const bool validated = state.best_accuracy >= 0.0;
  return json(Document::Table{{"model", json(file.string())},
                              {"epochs", json(state.epoch)},
                              {"best_epoch", json(state.best_epoch)},
                              {"validation_accuracy", validated ? json(state.best_accuracy) : Document{}},
                              {"validation_loss", validated ? json(state.best_loss) : Document{}},
                              {"seconds", json(seconds_of(model))},
                              {"log", json(std::move(epochs))}});
}

}  // namespace flurry
