// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/fetch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/dataset/checksum.hpp"
#include "tools/dataset/download.hpp"

namespace flurry {
namespace {

const PublicDataset& find_dataset(const std::string& name) {
  std::vector<std::string> names;
  for (const PublicDataset& set : public_datasets()) {
    if (set.name == name) return set;
    names.emplace_back(set.name);
  }
  throw UsageError(unknown_name("data set", name, "flurry dataset fetch", names));
}

/// "" where the file is as published, or nothing is published; else its sum.
std::string wrong_checksum(const std::filesystem::path& path, const PublicFile& file) {
  if (file.checksum.empty()) return {};
  const std::string found = file_checksum(path, file.checksum);
  return found == file.checksum ? std::string{} : found;
}

std::string_view sum_name(const PublicFile& file) { return file.checksum.size() == 32 ? "MD5" : "SHA-256"; }

std::string file_line(const PublicFile& file) {
  const std::string sum = file.checksum.empty() ? std::string("no published checksum")
                                                : fmt::format("{} {}", sum_name(file), file.checksum);
  return fmt::format("      {:<40} {:>8}  {}\n", file.name, file.bytes > 0 ? bytes_text(file.bytes) : "",
                     sum);
}

}  // namespace

void fetch_file(const PublicFile& file, const std::string& url, const std::filesystem::path& folder,
                bool progress) {
  const std::filesystem::path path = folder / file.name;
  std::error_code none;
  if (std::filesystem::exists(path, none)) {
    const std::string found = wrong_checksum(path, file);
    if (found.empty()) return;
    throw FormatError(fmt::format("{}: is there, but its {} is {}, not {}; move it away to fetch it anew",
                                  path.string(), sum_name(file), found, file.checksum));
  }
  const std::filesystem::path partial = path.string() + ".partial";
  const bool whole = !file.checksum.empty() && std::filesystem::exists(partial, none) &&
                     wrong_checksum(partial, file).empty();
  if (!whole) {
    ProgressBar bar(std::string(file.name), progress);
    download(url, partial, [&bar](std::uint64_t done, std::uint64_t total) {
      if (total > 0)
        bar.update(static_cast<double>(done) / static_cast<double>(total),
                   bytes_text(done) + " of " + bytes_text(total));
    });
  }
  if (const std::string found = wrong_checksum(partial, file); !found.empty()) {
    std::filesystem::remove(partial, none);
    throw FormatError(fmt::format("{}: the {} of what came is {}, not {} as published; it was removed", url,
                                  sum_name(file), found, file.checksum));
  }
  std::error_code problem;
  std::filesystem::rename(partial, path, problem);
  if (problem)
    throw SystemError("cannot rename '" + partial.string() + "' to '" + path.string() +
                      "': " + problem.message());
}

std::vector<std::filesystem::path> fetch_dataset(const std::string& name, const FetchRequest& request) {
  const PublicDataset& set = find_dataset(name);
  if (set.by_hand && request.from.empty()) {
    const PublicFile& file = set.files.front();
    throw UsageError(
        fmt::format("{}: its owners ask for consent in a browser; see {}, download {} from {} ({} {})",
                    set.name, set.page, file.name, file.url, sum_name(file), file.checksum));
  }
  std::error_code problem;
  std::filesystem::create_directories(request.folder, problem);
  if (problem) throw SystemError(request.folder + ": cannot be made: " + problem.message());
  std::vector<std::filesystem::path> files;
  files.reserve(set.files.size());
  for (const PublicFile& file : set.files) {
    const std::string slash = request.from.ends_with('/') ? "" : "/";
    const std::string url =
        request.from.empty() ? std::string(file.url) : request.from + slash + std::string(file.name);
    fetch_file(file, url, request.folder, request.progress);
    files.push_back(std::filesystem::path(request.folder) / file.name);
  }
  return files;
}

std::string fetch_list_text() {
  std::string text;
  for (const PublicDataset& set : public_datasets()) {
    text += fmt::format("{:<16} {}; terms: {}\n", set.name, set.title, set.page);
    for (const PublicFile& file : set.files) text += file_line(file);
    text += fmt::format("      {}{}\n", set.by_hand ? "by hand, with consent; then " : "then: ", set.after);
  }
  return text;
}

}  // namespace flurry
