// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Ragged lists: HDF5's variable-length types.
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_dataset.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

// Bytes that HDF5 converts at once. It clears as many for each call, 1 MiB unless told: ten times the work of
// a row.
constexpr std::size_t one_row_buffer = 1024;

/// Where HDF5 puts the values of one row: straight into a vector, so that none is copied.
template <class T>
struct Row {
  std::vector<T>* values = nullptr;
  std::size_t most = 0;  // values a row of this file can have

  static void* allocate(std::size_t bytes, void* row) {
    auto& [values, most] = *static_cast<Row*>(row);
    if (bytes / sizeof(T) > most) return nullptr;
    values->resize(bytes / sizeof(T));
    return values->data();
  }
  static void release(void*, void*) {}
};

float from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1fU;
  const std::uint32_t fraction = half & 0x3ffU;
  if (exponent == 0) {
    const float size = static_cast<float>(fraction) * 0x1p-24F;
    return sign == 0 ? size : -size;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23U | fraction << 13U);
}

bool is_half(hid_t type) {
  std::array<std::size_t, 5> fields{};
  return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 2 && H5Tget_order(type) == H5T_ORDER_LE &&
         H5Tget_fields(type, &fields[0], &fields[1], &fields[2], &fields[3], &fields[4]) >= 0 &&
         fields == std::array<std::size_t, 5>{15, 10, 5, 0, 10} && H5Tget_ebias(type) == 15;
}

Hdf5Handle one_row(hid_t dataset, std::uint64_t index, const std::string& where) {
  Hdf5Handle space(checked(H5Dget_space(dataset), "read", where));
  const std::array<hsize_t, 1> first{index};
  const std::array<hsize_t, 1> one{1};
  checked(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, first.data(), nullptr, one.data(), nullptr),
          "read", where);
  return space;
}

/// One row as numbers of `base` in memory; negative for failure.
template <class T>
herr_t read_one(hid_t dataset, hid_t base, hid_t file_space, hid_t transfer, std::size_t most,
                std::vector<T>& values) {
  Row<T> row{&values, most};
  H5Pset_buffer(transfer, one_row_buffer, nullptr, nullptr);
  H5Pset_vlen_mem_manager(transfer, &Row<T>::allocate, &row, &Row<T>::release, &row);
  const std::array<hsize_t, 1> one{1};
  const Hdf5Handle memory_space(H5Screate_simple(1, one.data(), nullptr));
  const Hdf5Handle type(H5Tvlen_create(base));
  hvl_t length{};
  values.clear();
  return H5Dread(dataset, type.get(), memory_space.get(), file_space, transfer, static_cast<void*>(&length));
}

/// The bytes of a file bound what a row of it can hold.
std::size_t most_values(const std::string& file) {
  std::error_code none;
  const std::uintmax_t bytes = std::filesystem::file_size(file, none);
  return none ? std::numeric_limits<std::size_t>::max() : bytes;
}

template <class T>
herr_t read_halves(hid_t dataset, hid_t base, hid_t space, hid_t transfer, std::size_t most,
                   std::vector<T>& values) {
  std::vector<std::uint16_t> halves;
  const herr_t status = read_one(dataset, base, space, transfer, most, halves);
  values.resize(halves.size());
  for (std::size_t i = 0; i < halves.size(); ++i) values[i] = from_half(halves[i]);
  return status;
}

}  // namespace

bool Hdf5Dataset::is_ragged() const {
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  if (H5Tget_class(type.get()) != H5T_VLEN || shape().size() != 1) return false;
  const Hdf5Handle base(H5Tget_super(type.get()));
  const H5T_class_t kind = H5Tget_class(base.get());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

template <class T>
void Hdf5Dataset::read_row(std::uint64_t index, std::vector<T>& values) const {
  if (!is_ragged()) throw FormatError("'" + where() + "' is no list of lists of numbers; expected one");
  if (index >= size())
    throw FormatError("'" + where() + "' has " + std::to_string(size()) + " rows; row " +
                      std::to_string(index) + " was expected");
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  const Hdf5Handle base(H5Tget_super(type.get()));
  const Hdf5Handle space = one_row(id(), index, where());
  const char* misfit = nullptr;
  const Hdf5Handle strict = strict_transfer(&misfit);
  herr_t status = 0;
  const std::size_t most = most_values(file());
  if constexpr (std::is_floating_point_v<T>) {
    if (is_half(base.get())) {
      status = read_halves(id(), base.get(), space.get(), strict.get(), most, values);
      for (const T value : values)
        if (!std::isfinite(value)) misfit = "a value is not finite";
      if (misfit != nullptr) status = -1;
    } else {
      status = read_one(id(), native_type<T>(), space.get(), strict.get(), most, values);
    }
  } else {
    status = read_one(id(), native_type<T>(), space.get(), strict.get(), most, values);
  }
  if (status < 0 && misfit != nullptr)
    throw FormatError("in '" + where() + "' row " + std::to_string(index) + ' ' + misfit);
  checked(status, "read", where());
}

template void Hdf5Dataset::read_row<double>(std::uint64_t, std::vector<double>&) const;
template void Hdf5Dataset::read_row<float>(std::uint64_t, std::vector<float>&) const;
template void Hdf5Dataset::read_row<std::uint32_t>(std::uint64_t, std::vector<std::uint32_t>&) const;
template void Hdf5Dataset::read_row<std::uint16_t>(std::uint64_t, std::vector<std::uint16_t>&) const;

template <class T>
void Hdf5Dataset::append_row(std::span<const T> values) {
  const std::array<hsize_t, 1> extent{size() + 1};
  written(H5Dset_extent(id(), extent.data()), "extend", where());
  const Hdf5Handle target = one_row(id(), extent[0] - 1, where());
  const std::array<hsize_t, 1> one{1};
  const Hdf5Handle source(H5Screate_simple(1, one.data(), nullptr));
  const Hdf5Handle type(H5Tvlen_create(native_type<T>()));
  hvl_t row{values.size(), nullptr};
  const void* const first = values.data();
  std::memcpy(&row.p, &first, sizeof first);  // HDF5 only reads it, but asks for a pointer to write through
  const Hdf5Handle transfer(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_buffer(transfer.get(), one_row_buffer, nullptr, nullptr);
  written(
      H5Dwrite(id(), type.get(), source.get(), target.get(), transfer.get(), static_cast<const void*>(&row)),
      "write", where());
}

template void Hdf5Dataset::append_row<float>(std::span<const float>);
template void Hdf5Dataset::append_row<std::uint16_t>(std::span<const std::uint16_t>);

}  // namespace flurry
