// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/dataset_copy.hpp"

#include "core/base/error.hpp"
#include "io/dataset/shd_dataset.hpp"
#include "tools/cli/interrupt.hpp"

namespace flurry {
namespace {

/// Copies every sample to the writer `writer_of` says; returns the number of spikes.
template <class WriterOf>
std::uint64_t copy_samples(Dataset& dataset, const DatasetProgress& progress, WriterOf&& writer_of) {
  const InterruptGuard guard;
  std::uint64_t spikes = 0;
  SpikeSample sample;
  for (std::size_t i = 0; i < dataset.samples().size(); ++i) {
    if (InterruptGuard::requested()) throw Interrupted("stopped; no file was written");
    dataset.read(i, sample);
    writer_of(i).write(dataset.samples()[i], sample);
    spikes += sample.times.size();
    if (progress) progress(i + 1, dataset.samples().size());
  }
  return spikes;
}

}  // namespace

void expect_another_file(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code unknown;
  if (std::filesystem::equivalent(input, output, unknown) && !unknown)
    throw UsageError(output.string() + ": is the data set that is read; give the output another name");
}

std::uint64_t write_dataset(Dataset& dataset, const std::filesystem::path& path,
                            const DatasetProgress& progress) {
  ShdWriter writer(path, dataset.channels(), dataset.classes(), dataset.speakers());
  const std::uint64_t spikes =
      copy_samples(dataset, progress, [&writer](std::size_t) -> ShdWriter& { return writer; });
  writer.close();
  return spikes;
}

void write_split(Dataset& dataset, const std::vector<bool>& for_test, const std::filesystem::path& train,
                 const std::filesystem::path& test, const DatasetProgress& progress) {
  ShdWriter train_writer(train, dataset.channels(), dataset.classes(), dataset.speakers());
  ShdWriter test_writer(test, dataset.channels(), dataset.classes(), dataset.speakers());
  copy_samples(dataset, progress,
               [&](std::size_t i) -> ShdWriter& { return for_test[i] ? test_writer : train_writer; });
  train_writer.close();
  test_writer.close();
}

}  // namespace flurry
