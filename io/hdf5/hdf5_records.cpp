// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_records.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_chunk_check.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

hid_t memory_type(const Hdf5Field& field) {
  switch (field.bytes) {
    case 1:
      return field.is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8;
    case 2:
      return field.is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16;
    case 4:
      return field.is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32;
    default:
      return field.is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
  }
}

}  // namespace

bool Hdf5Records::has_fields(std::initializer_list<const char*> names) const {
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  if (H5Tget_class(type.get()) != H5T_COMPOUND || shape().size() != 1) return false;
  return std::all_of(names.begin(), names.end(), [&](const char* name) {
    const int member = H5Tget_member_index(type.get(), name);
    return member >= 0 && H5Tget_member_class(type.get(), static_cast<unsigned>(member)) == H5T_INTEGER;
  });
}

std::vector<int> Hdf5Records::filters() const {
  const Hdf5Handle plan(checked(H5Dget_create_plist(id()), "read the filters of", where()));
  std::vector<int> found(
      static_cast<std::size_t>(checked(H5Pget_nfilters(plan.get()), "read the filters of", where())));
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::size_t values = 0;
    found[i] = static_cast<int>(checked(
        H5Pget_filter2(plan.get(), static_cast<unsigned>(i), nullptr, &values, nullptr, 0, nullptr, nullptr),
        "read the filters of", where()));
  }
  return found;
}

std::uint64_t Hdf5Records::chunk_length() const {
  const Hdf5Handle plan(checked(H5Dget_create_plist(id()), "read the chunks of", where()));
  if (H5Pget_layout(plan.get()) != H5D_CHUNKED) return 0;
  hsize_t length = 0;
  checked(H5Pget_chunk(plan.get(), 1, &length), "read the chunks of", where());
  return length;
}

std::optional<Hdf5Records::Chunk> Hdf5Records::find_chunk(std::uint64_t first) const {
  const hsize_t start = first;
  unsigned skipped = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t bytes = 0;
  checked(H5Dget_chunk_info_by_coord(id(), &start, &skipped, &address, &bytes), "find a chunk of", where());
  if (address == HADDR_UNDEF) return std::nullopt;
  const std::uintmax_t size = std::filesystem::file_size(file());
  if (bytes > size || address > size - bytes)
    throw FormatError("'" + where() + "': the chunk with record " + std::to_string(first) + " takes " +
                      std::to_string(bytes) + " bytes from byte offset " + std::to_string(address) +
                      ", beyond the file's " + std::to_string(size));
  return Chunk{address, bytes, (skipped & 1U) == 0};
}

void Hdf5Records::read_chunk(std::uint64_t first, const Chunk& chunk, std::string& bytes) const {
  bytes.resize(chunk.bytes);
  const hsize_t start = first;
  std::uint32_t skipped = 0;
  checked(H5Dread_chunk(id(), H5P_DEFAULT, &start, &skipped, bytes.data()), "read", where());
}

void Hdf5Records::read_records(std::uint64_t first, std::uint64_t count, std::span<const Hdf5Field> fields,
                               std::size_t record_bytes, void* records) const {
  const Hdf5Handle type(checked(H5Tcreate(H5T_COMPOUND, record_bytes), "read", where()));
  for (const Hdf5Field& field : fields)
    checked(H5Tinsert(type.get(), field.name, field.offset, memory_type(field)), "read", where());
  const std::array<hsize_t, 1> begin{first};
  const std::array<hsize_t, 1> length{count};
  check_chunks(id(), first, count, where());
  const Hdf5Handle source(checked(H5Dget_space(id()), "read", where()));
  checked(H5Sselect_hyperslab(source.get(), H5S_SELECT_SET, begin.data(), nullptr, length.data(), nullptr),
          "read", where());
  const Hdf5Handle target(checked(H5Screate_simple(1, length.data(), nullptr), "read", where()));
  checked(H5Dread(id(), type.get(), target.get(), source.get(), H5P_DEFAULT, records), "read", where());
}

}  // namespace flurry
