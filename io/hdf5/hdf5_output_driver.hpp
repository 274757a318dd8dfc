// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "io/hdf5/hdf5_handle.hpp"

namespace flurry {

class OverwriteLog;

/// What goes on while a file is written.
struct Hdf5WriteWatch {
  std::string failure;          // the first, in the system's words; empty while all is well
  OverwriteLog* log = nullptr;  // told before bytes are overwritten
};

/// Access properties for a file to write. HDF5 does not survive a write that fails: it can neither close the
/// file nor leave the program in order. So it writes through a driver that passes everything on to HDF5's own
/// until the system refuses; that is noted in `watch`, and what comes after is kept in memory until the
/// file is closed. `watch` must outlive the file.
[[nodiscard]] Hdf5Handle output_access(Hdf5WriteWatch& watch);

}  // namespace flurry
