// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_virtual.hpp"

#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

std::vector<hsize_t> extents(std::span<const std::uint64_t> values) { return {values.begin(), values.end()}; }

Hdf5Handle selection(std::span<const std::uint64_t> extent, std::span<const std::uint64_t> first,
                     std::span<const std::uint64_t> count) {
  Hdf5Handle space(H5Screate_simple(static_cast<int>(extent.size()), extents(extent).data(), nullptr));
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, extents(first).data(), nullptr, extents(count).data(),
                      nullptr);
  return space;
}

std::string name_of(hid_t layout, std::size_t piece, ssize_t (*get)(hid_t, std::size_t, char*, std::size_t),
                    const std::string& where) {
  const ssize_t size = get(layout, piece, nullptr, 0);
  if (size < 0) throw FormatError("'" + where + "' does not say what it is put together from");
  std::string name(static_cast<std::size_t>(size) + 1, '\0');
  get(layout, piece, name.data(), name.size());
  name.pop_back();
  return name;
}

// The end of what a piece takes, in each dimension.
std::vector<std::uint64_t> end_of(hid_t layout, std::size_t piece, const std::string& where) {
  const Hdf5Handle space(checked(H5Pget_virtual_srcspace(layout, piece), "read", where));
  std::array<hsize_t, H5S_MAX_RANK> first{};
  std::array<hsize_t, H5S_MAX_RANK> last{};
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0 || H5Sget_select_bounds(space.get(), first.data(), last.data()) < 0) return {};
  std::vector<std::uint64_t> end;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rank); ++i) end.push_back(last[i] + 1);
  return end;
}

}  // namespace

template <class T>
Hdf5Dataset Hdf5Group::create_virtual(const std::string& name, std::span<const std::uint64_t> extent,
                                      std::span<const Hdf5Piece> pieces) {
  const Hdf5Handle space(H5Screate_simple(static_cast<int>(extent.size()), extents(extent).data(), nullptr));
  const Hdf5Handle layout(H5Pcreate(H5P_DATASET_CREATE));
  const T missing = std::numeric_limits<T>::quiet_NaN();
  H5Pset_fill_value(layout.get(), native_type<T>(), &missing);
  for (const Hdf5Piece& piece : pieces) {
    const Hdf5Handle to = selection(extent, piece.to, piece.count);
    const Hdf5Handle from = selection(piece.extent, piece.from, piece.count);
    written(H5Pset_virtual(layout.get(), to.get(), piece.file.c_str(), piece.dataset.c_str(), from.get()),
            "put together", file() + ":" + path_of(name));
  }
  return {create(name, stored_type<T>(), space.get(), layout.get()), file(), path_of(name)};
}

template Hdf5Dataset Hdf5Group::create_virtual<double>(const std::string&, std::span<const std::uint64_t>,
                                                       std::span<const Hdf5Piece>);
template Hdf5Dataset Hdf5Group::create_virtual<float>(const std::string&, std::span<const std::uint64_t>,
                                                      std::span<const Hdf5Piece>);
template Hdf5Dataset Hdf5Group::create_virtual<std::uint64_t>(const std::string&,
                                                              std::span<const std::uint64_t>,
                                                              std::span<const Hdf5Piece>);

void check_pieces(Hdf5Handle::Id dataset, const std::string& file, const std::string& where) {
  const Hdf5Handle layout(checked(H5Dget_create_plist(dataset), "read", where));
  std::size_t count = 0;
  if (H5Pget_layout(layout.get()) != H5D_VIRTUAL || H5Pget_virtual_count(layout.get(), &count) < 0) return;
  std::map<std::string, std::vector<std::uint64_t>> shapes;  // of file and dataset
  for (std::size_t i = 0; i < count; ++i) {
    const std::string part = name_of(layout.get(), i, &H5Pget_virtual_filename, where);
    const std::string name = name_of(layout.get(), i, &H5Pget_virtual_dsetname, where);
    auto found = shapes.find(part + ":" + name);
    if (found == shapes.end()) {
      const std::filesystem::path path = std::filesystem::path(file).parent_path() / part;
      if (!std::filesystem::exists(path))
        throw SystemError("'" + path.string() + "' is missing, of which '" + where + "' is put together");
      const Hdf5Handle opened(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
      const Hdf5Handle source(opened ? H5Dopen2(opened.get(), name.c_str(), H5P_DEFAULT) : -1);
      std::vector<std::uint64_t> shape;
      if (source)
        shape =
            Hdf5Dataset(Hdf5Handle(H5Dopen2(opened.get(), name.c_str(), H5P_DEFAULT)), part, name).shape();
      found = shapes.emplace(part + ":" + name, std::move(shape)).first;
    }
    const std::vector<std::uint64_t> end = end_of(layout.get(), i, where);
    bool holds = end.size() == found->second.size() && !end.empty();
    for (std::size_t d = 0; holds && d < end.size(); ++d) holds = end[d] <= found->second[d];
    if (!holds)
      throw FormatError("'" + part + "' does not hold the part of '" + where +
                        "' that is put together from it; the file is another or damaged");
  }
}

}  // namespace flurry
