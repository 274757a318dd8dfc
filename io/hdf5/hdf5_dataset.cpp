// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_dataset.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "core/base/error.hpp"
#include "io/compression/deflate.hpp"
#include "io/hdf5/hdf5_chunk_check.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_text.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

constexpr std::uint64_t best_compression = 1100;  // deflate cannot do better than 1032:1
constexpr std::uint64_t harmless_bytes = 1ULL
                                         << 30U;  // datasets never written read as zeros: allowed up to here

H5T_class_t class_of(hid_t dataset, const std::string& where) {
  const Hdf5Handle type(checked(H5Dget_type(dataset), "read", where));
  return H5Tget_class(type.get());
}

template <class T>
void read_strictly(hid_t dataset, hid_t memory_space, hid_t file_space, T* values, const std::string& where) {
  const char* misfit = nullptr;
  const Hdf5Handle strict = strict_transfer(&misfit);
  const herr_t status = H5Dread(dataset, native_type<T>(), memory_space, file_space, strict.get(), values);
  if (status < 0 && misfit != nullptr) {
    const char* wanted =
        std::is_floating_point_v<T> ? "a finite number" : "whole numbers that are not negative";
    throw FormatError("in '" + where + "' " + misfit + "; expected " + wanted + " of up to " +
                      std::to_string(8 * sizeof(T)) + " bits");
  }
  checked(status, "read", where);
}

/// Whether a dataset's chunks, to go by the first, were written without the `index`-th of its filters.
bool passes_over(hid_t dataset, unsigned index) {
  hsize_t chunks = 0;
  const Hdf5Handle space(H5Dget_space(dataset));
  if (H5Dget_num_chunks(dataset, space.get(), &chunks) < 0 || chunks == 0) return true;
  std::array<hsize_t, H5S_MAX_RANK> offset{};
  unsigned mask = 0;
  haddr_t address = 0;
  hsize_t bytes = 0;
  return H5Dget_chunk_info(dataset, space.get(), 0, offset.data(), &mask, &address, &bytes) >= 0 &&
         (mask >> index & 1U) != 0;
}

/// Compressions that recordings come with and HDF5 does without.
struct NamedFilter {
  int id;
  const char* name;
};
constexpr std::array named_filters{
    NamedFilter{307, "bzip2"},    NamedFilter{32000, "LZF"},           NamedFilter{32001, "Blosc"},
    NamedFilter{32004, "LZ4"},    NamedFilter{32008, "bitshuffle"},    NamedFilter{32015, "Zstandard"},
    NamedFilter{32026, "Blosc2"}, NamedFilter{36559, "Prophesee ECF"},
};

}  // namespace

std::vector<std::uint64_t> Hdf5Dataset::shape() const {
  const Hdf5Handle space(checked(H5Dget_space(id()), "read", where()));
  const int rank = H5Sget_simple_extent_ndims(space.get());
  checked(rank, "read the shape of", where());
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  if (rank > 0)
    checked(H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr), "read the shape of", where());
  return {extents.begin(), extents.end()};
}

std::uint64_t Hdf5Dataset::size() const {
  const Hdf5Handle space(checked(H5Dget_space(id()), "read", where()));
  return static_cast<std::uint64_t>(
      checked(H5Sget_simple_extent_npoints(space.get()), "read the shape of", where()));
}

std::uint64_t Hdf5Dataset::value_bytes() const {
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  return H5Tget_size(type.get());
}

bool Hdf5Dataset::is_text() const { return class_of(id(), where()) == H5T_STRING; }

void Hdf5Dataset::expect_list() const {
  if (const std::size_t rank = shape().size(); rank != 1)
    throw FormatError("'" + where() + "' has " + std::to_string(rank) +
                      " dimensions; expected a list (1 dimension)");
}

// A damaged header can promise any number of values; refuse before memory is asked for.
void Hdf5Dataset::expect_plausible_size(std::uint64_t bytes_per_value) const {
  const std::uint64_t values = size();
  const Hdf5Handle layout(checked(H5Dget_create_plist(id()), "read", where()));
  if (H5Pget_layout(layout.get()) == H5D_VIRTUAL) return;  // looked at when it was opened
  // HDF5 may work out what is stored from the damaged header itself: no more than the file has.
  std::error_code unknown;
  const std::uint64_t stored =
      std::min<std::uint64_t>(H5Dget_storage_size(id()), std::filesystem::file_size(file(), unknown));
  if (values > harmless_bytes / bytes_per_value && values / best_compression > stored / bytes_per_value)
    throw FormatError("'" + where() + "' promises " + std::to_string(values) + " values but holds only " +
                      std::to_string(stored) + " bytes; the file is damaged");
}

template <class T>
std::vector<T> Hdf5Dataset::read() const {
  const H5T_class_t kind = class_of(id(), where());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT && kind != H5T_ENUM)
    throw FormatError("'" + where() + "' does not hold numbers; expected numbers");
  expect_plausible_size(sizeof(T));
  std::vector<T> values(size());
  if (values.empty()) return values;
  check_chunks(id(), 0, shape().empty() ? 0 : shape().front(), where());
  read_strictly(id(), H5S_ALL, H5S_ALL, values.data(), where());
  return values;
}

template std::vector<double> Hdf5Dataset::read<double>() const;
template std::vector<float> Hdf5Dataset::read<float>() const;
template std::vector<std::uint64_t> Hdf5Dataset::read<std::uint64_t>() const;
template std::vector<std::int64_t> Hdf5Dataset::read<std::int64_t>() const;
template std::vector<std::uint32_t> Hdf5Dataset::read<std::uint32_t>() const;
template std::vector<std::uint16_t> Hdf5Dataset::read<std::uint16_t>() const;

bool Hdf5Dataset::is_number() const {
  const H5T_class_t kind = class_of(id(), where());
  return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

bool Hdf5Dataset::is_real() const { return class_of(id(), where()) == H5T_FLOAT; }

template <class T>
void Hdf5Dataset::read_rows(std::uint64_t first, std::span<T> values) const {
  const std::vector<std::uint64_t> extents = shape();
  if (values.empty() || extents.empty() || extents.size() > 2 || extents.back() == 0) return;
  const std::uint64_t width = extents.size() == 2 ? extents[1] : 1;
  const std::array<hsize_t, 2> start{first, 0};
  const std::array<hsize_t, 2> count{values.size() / width, width};
  check_chunks(id(), first, count[0], where());
  const Hdf5Handle source(checked(H5Dget_space(id()), "read", where()));
  checked(H5Sselect_hyperslab(source.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
          "read", where());
  const Hdf5Handle target(H5Screate_simple(static_cast<int>(extents.size()), count.data(), nullptr));
  read_strictly(id(), target.get(), source.get(), values.data(), where());
}

template void Hdf5Dataset::read_rows<double>(std::uint64_t, std::span<double>) const;
template void Hdf5Dataset::read_rows<std::int64_t>(std::uint64_t, std::span<std::int64_t>) const;

std::optional<std::string> Hdf5Dataset::missing_filter() const {
  const Hdf5Handle layout(checked(H5Dget_create_plist(id()), "read", where()));
  const int count = H5Pget_nfilters(layout.get());
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    std::array<char, 64> name{};
    const int filter = H5Pget_filter2(layout.get(), static_cast<unsigned>(i), &flags, &values, nullptr,
                                      name.size(), name.data(), &config);
    if (filter < 0 || H5Zfilter_avail(filter) > 0 || passes_over(id(), static_cast<unsigned>(i))) continue;
    const auto* const known = std::find_if(named_filters.begin(), named_filters.end(),
                                           [filter](const NamedFilter& f) { return f.id == filter; });
    return std::string(known == named_filters.end() ? "a compression" : known->name) + " (HDF5 filter " +
           std::to_string(filter) + ")";
  }
  return std::nullopt;
}

std::vector<std::string> Hdf5Dataset::read_texts() const {
  if (!is_text()) throw FormatError("'" + where() + "' does not hold texts; expected texts");
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  expect_plausible_size(H5Tget_size(type.get()));
  return flurry::read_texts(type.get(), size(), where(), [&](Hdf5Handle::Id memory_type, void* buffer) {
    return H5Dread(id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
  });
}

template <class T>
void Hdf5Dataset::append(std::span<const T> values) {
  if (values.empty()) return;
  const std::array<hsize_t, 1> first{size()};
  const std::array<hsize_t, 1> count{values.size()};
  const std::array<hsize_t, 1> extent{first[0] + count[0]};
  written(H5Dset_extent(id(), extent.data()), "extend", where());
  const Hdf5Handle target(written(H5Dget_space(id()), "extend", where()));
  written(H5Sselect_hyperslab(target.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr),
          "extend", where());
  const Hdf5Handle source(H5Screate_simple(1, count.data(), nullptr));
  written(H5Dwrite(id(), native_type<T>(), source.get(), target.get(), H5P_DEFAULT, values.data()), "write",
          where());
}

template void Hdf5Dataset::append<double>(std::span<const double>);
template void Hdf5Dataset::append<float>(std::span<const float>);
template void Hdf5Dataset::append<std::uint64_t>(std::span<const std::uint64_t>);
template void Hdf5Dataset::append<std::uint32_t>(std::span<const std::uint32_t>);
template void Hdf5Dataset::append<std::int64_t>(std::span<const std::int64_t>);
template void Hdf5Dataset::append<std::uint16_t>(std::span<const std::uint16_t>);
template void Hdf5Dataset::append<std::uint8_t>(std::span<const std::uint8_t>);

void Hdf5Dataset::replace(std::span<const double> values) {
  if (values.size() != size()) throw InternalError("a list was to be replaced by one of another length");
  written(H5Dwrite(id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "write", where());
}

void Hdf5Dataset::append_missing(std::uint64_t rows) {
  const std::vector<std::uint64_t> before = shape();
  const std::array<hsize_t, 2> extent{before[0] + rows, before[1]};
  written(H5Dset_extent(id(), extent.data()), "extend", where());
}

// Values as HDF5's filter "shuffle" leaves them: the first bytes of all, then the second ones, and so on.
template <class T>
std::vector<std::byte> shuffled(std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  std::vector<std::byte> result(bytes.size());
  for (std::size_t byte = 0; byte < sizeof(T); ++byte)
    for (std::size_t i = 0; i < values.size(); ++i)
      result[byte * values.size() + i] = bytes[i * sizeof(T) + byte];
  return result;
}

// Packed here, since HDF5 cannot be told how. Only from the beginning of a chunk on; returns how many values
// that were.
template <class T>
std::size_t Hdf5Dataset::append_whole_chunks(std::uint64_t row, std::span<const T> values) {
  const Hdf5Handle layout(written(H5Dget_create_plist(id()), "write", where()));
  std::array<hsize_t, 2> chunk{};
  written(H5Pget_chunk(layout.get(), 2, chunk.data()), "write", where());
  const std::size_t size = chunk[0] * chunk[1];
  if (std::endian::native != std::endian::little || row % chunk[0] != 0) return 0;
  const std::size_t whole = values.size() / size * size;
  if (whole > 0) append_missing(whole / chunk[1]);
  for (std::size_t done = 0; done < whole; done += size) {
    const std::array<hsize_t, 2> place{row + done / chunk[1], 0};
    const auto packed = deflate_runs(shuffled(values.subspan(done, size)));
    written(H5Dwrite_chunk(id(), H5P_DEFAULT, 0, place.data(), packed.size(), packed.data()), "write",
            where());
  }
  return whole;
}

template <class T>
void Hdf5Dataset::append_rows(std::span<const T> values) {
  values = values.subspan(append_whole_chunks(shape()[0], values));
  if (values.empty()) return;
  const std::vector<std::uint64_t> before = shape();
  const std::array<hsize_t, 2> first{before[0], 0};
  const std::array<hsize_t, 2> count{values.size() / before[1], before[1]};
  append_missing(count[0]);
  const Hdf5Handle target(written(H5Dget_space(id()), "extend", where()));
  written(H5Sselect_hyperslab(target.get(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr),
          "extend", where());
  const Hdf5Handle source(H5Screate_simple(2, count.data(), nullptr));
  written(H5Dwrite(id(), native_type<T>(), source.get(), target.get(), H5P_DEFAULT, values.data()), "write",
          where());
}

template void Hdf5Dataset::append_rows<double>(std::span<const double>);
template void Hdf5Dataset::append_rows<float>(std::span<const float>);

}  // namespace flurry
