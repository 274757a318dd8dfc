// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_group.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_type.hpp"
#include "io/hdf5/hdf5_virtual.hpp"

namespace flurry {
namespace {

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

constexpr unsigned fast_gzip = 1;
constexpr std::size_t default_chunk_cache = std::size_t{1} << 20U;

/// 0 where a dataset is not in chunks.
std::size_t chunk_bytes(hid_t dataset) {
  const Hdf5Handle layout(H5Dget_create_plist(dataset));
  const Hdf5Handle type(H5Dget_type(dataset));
  std::array<hsize_t, H5S_MAX_RANK> extents{};
  if (!layout || !type || H5Pget_layout(layout.get()) != H5D_CHUNKED) return 0;
  const int rank = H5Pget_chunk(layout.get(), H5S_MAX_RANK, extents.data());
  std::size_t bytes = H5Tget_size(type.get());
  for (int i = 0; i < rank; ++i) bytes *= static_cast<std::size_t>(extents[static_cast<std::size_t>(i)]);
  return bytes;
}

}  // namespace

std::vector<std::string> Hdf5Group::members() const {
  std::vector<std::string> names;
  hsize_t position = 0;
  checked(H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, &position, &collect_name, &names), "list", where());
  return names;
}

int Hdf5Group::kind_of(const std::string& name) const {
  if (H5Lexists(id(), name.c_str(), H5P_DEFAULT) <= 0) return H5I_BADID;
  const Hdf5Handle object(H5Oopen(id(), name.c_str(), H5P_DEFAULT));
  return object ? H5Iget_type(object.get()) : H5I_BADID;
}

bool Hdf5Group::has_group(const std::string& name) const { return kind_of(name) == H5I_GROUP; }
bool Hdf5Group::has_dataset(const std::string& name) const { return kind_of(name) == H5I_DATASET; }

std::string Hdf5Group::path_of(const std::string& name) const {
  return path() + (path() == "/" ? "" : "/") + name;
}

Hdf5Group Hdf5Group::group(const std::string& name) const {
  if (H5Lexists(id(), name.c_str(), H5P_DEFAULT) == 0)
    throw FormatError("'" + where() + "' has no group '" + name + "'");
  const auto opened =
      checked(H5Gopen2(id(), name.c_str(), H5P_DEFAULT), "open", file() + ":" + path_of(name));
  return {Hdf5Handle(opened), file(), path_of(name)};
}

Hdf5Dataset Hdf5Group::dataset(const std::string& name) const {
  if (H5Lexists(id(), name.c_str(), H5P_DEFAULT) == 0)
    throw FormatError("'" + where() + "' has no dataset '" + name + "'");
  const std::string where = file() + ":" + path_of(name);
  Hdf5Handle opened(checked(H5Dopen2(id(), name.c_str(), H5P_DEFAULT), "open", where));
  check_pieces(opened.get(), file(), where);
  if (const std::size_t chunk = chunk_bytes(opened.get()); chunk > default_chunk_cache) {
    // Reading by the row would unpack a chunk that does not fit into the cache again and again.
    const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS));
    opened.reset();  // else the cache stays as it is
    H5Pset_chunk_cache(access.get(), H5D_CHUNK_CACHE_NSLOTS_DEFAULT, chunk, 1.0);
    opened = Hdf5Handle(checked(H5Dopen2(id(), name.c_str(), access.get()), "open", where));
  }
  return {std::move(opened), file(), path_of(name)};
}

Hdf5Group Hdf5Group::create_group(const std::string& name) {
  const auto created = written(H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                               "create", file() + ":" + path_of(name));
  return {Hdf5Handle(created), file(), path_of(name)};
}

Hdf5Handle Hdf5Group::create(const std::string& name, Hdf5Handle::Id type, Hdf5Handle::Id space,
                             Hdf5Handle::Id layout) {
  // No time of day in the file: the same content gives the same bytes.
  const Hdf5Handle timeless(layout == H5P_DEFAULT ? H5Pcreate(H5P_DATASET_CREATE) : H5Pcopy(layout));
  H5Pset_obj_track_times(timeless.get(), false);
  return Hdf5Handle(
      written(H5Dcreate2(id(), name.c_str(), type, space, H5P_DEFAULT, timeless.get(), H5P_DEFAULT), "create",
              file() + ":" + path_of(name)));
}

template <class T>
Hdf5Dataset Hdf5Group::write(const std::string& name, std::span<const T> values) {
  const std::array<hsize_t, 1> extent{values.size()};
  const Hdf5Handle space(H5Screate_simple(1, extent.data(), nullptr));
  Hdf5Handle made = create(name, stored_type<T>(), space.get(), H5P_DEFAULT);
  written(H5Dwrite(made.get(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "write",
          file() + ":" + path_of(name));
  return {std::move(made), file(), path_of(name)};
}

template Hdf5Dataset Hdf5Group::write<double>(const std::string&, std::span<const double>);
template Hdf5Dataset Hdf5Group::write<float>(const std::string&, std::span<const float>);
template Hdf5Dataset Hdf5Group::write<std::uint64_t>(const std::string&, std::span<const std::uint64_t>);
template Hdf5Dataset Hdf5Group::write<std::int64_t>(const std::string&, std::span<const std::int64_t>);
template Hdf5Dataset Hdf5Group::write<std::uint32_t>(const std::string&, std::span<const std::uint32_t>);
template Hdf5Dataset Hdf5Group::write<std::uint16_t>(const std::string&, std::span<const std::uint16_t>);

Hdf5Dataset Hdf5Group::write_text(const std::string& name, const std::string& text) {
  const Hdf5Handle space(H5Screate(H5S_SCALAR));
  const Hdf5Handle type = text_type(text);
  Hdf5Handle made = create(name, type.get(), space.get(), H5P_DEFAULT);
  const char* start = text.c_str();
  written(H5Dwrite(made.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, static_cast<const void*>(&start)),
          "write", file() + ":" + path_of(name));
  return {std::move(made), file(), path_of(name)};
}

Hdf5Dataset Hdf5Group::write_texts(const std::string& name, std::span<const std::string> texts) {
  std::size_t width = 1;
  std::string all;
  for (const std::string& text : texts) width = std::max(width, text.size()), all += text;
  std::string bytes;
  bytes.reserve(width * texts.size());
  for (const std::string& text : texts) bytes.append(text).append(width - text.size(), '\0');
  const Hdf5Handle type = text_type(all, width);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  const std::array<hsize_t, 1> extent{texts.size()};
  const Hdf5Handle space(H5Screate_simple(1, extent.data(), nullptr));
  Hdf5Handle made = create(name, type.get(), space.get(), H5P_DEFAULT);
  written(H5Dwrite(made.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), "write",
          file() + ":" + path_of(name));
  return {std::move(made), file(), path_of(name)};
}

template <class T>
Hdf5Dataset Hdf5Group::create_ragged(const std::string& name) {
  constexpr std::array<hsize_t, 1> none{0};
  constexpr std::array<hsize_t, 1> unlimited{H5S_UNLIMITED};
  constexpr std::array<hsize_t, 1> chunk{1024};  // rows; of each, 16 bytes lie in the chunk
  const Hdf5Handle space(H5Screate_simple(1, none.data(), unlimited.data()));
  const Hdf5Handle layout(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_chunk(layout.get(), 1, chunk.data());
  const Hdf5Handle type(H5Tvlen_create(stored_type<T>()));
  return {create(name, type.get(), space.get(), layout.get()), file(), path_of(name)};
}

template Hdf5Dataset Hdf5Group::create_ragged<float>(const std::string&);
template Hdf5Dataset Hdf5Group::create_ragged<std::uint16_t>(const std::string&);

template <class T>
Hdf5Dataset Hdf5Group::create_matrix(const std::string& name, std::uint64_t columns,
                                     std::uint64_t chunk_rows) {
  const std::array<hsize_t, 2> none{0, columns};
  const std::array<hsize_t, 2> unlimited{H5S_UNLIMITED, columns};
  const std::array<hsize_t, 2> chunks{chunk_rows, columns};
  const Hdf5Handle space(H5Screate_simple(2, none.data(), unlimited.data()));
  const Hdf5Handle layout(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(layout.get(), false);
  H5Pset_chunk(layout.get(), 2, chunks.data());
  H5Pset_shuffle(layout.get());
  H5Pset_deflate(layout.get(), fast_gzip);
  const T missing = std::numeric_limits<T>::quiet_NaN();
  H5Pset_fill_value(layout.get(), native_type<T>(), &missing);
  return {create(name, stored_type<T>(), space.get(), layout.get()), file(), path_of(name)};
}

template Hdf5Dataset Hdf5Group::create_matrix<double>(const std::string&, std::uint64_t, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_matrix<float>(const std::string&, std::uint64_t, std::uint64_t);

template <class T>
Hdf5Dataset Hdf5Group::create_list(const std::string& name, std::uint64_t chunk) {
  const std::array<hsize_t, 1> none{0};
  const std::array<hsize_t, 1> unlimited{H5S_UNLIMITED};
  const std::array<hsize_t, 1> chunks{chunk};
  const Hdf5Handle space(H5Screate_simple(1, none.data(), unlimited.data()));
  const Hdf5Handle layout(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(layout.get(), false);  // the same values make the same bytes
  H5Pset_chunk(layout.get(), 1, chunks.data());
  H5Pset_shuffle(layout.get());
  H5Pset_deflate(layout.get(), fast_gzip);
  return {create(name, stored_type<T>(), space.get(), layout.get()), file(), path_of(name)};
}

template Hdf5Dataset Hdf5Group::create_list<double>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<float>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<std::uint64_t>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<std::uint32_t>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<std::int64_t>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<std::uint16_t>(const std::string&, std::uint64_t);
template Hdf5Dataset Hdf5Group::create_list<std::uint8_t>(const std::string&, std::uint64_t);

}  // namespace flurry
