// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "io/hdf5/hdf5_handle.hpp"

namespace flurry {

/// HDF5 reads what is missing of a virtual data set as if it had never been written. This throws SystemError
/// where a file it is put together from is not there, FormatError where one holds less than is wanted of it.
/// Does nothing for other datasets. `file`: that the dataset is in.
void check_pieces(Hdf5Handle::Id dataset, const std::string& file, const std::string& where);

}  // namespace flurry
