// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_chunk_check.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <hdf5.h>

#include "core/base/error.hpp"
#include "io/compression/inflate.hpp"
#include "io/hdf5/hdf5_error.hpp"

namespace flurry {
namespace {

using Place = std::array<hsize_t, H5S_MAX_RANK>;

constexpr hsize_t checksum_bytes = 4;

/// What a dataset says of its chunks.
struct ChunkPlan {
  std::size_t rank = 0;
  Place extent{};
  Place chunk{};
  hsize_t bytes = 0;  // of a chunk's values
  std::vector<int> filters;
};

ChunkPlan plan_of(hid_t dataset, hid_t creation, const std::string& where) {
  ChunkPlan plan;
  const Hdf5Handle space(checked(H5Dget_space(dataset), "read", where));
  const Hdf5Handle type(checked(H5Dget_type(dataset), "read", where));
  plan.rank = static_cast<std::size_t>(
      checked(H5Sget_simple_extent_dims(space.get(), plan.extent.data(), nullptr), "read", where));
  const int chunk_rank = H5Pget_chunk(creation, static_cast<int>(plan.chunk.size()), plan.chunk.data());
  if (plan.rank == 0 || chunk_rank != static_cast<int>(plan.rank))
    throw FormatError("'" + where + "' has " + std::to_string(plan.rank) +
                      " dimensions and its chunks have " + std::to_string(chunk_rank));
  plan.bytes = H5Tget_size(type.get());
  for (std::size_t i = 0; i < plan.rank; ++i) {
    if (plan.chunk[i] == 0) throw FormatError("'" + where + "' has chunks of no length");
    plan.bytes *= plan.chunk[i];
  }
  const auto filters = checked(H5Pget_nfilters(creation), "read the filters of", where);
  for (std::int64_t i = 0; i < filters; ++i) {
    std::size_t values = 0;
    plan.filters.push_back(
        H5Pget_filter2(creation, static_cast<unsigned>(i), nullptr, &values, nullptr, 0, nullptr, nullptr));
  }
  return plan;
}

/// What a chunk of which no compression was made takes; nothing where one was.
std::optional<hsize_t> plain_bytes(const ChunkPlan& plan, unsigned skipped) {
  hsize_t bytes = plan.bytes;
  for (std::size_t i = 0; i < plan.filters.size(); ++i) {
    if ((skipped >> i & 1U) != 0 || plan.filters[i] == H5Z_FILTER_SHUFFLE) continue;
    if (plan.filters[i] != H5Z_FILTER_FLETCHER32) return std::nullopt;
    bytes += checksum_bytes;
  }
  return bytes;
}

/// Whether the only compression is gzip, and the last filter.
bool ends_with_gzip(const ChunkPlan& plan, unsigned skipped) {
  return skipped == 0 && !plan.filters.empty() && plan.filters.back() == H5Z_FILTER_DEFLATE &&
         std::all_of(plan.filters.begin(), plan.filters.end() - 1,
                     [](int filter) { return filter == H5Z_FILTER_SHUFFLE; });
}

void check_unpacked(hid_t dataset, const ChunkPlan& plan, const Place& place, hsize_t bytes,
                    const std::string& where) {
  std::string packed(bytes, '\0');
  std::uint32_t skipped = 0;
  checked(H5Dread_chunk(dataset, H5P_DEFAULT, place.data(), &skipped, packed.data()), "read", where);
  const std::optional<std::size_t> size = inflated_size(packed, plan.bytes);
  if (size != plan.bytes)
    throw FormatError("the first chunk of '" + where + "' does not unpack to the " +
                      std::to_string(plan.bytes) + " bytes that its layout promises");
}

void check_chunk(hid_t dataset, const ChunkPlan& plan, const Place& place, const std::string& where) {
  unsigned skipped = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t bytes = 0;
  checked(H5Dget_chunk_info_by_coord(dataset, place.data(), &skipped, &address, &bytes), "find a chunk of",
          where);
  if (address == HADDR_UNDEF) return;
  const std::optional<hsize_t> wanted = plain_bytes(plan, skipped);
  if (wanted && *wanted != bytes)
    throw FormatError("the chunk of '" + where + "' with row " + std::to_string(place[0]) + " takes " +
                      std::to_string(bytes) + " bytes in the file; expected " + std::to_string(*wanted));
  constexpr hsize_t most = hsize_t{1} << 28U;  // a larger one is unpacked by HDF5 alone
  const bool first = std::all_of(place.begin(), place.end(), [](hsize_t index) { return index == 0; });
  if (first && bytes < most && ends_with_gzip(plan, skipped))
    check_unpacked(dataset, plan, place, bytes, where);
}

// The next chunk of the same rows; false after the last.
bool advance(const ChunkPlan& plan, Place& place) {
  for (std::size_t i = plan.rank; i-- > 1;) {
    place[i] += plan.chunk[i];
    if (place[i] < plan.extent[i]) return true;
    place[i] = 0;
  }
  return false;
}

}  // namespace

void check_chunks(Hdf5Handle::Id dataset, std::uint64_t first, std::uint64_t rows, const std::string& where) {
  const Hdf5Handle creation(checked(H5Dget_create_plist(dataset), "read", where));
  if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return;
  const ChunkPlan plan = plan_of(dataset, creation.get(), where);
  const std::uint64_t end = std::min<std::uint64_t>(first + rows, plan.extent[0]);
  for (std::uint64_t row = first / plan.chunk[0] * plan.chunk[0]; row < end; row += plan.chunk[0]) {
    Place place{};
    place[0] = row;
    do check_chunk(dataset, plan, place, where);
    while (advance(plan, place));
  }
}

}  // namespace flurry
