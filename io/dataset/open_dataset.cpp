// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/error.hpp"
#include "io/dataset/folder_dataset.hpp"
#include "io/dataset/gesture_dataset.hpp"
#include "io/dataset/image_dataset.hpp"
#include "io/dataset/shd_dataset.hpp"
#include "io/recording/event_reader.hpp"
#include "io/sound/sound_file.hpp"

namespace flurry {
namespace {

using Files = std::vector<std::filesystem::path>;

void expect_encoding(bool there, const std::filesystem::path& path, const char* of) {
  if (!there)
    throw UsageError(path.string() + ": holds " + of + ", and none was said how they become spikes");
}

/// Those files that end as `like` does: what a set is made of is told by content, what belongs to it by name.
Files of_one_kind(const Files& files, const std::filesystem::path& like) {
  Files kind;
  std::copy_if(files.begin(), files.end(), std::back_inserter(kind),
               [&](const std::filesystem::path& file) { return file.extension() == like.extension(); });
  return kind;
}

std::filesystem::path only_image_file(const std::filesystem::path& folder, const Files& files) {
  Files images;
  std::copy_if(files.begin(), files.end(), std::back_inserter(images), &ImageDataset::holds);
  if (images.size() > 1)
    throw UsageError(folder.string() + ": holds " + std::to_string(images.size()) +
                     " files of images; name one of them, as " + images.front().string());
  return images.empty() ? std::filesystem::path{} : images.front();
}

std::unique_ptr<Dataset> open_folder(const std::filesystem::path& folder, const DatasetEncoding& encoding,
                                     const DatasetProgress& progress) {
  if (GestureFolder::holds(folder)) {
    expect_encoding(encoding.events && encoding.event_channels, folder, "recordings");
    return std::make_unique<GestureFolder>(folder, encoding);
  }
  const Files files = files_below(folder);
  for (const std::filesystem::path& file : files) {
    if (is_sound(file)) {
      expect_encoding(static_cast<bool>(encoding.sound), folder, "sound");
      return std::make_unique<SoundFolder>(label_files(folder, of_one_kind(files, file)), encoding);
    }
    if (is_recording(file)) {
      expect_encoding(encoding.events && encoding.event_channels, folder, "recordings");
      return std::make_unique<RecordingFolder>(label_files(folder, of_one_kind(files, file)), encoding,
                                               progress);
    }
    if (IdxFile::is_idx(file)) {
      const std::filesystem::path images = only_image_file(folder, files);
      if (!images.empty()) return open_dataset(images, encoding, progress);
    }
  }
  throw FormatError(folder.string() + ": no data set: it holds no sound, no recordings and no IDX images (" +
                    std::to_string(files.size()) + " other files)");
}

}  // namespace

std::unique_ptr<Dataset> open_dataset(const std::filesystem::path& path, const DatasetEncoding& encoding,
                                      const DatasetProgress& progress) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw SystemError("there is no data set '" + path.string() + "'");
  if (std::filesystem::is_directory(path, error)) return open_folder(path, encoding, progress);
  if (ShdDataset::holds(path)) return std::make_unique<ShdDataset>(path);
  if (ImageDataset::holds(path)) {
    expect_encoding(static_cast<bool>(encoding.image), path, "images");
    return std::make_unique<ImageDataset>(path, encoding);
  }
  throw FormatError(
      path.string() +
      ": no data set; expected HDF5 in the layout of SHD, an IDX file of images, or a folder of "
      "sound, recordings or images");
}

}  // namespace flurry
