// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/dataset/public_datasets.hpp"

namespace flurry {

struct FetchRequest {
  std::string folder = ".";
  std::string from;  // address that file names are added to, in place of the known ones
  bool progress = false;
};

/// Downloads the files of a data set into the folder: each is NAME.partial until it is whole and its checksum
/// is right, and is not fetched again where it is there. Returns where they are. UsageError for an unknown
/// set, or one its owners hand out by hand; FormatError for a wrong checksum (the partial file is removed);
/// SystemError as download().
std::vector<std::filesystem::path> fetch_dataset(const std::string& name, const FetchRequest& request);

/// One file of it.
void fetch_file(const PublicFile& file, const std::string& url, const std::filesystem::path& folder,
                bool progress);

/// All known data sets for people.
[[nodiscard]] std::string fetch_list_text();

}  // namespace flurry
