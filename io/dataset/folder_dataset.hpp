// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/dataset/sample_folder.hpp"

namespace flurry {

/// A folder of sound files, as the spoken digits (names tell class and speaker) and the speech commands
/// (class folders) come; spikes through DatasetEncoding::sound.
class SoundFolder final : public Dataset {
 public:
  SoundFolder(SampleFolder folder, const DatasetEncoding& encoding);
  using Dataset::read;
  void read(std::size_t index, SpikeSample& sample) override;

 private:
  std::vector<std::filesystem::path> files_;
  DatasetEncoding encoding_;
};

/// Class folders of event-camera recordings of any format, as N-MNIST, N-Caltech101 and N-CARS come; spikes
/// through DatasetEncoding::events. All have one sensor: the encoding's, else that of the first file's
/// header, else the smallest that holds all events (every file is read on opening).
class RecordingFolder final : public Dataset {
 public:
  RecordingFolder(SampleFolder folder, const DatasetEncoding& encoding, const DatasetProgress& progress);
  using Dataset::read;
  /// Also FormatError for an event off the sensor, and UsageError for a recording whose clock starts later
  /// than 100 s and is to be kept.
  void read(std::size_t index, SpikeSample& sample) override;

 private:
  void find_sensor(const DatasetProgress& progress);

  std::vector<std::filesystem::path> files_;
  DatasetEncoding encoding_;
  PixelGrid sensor_;
};

}  // namespace flurry
