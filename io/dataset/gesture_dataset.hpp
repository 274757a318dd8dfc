// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "io/dataset/dataset.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// DVS128 Gesture (Amir et al. 2017, CVPR): long recordings, each beside a table STEM_labels.csv of trials:
/// class, start and end in us of the recording's clock. A trial holds the events from start to before end;
/// time 0 is its start. Who moved is the first part of the file's name (user01_led). Recordings are read
/// forward, in bounded memory; trials asked for out of order are searched from the front.
class GestureFolder final : public Dataset {
 public:
  /// FormatError for a table with other columns.
  GestureFolder(const std::filesystem::path& folder, const DatasetEncoding& encoding);
  /// Whether the folder holds such a table.
  [[nodiscard]] static bool holds(const std::filesystem::path& folder);

  using Dataset::read;
  void read(std::size_t index, SpikeSample& sample) override;

 private:
  struct Trial {
    std::size_t file = 0;
    std::int64_t start = 0;  // us
    std::int64_t end = 0;    // us
    std::string label;
  };
  void read_table(const std::filesystem::path& table, std::vector<Trial>& trials) const;
  void number_classes();
  void rewind(std::size_t file);
  /// The next event, or nullptr at the end; the same again until it is taken.
  const AddressEvent* peek();

  std::vector<std::filesystem::path> files_;
  std::vector<Trial> trials_;
  DatasetEncoding encoding_;
  PixelGrid sensor_;

  std::unique_ptr<EventReader> reader_;
  std::size_t open_file_ = 0;
  std::int64_t taken_until_ = 0;  // us: earlier events of the open file may be gone
  std::vector<AddressEvent> buffer_;
  std::size_t next_ = 0;   // in the buffer
  std::size_t count_ = 0;  // events in the buffer
};

}  // namespace flurry
