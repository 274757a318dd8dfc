// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>

#include "io/dataset/dataset.hpp"

namespace flurry {

/// Spikes in ms as a sample in s.
void set_spikes(SpikeSample& sample, const SpikeTrain& spikes);

/// Orders spikes by time, those of one time as they stand.
void sort_by_time(SpikeSample& sample);

/// Takes `start` us off all times.
void shift_times(std::span<AddressEvent> events, std::int64_t start);

/// FormatError naming the first event beyond the sensor.
void expect_on_sensor(std::span<const AddressEvent> events, PixelGrid sensor,
                      const std::filesystem::path& file);

}  // namespace flurry
