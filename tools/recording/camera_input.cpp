// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/camera_input.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/dataset/netpbm_image.hpp"
#include "models/encoding/event_camera.hpp"
#include "models/encoding/moving_scene.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t rim = 3;  // pixels each side: 28x28 is seen by 34x34, as in N-MNIST

}  // namespace

CameraInput built_in_scene(const std::string& name, std::uint64_t seed) {
  if (name != "bar-disc") return {};
  const CameraParameters usual;
  return {std::make_unique<MovingScene>(seed), usual.width, usual.height, usual.duration, {}};
}

CameraInput saccade_input(GreyPicture picture, double dark) {
  const std::uint32_t width = picture.width + 2 * rim;
  const std::uint32_t height = picture.height + 2 * rim;
  auto scene = std::make_unique<SaccadeScene>(std::move(picture), dark);
  const double duration = scene->duration();
  return {std::move(scene), width, height, duration, {}};
}

CameraInput film_input(const std::vector<std::string>& files, double interval, double dark) {
  const GreyPicture first = read_picture(files.front());
  const auto load = [files, width = first.width, height = first.height](std::size_t i) {
    GreyPicture picture = read_picture(files[i]);
    if (picture.width != width || picture.height != height)
      throw UsageError(
          fmt::format("{} has {}x{} pixels and {} has {}x{}; the frames of a film must have one size",
                      files[i], picture.width, picture.height, files.front(), width, height));
    return picture;
  };
  auto scene = std::make_unique<FrameScene>(load, files.size(), interval, dark);
  const double duration = scene->duration();
  return {std::move(scene), first.width, first.height, duration, interval};
}

GreyPicture read_picture(const std::filesystem::path& path) {
  NetpbmImage image = read_netpbm(path);
  return {image.width, image.height, std::move(image.values)};
}

std::optional<GreyPicture> next_picture(IdxFile& file, const std::filesystem::path& path) {
  if (file.shape().size() != 3)
    throw FormatError(fmt::format("{} has {} dimensions; images have three: their number, rows, columns",
                                  path.string(), file.shape().size()));
  if (file.shape()[1] > 65536 || file.shape()[2] > 65536)
    throw FormatError(fmt::format("{} has images of {}x{} pixels; expected at most 65536 a side",
                                  path.string(), file.shape()[2], file.shape()[1]));
  std::vector<std::uint8_t> bytes(file.item_size());
  if (!file.read(bytes)) return std::nullopt;
  GreyPicture picture{file.shape()[2], file.shape()[1], std::vector<float>(bytes.size())};
  std::transform(bytes.begin(), bytes.end(), picture.values.begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; });
  return picture;
}

}  // namespace flurry
