// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/address_event.hpp"
#include "core/base/spike.hpp"

namespace flurry {

/// The spikes of one sample: spike i came at times[i] on channels[i].
struct SpikeSample {
  std::vector<double> times;            // s from the start of the sample; never falling
  std::vector<std::uint32_t> channels;  // from 0

  friend bool operator==(const SpikeSample&, const SpikeSample&) = default;
};

/// What is known of a sample before its spikes are read.
struct SampleEntry {
  std::uint32_t label = 0;               // index into Dataset::classes
  std::optional<std::uint32_t> speaker;  // index into Dataset::speakers: who spoke or moved
  std::string name;                      // of its file, or where it stands: "7_jackson_32", "12"

  friend bool operator==(const SampleEntry&, const SampleEntry&) = default;
};

/// Labelled samples as lists of spikes. Samples are read one at a time, in any order; in rising order where
/// speed matters. Used from one thread.
class Dataset {
 public:
  Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  virtual ~Dataset() = default;

  [[nodiscard]] const std::string& kind() const { return description_.kind; }
  [[nodiscard]] const std::vector<SampleEntry>& samples() const { return description_.samples; }
  /// Names of the classes by label. A class may have no sample.
  [[nodiscard]] const std::vector<std::string>& classes() const { return description_.classes; }
  [[nodiscard]] const std::vector<std::string>& speakers() const { return description_.speakers; }
  /// Channels are numbered below this.
  [[nodiscard]] std::uint32_t channels() const { return description_.channels; }

  /// The spikes of sample `index` in place of what `sample` held. FormatError, SystemError for its file.
  virtual void read(std::size_t index, SpikeSample& sample) = 0;
  [[nodiscard]] SpikeSample read(std::size_t index) {
    SpikeSample sample;
    read(index, sample);
    return sample;
  }

 protected:
  struct Description {
    std::string kind;  // "shd", "sound", "recordings", "gesture", "images"
    std::vector<SampleEntry> samples;
    std::vector<std::string> classes;
    std::vector<std::string> speakers;
    std::uint32_t channels = 0;
  };
  explicit Dataset(Description description) : description_(std::move(description)) {}
  Description description_;
};

/// Sensor in pixels; 0 where nothing is known.
struct PixelGrid {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// How what is no spike becomes some. io reads files and knows no model: whoever opens a data set brings
/// these. Each returns spikes in ms, ordered by time.
struct DatasetEncoding {
  std::uint32_t sound_channels = 0;  // numbers that `sound` gives are below this
  std::function<SpikeTrain(std::span<const float> samples, double rate)> sound;  // rate in Hz

  std::function<SpikeTrain(std::span<const std::uint8_t> pixels)> image;  // row by row; one channel a pixel

  PixelGrid sensor;  // of recordings, where their headers do not say; nothing: as large as all events need
  /// Channels for recordings of this sensor, and the spikes of one's events, whose time 0 is the sample's.
  std::function<std::uint32_t(PixelGrid sensor)> event_channels;
  std::function<SpikeTrain(std::span<const AddressEvent> events, PixelGrid sensor)> events;
  bool from_first_event = false;  // time 0 of a recording: its first event, not 0 of its clock
};

/// Told how much of `total` is done, now and then.
using DatasetProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Opens a data set, told by content: an HDF5 file in the layout of SHD; a folder of WAV files, of recordings
/// in class folders, of DVS128 Gesture, of IDX images; an IDX file of images beside its labels.
///
/// SystemError: missing, unreadable; FormatError: no data set, or a damaged one; UsageError: an encoding is
/// needed and not there.
[[nodiscard]] std::unique_ptr<Dataset> open_dataset(const std::filesystem::path& path,
                                                    const DatasetEncoding& encoding = {},
                                                    const DatasetProgress& progress = {});

}  // namespace flurry
