// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_type.hpp"

#include <algorithm>

namespace flurry {
namespace {

H5T_conv_ret_t refuse_misfits(H5T_conv_except_t kind, hid_t, hid_t, void*, void*, void* misfit) {
  const char** reason = static_cast<const char**>(misfit);
  switch (kind) {
    case H5T_CONV_EXCEPT_RANGE_HI:
      *reason = "a value is too large";
      return H5T_CONV_ABORT;
    case H5T_CONV_EXCEPT_RANGE_LOW:
      *reason = "a value is negative or too small";
      return H5T_CONV_ABORT;
    case H5T_CONV_EXCEPT_TRUNCATE:
      *reason = "a value is not a whole number";
      return H5T_CONV_ABORT;
    case H5T_CONV_EXCEPT_PINF:
    case H5T_CONV_EXCEPT_NINF:
    case H5T_CONV_EXCEPT_NAN:
      *reason = "a value is not finite";
      return H5T_CONV_ABORT;
    default:
      return H5T_CONV_UNHANDLED;  // rounding of an integer to a double: HDF5 does it
  }
}

}  // namespace

Hdf5Handle text_type(const std::string& text, std::size_t size) {
  Hdf5Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), size);
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
  H5Tset_cset(type.get(), ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  return type;
}

Hdf5Handle strict_transfer(const char** misfit) {
  Hdf5Handle list(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_type_conv_cb(list.get(), &refuse_misfits, static_cast<void*>(misfit));
  return list;
}

}  // namespace flurry
