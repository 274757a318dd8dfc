// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_error.hpp"

#include <string_view>
#include <vector>

#include <hdf5.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

herr_t collect(unsigned, const H5E_error2_t* error, void* reasons) {
  if (error->desc != nullptr) static_cast<std::vector<std::string>*>(reasons)->emplace_back(error->desc);
  return 0;
}

// What the operating system said, from "... errno = 28, error message = 'No space left on device', ...".
std::string system_message(const std::string& reason) {
  constexpr std::string_view mark = "error message = '";
  const std::size_t begin = reason.find(mark);
  if (begin == std::string::npos) return {};
  const std::size_t first = begin + mark.size();
  return reason.substr(first, reason.find('\'', first) - first);
}

}  // namespace

void silence_hdf5() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

void throw_hdf5(const std::string& what) {
  std::vector<std::string> reasons;  // innermost first
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, &collect, &reasons);
  H5Eclear2(H5E_DEFAULT);
  for (const std::string& reason : reasons) {
    // A missing compression filter is reported below a message about a folder for plug-ins nobody has.
    if (reason.find("required filter") != std::string::npos) throw FormatError(what + ": " + reason);
  }
  for (const std::string& reason : reasons) {
    if (const std::string said = system_message(reason); !said.empty()) throw SystemError(what + ": " + said);
  }
  throw FormatError(what + ": " + (reasons.empty() ? "HDF5 gives no reason" : reasons.front()));
}

std::int64_t checked(std::int64_t result, const char* action, const std::string& where) {
  if (result < 0) throw_hdf5("cannot " + std::string(action) + " '" + where + "'");
  return result;
}

std::int64_t written(std::int64_t result, const char* action, const std::string& where) {
  if (result >= 0) return result;
  try {
    checked(result, action, where);
  } catch (const FormatError& error) {
    throw SystemError(error.what());
  }
  return result;
}

}  // namespace flurry
