// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace flurry {

/// Stops HDF5 from printing errors by itself on this thread. Opening and creating files does it.
void silence_hdf5();

/// Throws what HDF5 has just reported as "`what`: reason". SystemError where the system refused to open, read
/// or write (full disk, no permission); FormatError otherwise.
[[noreturn]] void throw_hdf5(const std::string& what);

/// Passes on a result of HDF5, or throws as throw_hdf5("cannot `action` `where`") where it is negative.
std::int64_t checked(std::int64_t result, const char* action, const std::string& where);

/// The same for whatever creates or writes: there a failure is always a SystemError.
std::int64_t written(std::int64_t result, const char* action, const std::string& where);

}  // namespace flurry
