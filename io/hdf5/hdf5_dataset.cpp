// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_dataset.hpp"

#include <array>

#include "core/base/error.hpp"
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

bool Hdf5Dataset::is_text() const { return class_of(id(), where()) == H5T_STRING; }

void Hdf5Dataset::expect_list() const {
  if (const std::size_t rank = shape().size(); rank != 1)
    throw FormatError("'" + where() + "' has " + std::to_string(rank) +
                      " dimensions; expected a list (1 dimension)");
}

// A damaged header can promise any number of values; refuse before memory is asked for.
void Hdf5Dataset::expect_plausible_size(std::uint64_t bytes_per_value) const {
  const std::uint64_t values = size();
  const std::uint64_t stored = H5Dget_storage_size(id());
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
  const char* misfit = nullptr;
  const Hdf5Handle strict = strict_transfer(&misfit);
  const herr_t status = H5Dread(id(), native_type<T>(), H5S_ALL, H5S_ALL, strict.get(), values.data());
  if (status < 0 && misfit != nullptr) {
    const char* wanted =
        std::is_floating_point_v<T> ? "a finite number" : "whole numbers that are not negative";
    throw FormatError("in '" + where() + "' " + misfit + "; expected " + wanted + " of up to " +
                      std::to_string(8 * sizeof(T)) + " bits");
  }
  checked(status, "read", where());
  return values;
}

template std::vector<double> Hdf5Dataset::read<double>() const;
template std::vector<float> Hdf5Dataset::read<float>() const;
template std::vector<std::uint64_t> Hdf5Dataset::read<std::uint64_t>() const;
template std::vector<std::int64_t> Hdf5Dataset::read<std::int64_t>() const;
template std::vector<std::uint32_t> Hdf5Dataset::read<std::uint32_t>() const;
template std::vector<std::uint16_t> Hdf5Dataset::read<std::uint16_t>() const;

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

}  // namespace flurry
