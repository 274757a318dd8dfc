// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <hdf5.h>

#include "io/hdf5/hdf5_handle.hpp"

// For the sources of this folder only: it shows hdf5.h.
namespace flurry {

/// HDF5's name for a C++ number as it lies in memory.
template <class T>
hid_t native_type() = delete;
template <>
inline hid_t native_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
inline hid_t native_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
inline hid_t native_type<std::uint64_t>() {
  return H5T_NATIVE_UINT64;
}
template <>
inline hid_t native_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
inline hid_t native_type<std::uint32_t>() {
  return H5T_NATIVE_UINT32;
}
template <>
inline hid_t native_type<std::uint16_t>() {
  return H5T_NATIVE_UINT16;
}
template <>
inline hid_t native_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}

/// HDF5's name for a C++ number as it lies in a file: little endian, whatever the machine.
template <class T>
hid_t stored_type() = delete;
template <>
inline hid_t stored_type<double>() {
  return H5T_IEEE_F64LE;
}
template <>
inline hid_t stored_type<float>() {
  return H5T_IEEE_F32LE;
}
template <>
inline hid_t stored_type<std::uint64_t>() {
  return H5T_STD_U64LE;
}
template <>
inline hid_t stored_type<std::int64_t>() {
  return H5T_STD_I64LE;
}
template <>
inline hid_t stored_type<std::uint32_t>() {
  return H5T_STD_U32LE;
}
template <>
inline hid_t stored_type<std::uint16_t>() {
  return H5T_STD_U16LE;
}
template <>
inline hid_t stored_type<std::uint8_t>() {
  return H5T_STD_U8LE;
}

/// A string type of this many bytes, or of variable length: ASCII where `text` is, else UTF-8.
[[nodiscard]] Hdf5Handle text_type(const std::string& text, std::size_t size = H5T_VARIABLE);

/// A transfer property list under which a value that does not fit its new type is an error, not a clamped
/// number. `misfit` receives what was wrong, and must outlive the list.
[[nodiscard]] Hdf5Handle strict_transfer(const char** misfit);

}  // namespace flurry
