// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/folder_dataset.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/dataset/sample_spikes.hpp"
#include "io/recording/event_reader.hpp"
#include "io/sound/sound_file.hpp"

namespace flurry {
namespace {

constexpr std::int64_t latest_start = 100'000'000;  // us: beyond, single precision has less than 10 us

}  // namespace

SoundFolder::SoundFolder(SampleFolder folder, const DatasetEncoding& encoding)
    : Dataset({"sound", std::move(folder.samples), std::move(folder.classes), std::move(folder.speakers),
               encoding.sound_channels}),
      files_(std::move(folder.files)),
      encoding_(encoding) {}

void SoundFolder::read(std::size_t index, SpikeSample& sample) {
  const Sound sound = read_sound(files_.at(index));
  try {
    set_spikes(sample, encoding_.sound(sound.samples, sound.rate));
  } catch (const UsageError& error) {
    throw UsageError(files_[index].string() + ": " + error.what());
  }
}

RecordingFolder::RecordingFolder(SampleFolder folder, const DatasetEncoding& encoding,
                                 const DatasetProgress& progress)
    : Dataset({"recordings", std::move(folder.samples), std::move(folder.classes), std::move(folder.speakers),
               0}),
      files_(std::move(folder.files)),
      encoding_(encoding),
      sensor_(encoding.sensor) {
  if (sensor_.width == 0) find_sensor(progress);
  description_.channels = encoding_.event_channels(sensor_);
}

void RecordingFolder::find_sensor(const DatasetProgress& progress) {
  const std::filesystem::path& first = files_.front();
  const SensorSize named = recognise_recording(first).open(first)->sensor();
  sensor_ = {named.width, named.height};
  if (sensor_.width != 0 && sensor_.height != 0) return;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const SensorSize size = read_recording(files_[i]).sensor;
    sensor_.width = std::max(sensor_.width, size.width);
    sensor_.height = std::max(sensor_.height, size.height);
    if (progress) progress(i + 1, files_.size());
  }
}

void RecordingFolder::read(std::size_t index, SpikeSample& sample) {
  const std::filesystem::path& file = files_.at(index);
  EventRecording recording = read_recording(file);
  if (!recording.events.empty()) {
    const auto earliest =
        std::min_element(recording.events.begin(), recording.events.end(),
                         [](const AddressEvent& a, const AddressEvent& b) { return a.t < b.t; });
    if (encoding_.from_first_event) {
      shift_times(recording.events, earliest->t);
    } else if (earliest->t > latest_start) {
      throw UsageError(file.string() + ": starts at " + std::to_string(earliest->t / 1'000'000) +
                       " s of its clock, too late for times of a sample (100 s); let its first event be "
                       "time 0");
    }
  }
  expect_on_sensor(recording.events, sensor_, file);
  set_spikes(sample, encoding_.events(recording.events, sensor_));
}

}  // namespace flurry
