// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/rank_files.hpp"

#include <charconv>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"
#include "core/engine/state_share.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "tools/cli/sealed_output.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

std::string stem(fs::path path) { return path.replace_extension().string(); }

// The name of a part even where there is but one.
fs::path name_of_part(const fs::path& output, const RunPart& part) {
  const std::string leg = part.earlier.empty() ? "" : ".leg" + std::to_string(part.earlier.size());
  return stem(output) + leg + ".rank" + std::to_string(part.rank) + "of" + std::to_string(part.ranks) + ".h5";
}

RunPart part_of(const Checkpoint& checkpoint, std::uint32_t rank) {
  return {rank, checkpoint.ranks, checkpoint.earlier};
}

// The name as a part of a file of a run that was one process: OUT.NAME.h5 becomes OUT.rank0of1.NAME.h5.
fs::path as_part(const fs::path& output, const fs::path& file) {
  const std::string before = stem(output);
  return stem(name_of_part(output, {})) + file.string().substr(before.size());
}

Checkpoint read_part(const fs::path& path, const Checkpoint& one, std::uint32_t rank) {
  if (!fs::exists(path))
    throw FormatError("the checkpoint of rank " + std::to_string(rank) + ", '" + path.string() +
                      "', is missing; it takes those of all " + std::to_string(one.ranks) +
                      " ranks to go on");
  Checkpoint part = read_checkpoint(path);
  if (part.rank != rank || part.ranks != one.ranks || part.number != one.number ||
      part.fingerprint != one.fingerprint || part.earlier != one.earlier)
    throw FormatError("the checkpoint '" + path.string() + "' is of another run than that of rank " +
                      std::to_string(one.rank));
  return part;
}

// Takes a word and a number off the front; false where they are not there.
bool take_off(std::string_view& text, std::string_view word, std::size_t& number) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// The leg that a file is a part of, as OUT.rank0of4.V.h5 or OUT.leg1.rank0of2.7.checkpoint; nothing for files
// of other runs, whatever they are called.
std::optional<std::size_t> leg_of(const fs::path& output, const fs::path& file) {
  const std::string run = stem(output.filename());
  const std::string name = file.filename().string();
  if (!name.starts_with(run)) return std::nullopt;
  std::string_view rest = std::string_view(name).substr(run.size());
  std::size_t leg = 0;
  std::size_t number = 0;
  if (rest.starts_with(".leg") && !take_off(rest, ".leg", leg)) return std::nullopt;
  if (!take_off(rest, ".rank", number) || !take_off(rest, "of", number) || !rest.starts_with('.'))
    return std::nullopt;
  return leg;
}

void remove_files_beside(const fs::path& output, const std::function<bool(const fs::path&)>& wanted) {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry :
       fs::directory_iterator(output.has_parent_path() ? output.parent_path() : ".", none))
    if (wanted(entry.path())) found.push_back(entry.path());
  for (const fs::path& path : found) fs::remove(path);
}

}  // namespace

fs::path part_path(const fs::path& output, const RunPart& part) {
  return part.is_whole() ? output : name_of_part(output, part);
}

std::vector<std::vector<fs::path>> all_parts(const fs::path& output, const RunPart& part) {
  std::vector<std::vector<fs::path>> legs;
  RunPart one;
  const auto add = [&](std::uint64_t ranks) {
    one.ranks = static_cast<std::uint32_t>(ranks);
    std::vector<fs::path>& leg = legs.emplace_back();
    for (one.rank = 0; one.rank < one.ranks; ++one.rank) leg.push_back(name_of_part(output, one));
    one.earlier.push_back(ranks);
  };
  for (const std::uint64_t ranks : part.earlier) add(ranks);
  add(part.ranks);
  return legs;
}

fs::path report_path(const fs::path& output, const std::string& name) {
  return stem(output) + "." + name + ".h5";
}

std::vector<fs::path> checkpoints_of_all(const fs::path& output, const Checkpoint& one) {
  std::vector<fs::path> paths;
  for (std::uint32_t rank = 0; rank < one.ranks; ++rank)
    paths.push_back(checkpoint_path(part_path(output, part_of(one, rank)), one.number));
  return paths;
}

Checkpoint checkpoint_for(Communicator& communicator, const NetworkDescription& network,
                          Partition::Kind partition, const fs::path& output, const Checkpoint& one) {
  const std::vector<fs::path> paths = checkpoints_of_all(output, one);
  const std::uint32_t rank = communicator.rank();
  if (communicator.ranks() == one.ranks) return one.rank == rank ? one : read_part(paths[rank], one, rank);
  const Partition before = Partition::of(partition, network, one.ranks);
  const Partition now = Partition::of(partition, network, communicator.ranks());
  StateShare share(network, before, now, rank);
  Checkpoint result = one;
  result.dropped = 0;
  for (std::uint32_t from = 0; from < one.ranks; ++from) {
    const Checkpoint part = read_part(paths[from], one, from);
    share.add(from, part.state);
    if (rank == 0) result.dropped += part.dropped;
  }
  result.state = share.take();
  result.rank = rank;
  result.ranks = communicator.ranks();
  result.earlier.push_back(one.ranks);
  result.outputs.clear();
  return result;
}

void forget_earlier_legs(const fs::path& output, const RunPart& part, const std::vector<std::string>& reports,
                         std::uint64_t first) {
  std::vector<std::vector<fs::path>> legs = all_parts(output, part);
  legs.pop_back();
  if (!legs.empty() && part.earlier[0] == 1) legs[0].push_back(output);  // its name before it was a part
  for (const std::vector<fs::path>& leg : legs)
    for (const fs::path& spikes : leg) {
      remove_checkpoints(spikes, first, UINT64_MAX);
      forget_seals(spikes, first);
      for (const std::string& name : reports) forget_seals(report_path(spikes, name), first);
    }
}

void remove_later_legs(const fs::path& output, std::size_t first) {
  remove_files_beside(output,
                      [&](const fs::path& file) { return leg_of(output, file).value_or(0) >= first; });
}

void remove_unfinished_parts(const fs::path& output) {
  remove_files_beside(output, [&](const fs::path& file) {
    const fs::path kind = file.extension();
    return leg_of(output, file) && (kind == ".checkpoint" || kind == ".undo" || kind == ".partial");
  });
}

void close_leg(const fs::path& output, const Checkpoint& one) {
  const bool was_whole = part_of(one, 0).is_whole();
  const std::vector<fs::path> paths = checkpoints_of_all(output, one);
  for (std::uint32_t rank = 0; rank < one.ranks; ++rank) {
    const Checkpoint part = read_part(paths[rank], one, rank);
    for (const OutputPosition& file : part.outputs) {
      const fs::path path = output.parent_path() / file.name;
      const fs::path name = was_whole ? as_part(output, path) : path;
      if (was_whole && fs::exists(name) && fs::file_size(name) == file.bytes) continue;  // done before
      lead_back(path, part);
      fs::rename(path.string() + ".partial", name);
    }
  }
}

void undo_close(const fs::path& output, const Checkpoint& one) {
  if (!part_of(one, 0).is_whole()) return;
  for (const OutputPosition& file : one.outputs) {
    const fs::path path = output.parent_path() / file.name;
    const fs::path part = as_part(output, path);
    if (fs::exists(part) && fs::file_size(part) == file.bytes && !fs::exists(path.string() + ".partial"))
      fs::rename(part, path.string() + ".partial");
  }
}

}  // namespace flurry
