// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/sealed_output.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/overwrite_log.hpp"

namespace flurry {
namespace {

std::string stem(const std::filesystem::path& output) {
  std::filesystem::path path = output;
  return path.replace_extension().string();
}

// Numbers n of files PREFIX.n.SUFFIX, ascending.
std::vector<std::uint64_t> numbers_of(const std::filesystem::path& prefix, const std::string& suffix) {
  std::vector<std::uint64_t> numbers;
  const std::string begin = prefix.filename().string() + ".";
  const std::string end = "." + suffix;
  const std::filesystem::path folder = prefix.has_parent_path() ? prefix.parent_path() : ".";
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end))
      continue;
    std::uint64_t number = 0;
    const char* const last = name.data() + name.size() - end.size();
    const auto [stop, status] = std::from_chars(name.data() + begin.size(), last, number);
    if (status == std::errc{} && stop == last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::uint64_t sealed_size(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  for (const OutputPosition& output : checkpoint.outputs)
    if (output.name == file.filename()) return output.bytes;
  throw FormatError("the checkpoint knows nothing of '" + file.filename().string() +
                    "', which its run writes");
}

void expect_size(const std::filesystem::path& path, std::uint64_t size) {
  if (std::filesystem::file_size(path) != size)
    throw FormatError("'" + path.string() + "' is not the file that the checkpoint goes on with");
}

// A file of the run as it lies there, and the logs since the checkpoint, the last first.
struct Found {
  std::filesystem::path path;
  std::vector<std::uint64_t> logs;
};

Found find(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  Found found{file.string() + ".partial", numbers_of(file, "undo")};
  if (!std::filesystem::exists(found.path)) found.path = file;
  if (!std::filesystem::exists(found.path))
    throw SystemError("there is neither '" + file.string() + ".partial' nor '" + file.string() +
                      "', which the checkpoint goes on with");
  std::erase_if(found.logs, [&](std::uint64_t number) { return number < checkpoint.number; });
  std::reverse(found.logs.begin(), found.logs.end());
  if (found.logs.empty()) expect_size(found.path, sealed_size(file, checkpoint));
  return found;
}

}  // namespace

std::filesystem::path checkpoint_path(const std::filesystem::path& output, std::uint64_t number) {
  return stem(output) + "." + std::to_string(number) + ".checkpoint";
}

std::vector<std::filesystem::path> checkpoints_before(const std::filesystem::path& checkpoint) {
  const std::filesystem::path run = checkpoint.parent_path() / checkpoint.stem().stem();
  std::vector<std::filesystem::path> found;
  for (const std::uint64_t number : numbers_of(run, "checkpoint")) {
    std::filesystem::path path = run.string() + "." + std::to_string(number) + ".checkpoint";
    if (path.filename() == checkpoint.filename()) break;
    found.insert(found.begin(), std::move(path));
  }
  return found;
}

std::filesystem::path log_path(const std::filesystem::path& file, std::uint64_t number) {
  return file.string() + "." + std::to_string(number) + ".undo";
}

void expect_outputs(const std::filesystem::path& folder, const Checkpoint& checkpoint) {
  for (const OutputPosition& output : checkpoint.outputs) (void)find(folder / output.name, checkpoint);
}

void lead_back(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  const Found found = find(file, checkpoint);
  const std::filesystem::path partial = file.string() + ".partial";
  if (found.path != partial) std::filesystem::rename(file, partial);
  for (const std::uint64_t number : found.logs) roll_back(log_path(file, number), partial);
  expect_size(partial, sealed_size(file, checkpoint));
  for (const std::uint64_t number : found.logs) std::filesystem::remove(log_path(file, number));
}

void forget_seals(const std::filesystem::path& file, std::uint64_t before) {
  for (const std::uint64_t number : numbers_of(file, "undo"))
    if (number < before) std::filesystem::remove(log_path(file, number));
}

void remove_checkpoints(const std::filesystem::path& output, std::uint64_t first, std::uint64_t end) {
  for (const std::uint64_t number : numbers_of(stem(output), "checkpoint"))
    if (number < first || number >= end) std::filesystem::remove(checkpoint_path(output, number));
}

}  // namespace flurry
