// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/sample_spikes.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"

namespace flurry {

void set_spikes(SpikeSample& sample, const SpikeTrain& spikes) {
  sample.times.clear();
  sample.channels.clear();
  sample.times.reserve(spikes.size());
  sample.channels.reserve(spikes.size());
  for (const Spike& spike : spikes) {
    sample.times.push_back(spike.time / 1000.0);
    sample.channels.push_back(spike.neuron);
  }
}

void sort_by_time(SpikeSample& sample) {
  if (std::is_sorted(sample.times.begin(), sample.times.end())) return;
  std::vector<std::size_t> order(sample.times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sample.times[a] < sample.times[b]; });
  SpikeSample sorted;
  sorted.times.reserve(order.size());
  sorted.channels.reserve(order.size());
  for (const std::size_t i : order) {
    sorted.times.push_back(sample.times[i]);
    sorted.channels.push_back(sample.channels[i]);
  }
  sample = std::move(sorted);
}

void shift_times(std::span<AddressEvent> events, std::int64_t start) {
  for (AddressEvent& event : events) event.t -= start;
}

void expect_on_sensor(std::span<const AddressEvent> events, PixelGrid sensor,
                      const std::filesystem::path& file) {
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].x >= sensor.width || events[i].y >= sensor.height)
      throw FormatError(file.string() + ": event " + std::to_string(i) + " lies at x " +
                        std::to_string(events[i].x) + ", y " + std::to_string(events[i].y) +
                        ", beyond the sensor of " + std::to_string(sensor.width) + "x" +
                        std::to_string(sensor.height) + " pixels");
}

}  // namespace flurry
