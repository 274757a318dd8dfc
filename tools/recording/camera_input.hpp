// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/dataset/idx_file.hpp"
#include "models/encoding/image_scene.hpp"

namespace flurry {

/// Something to hold a camera before.
struct CameraInput {
  std::unique_ptr<Scene> scene;
  std::uint32_t width = 0;  // pixels that suit it
  std::uint32_t height = 0;
  double duration = 0.0;           // ms that suit it
  std::optional<double> interval;  // ms between views, where the input has frames
};

/// The scene that comes with Flurry under this name; an empty pointer where there is none.
[[nodiscard]] CameraInput built_in_scene(const std::string& name, std::uint64_t seed);

/// A picture of its own size with a rim into which the saccades move it.
[[nodiscard]] CameraInput saccade_input(GreyPicture picture, double dark);

/// Pictures of one size as frames, one each `interval` ms. Only one is held at a time. UsageError where their
/// sizes differ.
[[nodiscard]] CameraInput film_input(const std::vector<std::string>& files, double interval, double dark);

/// A PGM or PPM file.
[[nodiscard]] GreyPicture read_picture(const std::filesystem::path& path);

/// The next image of an IDX file; nothing after the last. FormatError where its items are no images.
[[nodiscard]] std::optional<GreyPicture> next_picture(IdxFile& file, const std::filesystem::path& path);

}  // namespace flurry
