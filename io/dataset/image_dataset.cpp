// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/image_dataset.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/dataset/sample_spikes.hpp"

namespace flurry {
namespace {

/// The file of labels that belongs to a file of images, gzipped or not.
std::filesystem::path labels_of(const std::filesystem::path& images) {
  std::string name = images.filename().string();
  for (const auto& [part, other] : {std::pair{"images", "labels"}, std::pair{"idx3", "idx1"}})
    if (const std::size_t at = name.find(part); at != std::string::npos)
      name.replace(at, std::string_view(part).size(), other);
  const std::string bare = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
  for (const std::string& tried : {bare, bare + ".gz"}) {
    std::filesystem::path labels = images.parent_path() / tried;
    if (labels.filename() != images.filename() && std::filesystem::exists(labels)) return labels;
  }
  throw FormatError(images.string() + ": there is no file of labels beside it; expected '" + bare +
                    "', gzipped or not");
}

std::vector<std::string> first_numbers(std::size_t count) {
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

}  // namespace

bool ImageDataset::holds(const std::filesystem::path& path) { return IdxFile::dimensions(path) >= 3; }

ImageDataset::ImageDataset(const std::filesystem::path& images, const DatasetEncoding& encoding)
    : Dataset({"images", {}, {}, {}, 0}), images_(images), encoding_(encoding) {
  IdxFile label_file(labels_of(images));
  if (label_file.shape().size() != 1 || label_file.size() != images_.size())
    throw FormatError(images.string() + ": holds " + std::to_string(images_.size()) +
                      " images, but its labels are " + std::to_string(label_file.size()) + " items of " +
                      std::to_string(label_file.shape().size()) + " dimensions; expected a list of as many");
  const std::vector<std::uint8_t> labels = label_file.read_all();
  const std::size_t classes =
      labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + std::size_t{1};
  description_.classes = first_numbers(classes);
  description_.channels = static_cast<std::uint32_t>(images_.item_size());
  description_.samples.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i)
    description_.samples.push_back({labels[i], {}, std::to_string(i)});
  pixels_.resize(images_.item_size());
}

void ImageDataset::read(std::size_t index, SpikeSample& sample) {
  if (index != next_) images_.seek(static_cast<std::uint32_t>(index));
  next_ = index + 1;
  if (!images_.read(pixels_)) throw InternalError("there are as many images as the header promises");
  set_spikes(sample, encoding_.image(pixels_));
}

}  // namespace flurry
