// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/units.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct ModelsOptions {
  std::string name;
  bool as_json = false;
};

void declare(Arguments& arguments, ModelsOptions& options) {
  arguments.optional_positional("NAME", options.name, "model to show in full");
  arguments.flag("--json", options.as_json, "print as JSON");
}

std::string default_text(const ParameterInfo& parameter) {
  if (!parameter.initial_as.empty()) return "= " + std::string(parameter.initial_as);
  const std::string unit(unit_name(parameter.dimension));
  return shortest(parameter.initial / bare_factor(parameter.dimension)) + (unit.empty() ? "" : " " + unit);
}

std::string foreign_text(const std::vector<ForeignName>& names) {
  std::string text;
  for (const ForeignName& name : names)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name.dialect, name.name);
  return text;
}

void print_model(const ModelInfo& model) {
  fmt::print("{} ({})\n  {}\n\n{}\n", model.name, model.is_source ? "source" : "neuron", model.summary,
             model.equations);
  if (!model.is_source) fmt::print("\nweights in {}\n", unit_name(model.weight));
  if (!model.foreign.empty()) fmt::print("known elsewhere as {}\n", foreign_text(model.foreign));
  if (!model.parameters.empty())
    fmt::print("\n{:<14} {:<12} {:<14} {}\n", "parameter", "default", "allowed", "");
  for (const ParameterInfo& parameter : model.parameters) {
    fmt::print("{:<14} {:<12} {:<14} {}\n", parameter.name, default_text(parameter),
               describe(parameter.range, parameter.dimension), parameter.help);
    if (!parameter.foreign.empty()) fmt::print("{:<42} ({})\n", "", foreign_text(parameter.foreign));
  }
  if (!model.recordables.empty()) fmt::print("\n{:<14} {:<12}\n", "recordable", "unit");
  for (const RecordableInfo& recordable : model.recordables)
    fmt::print("{:<14} {:<12} {}\n", recordable.name, recordable.unit(), recordable.help);
  if (!model.options.empty()) fmt::print("\n{:<14}\n", "option");
  for (const OptionInfo& option : model.options)
    fmt::print("{:<14} {:<12} {}\n", option.name, option.is_table ? "table" : "text", option.help);
}

Document foreign_document(const std::vector<ForeignName>& names) {
  Document::Array array;
  for (const ForeignName& name : names)
    array.push_back(json(Document::Table{
        {"dialect", json(name.dialect)}, {"name", json(name.name)}, {"factor", json(name.factor)}}));
  return json(std::move(array));
}

Document parameter_document(const ParameterInfo& parameter) {
  return json(Document::Table{{"name", json(parameter.name)},
                              {"unit", json(unit_name(parameter.dimension))},
                              {"default", json(parameter.initial / bare_factor(parameter.dimension))},
                              {"default_as", json(parameter.initial_as)},
                              {"allowed", json(describe(parameter.range, parameter.dimension))},
                              {"help", json(parameter.help)},
                              {"other_names", foreign_document(parameter.foreign)}});
}

Document model_document(const ModelInfo& model) {
  Document::Array parameters;
  for (const ParameterInfo& parameter : model.parameters) parameters.push_back(parameter_document(parameter));
  Document::Array options;
  for (const OptionInfo& option : model.options)
    options.push_back(json(Document::Table{
        {"name", json(option.name)}, {"is_table", json(option.is_table)}, {"help", json(option.help)}}));
  Document::Array recordables;
  for (const RecordableInfo& recordable : model.recordables)
    recordables.push_back(json(Document::Table{{"name", json(recordable.name)},
                                               {"unit", json(recordable.unit())},
                                               {"help", json(recordable.help)}}));
  return json(Document::Table{{"name", json(model.name)},
                              {"recordables", json(std::move(recordables))},
                              {"kind", json(model.is_source ? "source" : "neuron")},
                              {"summary", json(model.summary)},
                              {"equations", json(model.equations)},
                              {"weight_unit", json(unit_name(model.weight))},
                              {"other_names", foreign_document(model.foreign)},
                              {"parameters", json(std::move(parameters))},
                              {"options", json(std::move(options))}});
}

std::vector<const ModelInfo*> all_models() {
  std::vector<const ModelInfo*> models;
  for (const NeuronModel& model : catalogue().neurons()) models.push_back(&model.info);
  for (const SourceModel& model : catalogue().sources()) models.push_back(&model.info);
  return models;
}

int models(const ModelsOptions& options) {
  if (!options.name.empty()) {
    const ModelInfo& model = catalogue().info(options.name, "");
    if (options.as_json)
      fmt::print("{}\n", json_text(model_document(model)));
    else
      print_model(model);
    return 0;
  }
  Document::Array array;
  if (!options.as_json) fmt::print("{:<14} {:<8} {}\n", "model", "kind", "");
  for (const ModelInfo* model : all_models()) {
    if (options.as_json)
      array.push_back(model_document(*model));
    else
      fmt::print("{:<14} {:<8} {}\n", model->name, model->is_source ? "source" : "neuron", model->summary);
  }
  if (options.as_json)
    fmt::print("{}\n", json_text(json(std::move(array))));
  else
    fmt::print("\nflurry models NAME shows equations and parameters.\n");
  return 0;
}

}  // namespace

Verb models_verb() {
  return {"models", "List neuron models and sources, their parameters and equations",
          "Examples:\n  flurry models\n  flurry models lif_exp\n  flurry models --json\n",
          [](Arguments& arguments) { return bind_verb<ModelsOptions>(arguments, &declare, &models); }};
}

}  // namespace flurry
