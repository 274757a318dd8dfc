// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/hdf5/hdf5_handle.hpp"

namespace flurry {

/// Calls H5Dread or H5Aread with this memory type and buffer; negative for failure.
using Hdf5TextReader = std::function<int(Hdf5Handle::Id memory_type, void* buffer)>;

/// Reads `count` texts of the stored type `type` (fixed or variable length) through `read`. Padding is
/// removed.
[[nodiscard]] std::vector<std::string> read_texts(Hdf5Handle::Id type, std::uint64_t count,
                                                  const std::string& where, const Hdf5TextReader& read);

}  // namespace flurry
