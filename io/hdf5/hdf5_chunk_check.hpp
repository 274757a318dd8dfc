// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "io/hdf5/hdf5_handle.hpp"

namespace flurry {

/// Compares the chunks that hold some rows of a dataset with its layout: HDF5 1.10 copies from what a chunk
/// unpacks to as if it were as long as the layout says, and beyond its end where a damaged file says
/// otherwise. Every chunk's filters and place are looked at; the first one is unpacked too, once, when row 0
/// is asked for.
///
/// FormatError where they contradict the layout. Of datasets without chunks there is nothing to check.
void check_chunks(Hdf5Handle::Id dataset, std::uint64_t first, std::uint64_t rows, const std::string& where);

}  // namespace flurry
