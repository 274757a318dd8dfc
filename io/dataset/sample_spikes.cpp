// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/sample_spikes.hpp"

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
