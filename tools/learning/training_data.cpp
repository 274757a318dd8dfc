// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/training_data.hpp"

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "models/encoding/yin_yang.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/dataset/dataset_split.hpp"

namespace flurry {
namespace {

using Split = TaskData::Split;

std::vector<bool> which_are_test(const Dataset& dataset, const TaskData& data) {
  switch (data.split) {
    case Split::fraction:
      return split_by_fraction(dataset, data.test, data.seed);
    case Split::official:
      return split_by_recording(dataset);
    case Split::speakers:
      return split_by_speaker(dataset, data.hold_out);
    case Split::fold:
      return split_by_fold(dataset, data.folds, data.fold, data.seed);
    case Split::none:
      break;
  }
  return std::vector<bool>(dataset.samples().size());
}

std::vector<bool> which_validate(const Dataset& dataset, const std::vector<bool>& for_test,
                                 const TaskData& data) {
  return split_for_validation(dataset, for_test, data.validation, data.seed);
}

LabelledSpikes empty_like(const Dataset& dataset) {
  LabelledSpikes samples;
  samples.channels = dataset.channels();
  samples.classes = dataset.classes();
  return samples;
}

/// Reads the samples `wanted(i)` says belong somewhere.
template <class Wanted>
void read_samples(Dataset& dataset, std::uint32_t limit, bool progress, const Wanted& wanted) {
  ProgressBar bar("reading samples", progress);
  SpikeSample sample;
  std::vector<double> ms;
  const std::size_t count = dataset.samples().size();
  const std::size_t stride = limit == 0 || limit >= count ? 1 : (count + limit - 1) / limit;
  for (std::size_t i = 0; i < count; i += stride) {
    LabelledSpikes* to = wanted(i);
    if (to == nullptr) continue;
    dataset.read(i, sample);
    ms.clear();
    for (const double time : sample.times) ms.push_back(1000.0 * time);
    to->add(ms, sample.channels, dataset.samples()[i].label);
    bar.update(static_cast<double>(i) / static_cast<double>(count));
  }
}

LabelledSpikes yin_yang_part(const TaskData& data, DataPart part) {
  LabelledSpikes samples;
  samples.channels = 5;
  samples.classes = {"yang", "yin", "dot"};
  const std::uint32_t count = part == DataPart::training ? data.samples : data.test_samples;
  for (const YinYangSample& s : yin_yang(3 * data.seed + static_cast<std::uint64_t>(part), count)) {
    std::array<Spike, 5> spikes = s.spikes();
    std::sort(spikes.begin(), spikes.end());
    samples.add(spikes, s.label);
  }
  return samples;
}

void expect_all_classes(const LabelledSpikes& samples) {
  std::vector<bool> there(samples.classes.size());
  for (const std::uint32_t label : samples.labels()) there[label] = true;
  const auto missing = std::find(there.begin(), there.end(), false);
  if (missing != there.end())
    throw UsageError("class '" + samples.classes[static_cast<std::size_t>(missing - there.begin())] +
                     "' has no sample to learn from; take another split, or leave the class out");
}

}  // namespace

TrainingData read_training_data(const LearningTask& task, bool progress) {
  const TaskData& data = task.data;
  if (data.source == TaskData::Source::yin_yang)
    return {yin_yang_part(data, DataPart::training), yin_yang_part(data, DataPart::validation)};
  const std::unique_ptr<Dataset> dataset = open_encoded(data.file, data.encoding, progress);
  const std::vector<bool> for_test = which_are_test(*dataset, data);
  const std::vector<bool> validates = which_validate(*dataset, for_test, data);
  TrainingData result{empty_like(*dataset), empty_like(*dataset)};
  read_samples(*dataset, data.limit, progress, [&](std::size_t i) -> LabelledSpikes* {
    if (for_test[i]) return nullptr;
    return validates[i] ? &result.validation : &result.training;
  });
  expect_all_classes(result.training);
  return result;
}

LabelledSpikes read_part(const LearningTask& task, DataPart part, bool progress) {
  const TaskData& data = task.data;
  if (data.source == TaskData::Source::yin_yang) return yin_yang_part(data, part);
  const bool own_test = part == DataPart::test && !data.test_file.empty();
  if (part == DataPart::test && !own_test && data.split == Split::none)
    throw UsageError("the task has no test set; give one as DATA, or a [data.test] in the task file");
  const std::unique_ptr<Dataset> dataset =
      open_encoded(own_test ? data.test_file : data.file, data.encoding, progress);
  const std::vector<bool> for_test =
      own_test ? std::vector<bool>(dataset->samples().size()) : which_are_test(*dataset, data);
  const std::vector<bool> validates = which_validate(*dataset, for_test, data);
  LabelledSpikes samples = empty_like(*dataset);
  read_samples(*dataset, data.limit, progress, [&](std::size_t i) -> LabelledSpikes* {
    const DataPart of = for_test[i]    ? DataPart::test
                        : validates[i] ? DataPart::validation
                                       : DataPart::training;
    return own_test || of == part ? &samples : nullptr;
  });
  return samples;
}

LabelledSpikes read_other_data(const LearningTask& task, const std::filesystem::path& path,
                               const LearnedNetwork& network, bool progress) {
  const std::unique_ptr<Dataset> dataset = open_encoded(path, task.data.encoding, progress);
  if (dataset->channels() != network.inputs)
    throw UsageError("'" + path.string() + "' has " + std::to_string(dataset->channels()) +
                     " channels; the network was trained on " + std::to_string(network.inputs));
  if (dataset->classes() != network.classes)
    throw UsageError("'" + path.string() + "' has other classes than the network was trained on (" +
                     std::to_string(dataset->classes().size()) + ", " +
                     std::to_string(network.classes.size()) + ")");
  LabelledSpikes samples = empty_like(*dataset);
  read_samples(*dataset, task.data.limit, progress, [&](std::size_t) { return &samples; });
  return samples;
}

}  // namespace flurry
