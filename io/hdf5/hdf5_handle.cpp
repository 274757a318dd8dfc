// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_handle.hpp"

#include <hdf5.h>

namespace flurry {

static_assert(sizeof(hid_t) == sizeof(Hdf5Handle::Id), "needs HDF5 1.10 or later");

void Hdf5Handle::reset() noexcept {
  if (id_ >= 0) H5Idec_ref(id_);
  id_ = none;
}

}  // namespace flurry
