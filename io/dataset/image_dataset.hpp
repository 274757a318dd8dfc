// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/dataset/dataset.hpp"
#include "io/dataset/idx_file.hpp"

namespace flurry {

/// Images in an IDX file beside their labels (MNIST, Fashion-MNIST and relatives); spikes through
/// DatasetEncoding::image, one channel a pixel, rows from the top.
class ImageDataset final : public Dataset {
 public:
  /// `images`: a file NAME-images-idx3-ubyte[.gz]; its labels are in NAME-labels-idx1-ubyte[.gz].
  /// FormatError where they are missing or not as many.
  ImageDataset(const std::filesystem::path& images, const DatasetEncoding& encoding);
  /// Whether the file is IDX and holds images (two dimensions or more each).
  [[nodiscard]] static bool holds(const std::filesystem::path& path);

  using Dataset::read;
  void read(std::size_t index, SpikeSample& sample) override;

 private:
  IdxFile images_;
  std::size_t next_ = 0;
  std::vector<std::uint8_t> pixels_;
  DatasetEncoding encoding_;
};

}  // namespace flurry
