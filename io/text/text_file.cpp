// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/base/error.hpp"

namespace flurry {

std::string read_text_file(const std::filesystem::path& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    throw SystemError("cannot read " + path.string() + ": it is a directory; expected a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (!file) {
    const std::string reason = errno != 0 ? std::generic_category().message(errno) : "reading failed";
    throw SystemError("cannot read " + path.string() + ": " + reason);
  }
  return text;
}

}  // namespace flurry
