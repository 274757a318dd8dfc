// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/text_output.hpp"

#include <fstream>

#include "core/base/error.hpp"

namespace flurry {

void write_text(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path partial = path.string() + ".partial";
  std::ofstream file(partial, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(partial, path, failed);
  if (file && !failed) return;
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  throw SystemError("cannot write '" + path.string() + "'; is the folder there, and the disk not full?");
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw SystemError("cannot make the folder '" + folder.string() + "': " + failed.message());
}

}  // namespace flurry
