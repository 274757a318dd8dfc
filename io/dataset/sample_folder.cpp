// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/sample_folder.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"

namespace flurry {
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Numbers of the names in `used`, in order.
std::map<std::string, std::uint32_t> number_names(const std::set<std::string>& used,
                                                  std::vector<std::string>& names) {
  names.assign(used.begin(), used.end());
  if (std::all_of(names.begin(), names.end(), is_number))
    std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      return std::stoul(a) < std::stoul(b);
    });
  std::map<std::string, std::uint32_t> numbers;
  for (const std::string& name : names) numbers.emplace(name, static_cast<std::uint32_t>(numbers.size()));
  return numbers;
}

/// What a file's place and name say of it.
struct Told {
  std::string label;
  std::string speaker;  // "" where unknown
  std::string name;
};

Told by_name(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const std::vector<std::string> parts = split(stem, '_');
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty() || !is_number(parts[2]))
    throw FormatError(file.string() +
                      ": the name tells no class; expected CLASS_SPEAKER_NUMBER, as 7_jackson_32, or a "
                      "folder for each class");
  return {parts[0], parts[1], stem};
}

Told by_folder(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const std::vector<std::string> parts = split(file.stem().string(), '_');
  const bool tells = parts.size() == 3 && !parts[0].empty() && parts[1] == "nohash";
  return {file.parent_path().filename().string(), tells ? parts[0] : "",
          file.lexically_relative(folder).replace_extension().generic_string()};
}

bool is_hidden(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.empty() || name.front() == '.' || name.front() == '_';
}

}  // namespace

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::recursive_directory_iterator it(folder, error);
  for (const std::filesystem::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    if (is_hidden(it->path())) {
      it.disable_recursion_pending();
    } else {
      std::error_code unknown;
      if (it->is_regular_file(unknown)) files.push_back(it->path());
    }
  }
  if (error) throw SystemError(folder.string() + ": cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

SampleFolder label_files(const std::filesystem::path& folder, std::vector<std::filesystem::path> files) {
  const bool flat = std::all_of(files.begin(), files.end(), [&](const std::filesystem::path& file) {
    return file.parent_path() == files.front().parent_path();
  });
  std::vector<Told> told;
  told.reserve(files.size());
  for (const std::filesystem::path& file : files)
    told.push_back(flat ? by_name(file) : by_folder(file, folder));
  std::set<std::string> labels;
  std::set<std::string> speakers;
  for (const Told& one : told) {
    labels.insert(one.label);
    if (!one.speaker.empty()) speakers.insert(one.speaker);
  }
  SampleFolder result;
  const auto label_numbers = number_names(labels, result.classes);
  const auto speaker_numbers = number_names(speakers, result.speakers);
  result.samples.reserve(told.size());
  for (const Told& one : told) {
    SampleEntry entry{label_numbers.at(one.label), {}, one.name};
    if (!one.speaker.empty()) entry.speaker = speaker_numbers.at(one.speaker);
    result.samples.push_back(std::move(entry));
  }
  result.files = std::move(files);
  return result;
}

}  // namespace flurry
