// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/shd_spikes.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/dataset/sample_spikes.hpp"
#include "io/dataset/shd_dataset.hpp"

namespace flurry {
namespace {

constexpr std::uint64_t most_channels = 65536;

std::string sample_name(std::size_t index) {
  const std::string digits = std::to_string(index);
  return "sample_" + std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits;
}

SpikeSample sample_of(const PopulationSpikes& population) {
  SpikeSample sample;
  sample.times.reserve(population.times.size());
  sample.channels.reserve(population.ids.size());
  for (const double time : population.times) sample.times.push_back(time * 1e-3);
  for (const std::uint64_t id : population.ids) sample.channels.push_back(static_cast<std::uint32_t>(id));
  sort_by_time(sample);
  return sample;
}

}  // namespace

SpikeFile read_shd_spikes(const std::filesystem::path& path) {
  ShdDataset dataset(path);
  SpikeFile file;
  SpikeSample sample;
  for (std::size_t i = 0; i < dataset.samples().size(); ++i) {
    dataset.read(i, sample);
    PopulationSpikes& population = file.populations[sample_name(i)];
    population.ids.assign(sample.channels.begin(), sample.channels.end());
    population.times.reserve(sample.times.size());
    for (const double time : sample.times) population.times.push_back(time * 1e3);
  }
  return file;
}

void write_shd_spikes(const std::filesystem::path& path, const SpikeFile& file) {
  std::uint64_t channels = 1;
  for (const auto& [name, population] : file.populations)
    for (const std::uint64_t id : population.ids) {
      if (id >= most_channels)
        throw UsageError("'" + path.string() +
                         "': the layout of SHD numbers channels in 16 bits, and population '" + name +
                         "' has the id " + std::to_string(id));
      channels = std::max(channels, id + 1);
    }
  ShdWriter writer(path, static_cast<std::uint32_t>(channels), {"none"}, {});
  for (const auto& [name, population] : file.populations)
    writer.write({0, std::nullopt, name}, sample_of(population));
  writer.close();
}

}  // namespace flurry
