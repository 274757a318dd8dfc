// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/model_run.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/learning/engine_network.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/learning/training_data.hpp"

namespace flurry {

RunInput model_run_input(const std::filesystem::path& path, const ModelSample& sample, bool progress) {
  const TrainedModel model = read_model(path);
  const LabelledSpikes samples = sample.data.empty()
                                     ? read_part(model.task, DataPart::test, progress)
                                     : read_other_data(model.task, sample.data, model.network, progress);
  if (sample.index >= samples.size())
    throw UsageError(fmt::format("--sample is {}; allowed: 0 to {}", sample.index,
                                 static_cast<std::int64_t>(samples.size()) - 1));
  SpikeInput input;
  samples.copy(sample.index, input);
  RunInput result;
  result.network = engine_description(model.network, model.network.on_grid(),
                                      source_spikes(input, model.network.duration));
  result.network.text = model.task.text;
  result.network.origin = std::filesystem::absolute(path).lexically_normal().string();
  result.notes.push_back(fmt::format("sample {} of {}, of class '{}'", sample.index, samples.size(),
                                     samples.classes[input.label]));
  validate(result.network, catalogue());
  return result;
}

}  // namespace flurry
