// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_text.hpp"

#include <algorithm>

#include <hdf5.h>

#include "io/hdf5/hdf5_error.hpp"

namespace flurry {
namespace {

Hdf5Handle memory_type(hid_t stored, std::size_t size) {
  Hdf5Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), size);
  H5Tset_cset(type.get(), H5Tget_cset(stored));
  return type;
}

std::vector<std::string> read_variable(hid_t stored, std::uint64_t count, const std::string& where,
                                       const Hdf5TextReader& read) {
  const Hdf5Handle type = memory_type(stored, H5T_VARIABLE);
  std::vector<char*> starts(count, nullptr);
  checked(read(type.get(), static_cast<void*>(starts.data())), "read", where);
  std::vector<std::string> texts;
  texts.reserve(count);
  for (char* start : starts) {
    texts.emplace_back(start == nullptr ? "" : start);
    H5free_memory(start);
  }
  return texts;
}

std::vector<std::string> read_fixed(hid_t stored, std::uint64_t count, const std::string& where,
                                    const Hdf5TextReader& read) {
  const std::size_t size = H5Tget_size(stored);
  const Hdf5Handle type = memory_type(stored, size);
  H5Tset_strpad(type.get(), H5Tget_strpad(stored));
  std::vector<char> bytes(size * count, '\0');
  checked(read(type.get(), static_cast<void*>(bytes.data())), "read", where);
  std::vector<std::string> texts;
  texts.reserve(count);
  const bool spaces = H5Tget_strpad(stored) == H5T_STR_SPACEPAD;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string text(bytes.data() + i * size, size);
    text.resize(std::min(text.find('\0'), text.size()));
    while (spaces && !text.empty() && text.back() == ' ') text.pop_back();
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

std::vector<std::string> read_texts(Hdf5Handle::Id type, std::uint64_t count, const std::string& where,
                                    const Hdf5TextReader& read) {
  return H5Tis_variable_str(type) > 0 ? read_variable(type, count, where, read)
                                      : read_fixed(type, count, where, read);
}

}  // namespace flurry
