// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/network/network_description.hpp"
#include "core/network/partition.hpp"
#include "io/checkpoint/checkpoint.hpp"

namespace flurry {

/// Which part of a run: a rank, of how many, in which leg. A leg begins where a run goes on with another
/// number of ranks.
struct RunPart {
  std::uint32_t rank = 0;
  std::uint32_t ranks = 1;
  std::vector<std::uint64_t> earlier;  // ranks of the legs before

  /// A run that was always one process has no parts: its files are the run's.
  [[nodiscard]] bool is_whole() const { return ranks == 1 && earlier.empty(); }
};

/// The spike file of a part: OUT.rank0of4.h5, OUT.leg1.rank0of2.h5 in later legs; OUT.h5 of a whole.
[[nodiscard]] std::filesystem::path part_path(const std::filesystem::path& output, const RunPart& part);
/// Those of all parts of the run so far, leg by leg, the present one last.
[[nodiscard]] std::vector<std::vector<std::filesystem::path>> all_parts(const std::filesystem::path& output,
                                                                        const RunPart& part);
/// A file of records beside a spike file: OUT.NAME.h5.
[[nodiscard]] std::filesystem::path report_path(const std::filesystem::path& output, const std::string& name);

/// The checkpoints of all ranks that belong to this one, in `folder`.
[[nodiscard]] std::vector<std::filesystem::path> checkpoints_of_all(const std::filesystem::path& output,
                                                                    const Checkpoint& one);

/// What rank `communicator.rank()` needs to go on from a checkpoint that `one` is any rank's part of: its own
/// part where there are as many ranks as then, else a new one put together from all. FormatError where parts
/// are missing, damaged or of different runs.
[[nodiscard]] Checkpoint checkpoint_for(Communicator& communicator, const NetworkDescription& network,
                                        Partition::Kind partition, const std::filesystem::path& output,
                                        const Checkpoint& one);

/// Removes what legs that are over kept for checkpoints before `first`, and these. `reports`: names of all.
void forget_earlier_legs(const std::filesystem::path& output, const RunPart& part,
                         const std::vector<std::string>& reports, std::uint64_t first);

/// Removes all files of legs from number `first` on: they went on from a state that is gone back behind.
void remove_later_legs(const std::filesystem::path& output, std::size_t first);
/// Where a run begins anew: removes what parts of an earlier one of this name kept to go on from. What they
/// completed stays.
void remove_unfinished_parts(const std::filesystem::path& output);

/// Leads the files of a leg that is over back to its checkpoint and gives them their names as parts.
void close_leg(const std::filesystem::path& output, const Checkpoint& one);
/// Where a run that was one process is gone on with as one after all: its files get their names back.
void undo_close(const std::filesystem::path& output, const Checkpoint& one);

}  // namespace flurry
