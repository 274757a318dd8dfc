// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "io/hdf5/hdf5_group.hpp"

/// Names and constants of the spike file layout, for its writers and its reader.
namespace flurry::spike_layout {

inline constexpr std::uint32_t magic = 0x0A7A;                // SONATA
inline constexpr std::array<std::uint32_t, 2> version{0, 1};  // SONATA 0.1
inline constexpr const char* incomplete = "incomplete";
inline constexpr const char* complete = "complete";

/// The two lists of a population, to append to.
struct Lists {
  Hdf5Dataset timestamps;
  Hdf5Dataset node_ids;
};

/// Marks the root as SONATA's and makes /spikes.
[[nodiscard]] Hdf5Group create_spikes(Hdf5Group& root);
/// Makes the group of a population. UsageError for a name HDF5 cannot hold.
[[nodiscard]] Hdf5Group create_group(Hdf5Group& spikes, const std::string& name, const char* sorting);
/// The same with its lists.
[[nodiscard]] Lists create_population(Hdf5Group& spikes, const std::string& name, const char* sorting);

}  // namespace flurry::spike_layout
