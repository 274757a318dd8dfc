// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace flurry::testing {

/// A .npy file with this type, shape and data.
inline std::string npy_bytes(const std::string& descr, const std::string& shape, const std::string& body,
                             char version = 1, const std::string& order = "False") {
  const std::string text =
      "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) bytes += static_cast<char>(text.size() >> (8 * i) & 0xffU);
  return bytes + text + body;
}

template <class T>
std::string number_bytes(T value, bool big = false) {
  std::string bytes(reinterpret_cast<const char*>(&value), sizeof(T));
  if (big) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

template <class T>
std::string matrix_bytes(const std::vector<T>& numbers, bool big = false) {
  std::string bytes;
  for (const T number : numbers) bytes += number_bytes(number, big);
  return bytes;
}

}  // namespace flurry::testing
