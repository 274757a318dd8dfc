// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_output_driver.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include <hdf5.h>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/overwrite_log.hpp"

namespace flurry {
namespace {

// What the system refused to store.
struct Unwritten {
  haddr_t address = 0;
  std::vector<char> bytes;
};

struct DriverFile : H5FD_t {
  H5FD_t* inner = nullptr;
  Hdf5WriteWatch* watch = nullptr;
  std::vector<Unwritten> unwritten;

  [[nodiscard]] bool failed() const { return !watch->failure.empty(); }
  // Notes why HDF5's own driver has just refused.
  void note_failure() {
    try {
      throw_hdf5("writing");
    } catch (const Error& error) {
      watch->failure = std::string(error.what()).substr(sizeof("writing: ") - 1);
    }
  }
  void about_to_write(haddr_t address, haddr_t size) {
    if (watch->log == nullptr || failed()) return;
    try {
      watch->log->before_write(address, size);
    } catch (const Error& error) {
      watch->failure = error.what();
    }
  }
  void keep(haddr_t address, const char* bytes, std::size_t size) {
    for (Unwritten& piece : unwritten) {
      if (piece.address != address || piece.bytes.size() != size) continue;
      std::copy_n(bytes, size, piece.bytes.begin());
      return;
    }
    unwritten.push_back({address, std::vector<char>(bytes, bytes + size)});
  }
};

DriverFile& output(H5FD_t* file) { return *static_cast<DriverFile*>(file); }

H5FD_t* inner(const H5FD_t* file) { return static_cast<const DriverFile*>(file)->inner; }

H5FD_t* open(const char* name, unsigned flags, hid_t access, haddr_t max_address) noexcept {
  auto file = std::make_unique<DriverFile>();
  file->watch = *static_cast<Hdf5WriteWatch* const*>(H5Pget_driver_info(access));
  file->watch->failure.clear();  // HDF5 first tries whether there is such a file already
  const Hdf5Handle plain(H5Pcreate(H5P_FILE_ACCESS));
  file->inner = H5FDopen(name, flags, plain.get(), max_address);
  if (file->inner != nullptr) return file.release();
  file->note_failure();
  return nullptr;
}

herr_t close(H5FD_t* file) noexcept {
  const std::unique_ptr<DriverFile> closed(&output(file));
  if (H5FDclose(closed->inner) < 0 && !closed->failed()) closed->note_failure();
  return 0;
}

herr_t read(H5FD_t* file, H5FD_mem_t type, hid_t transfer, haddr_t address, std::size_t size,
            void* buffer) noexcept {
  const herr_t status = H5FDread(inner(file), type, transfer, address, size, buffer);
  for (const Unwritten& piece : output(file).unwritten) {
    const haddr_t first = std::max(address, piece.address);
    const haddr_t last = std::min<haddr_t>(address + size, piece.address + piece.bytes.size());
    if (first < last)
      std::memcpy(static_cast<char*>(buffer) + (first - address),
                  piece.bytes.data() + (first - piece.address), last - first);
  }
  return status;
}

herr_t write(H5FD_t* file, H5FD_mem_t type, hid_t transfer, haddr_t address, std::size_t size,
             const void* buffer) noexcept {
  DriverFile& out = output(file);
  out.about_to_write(address, size);
  if (!out.failed() && H5FDwrite(out.inner, type, transfer, address, size, buffer) >= 0) return 0;
  if (!out.failed()) out.note_failure();
  out.keep(address, static_cast<const char*>(buffer), size);
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t transfer, hbool_t closing) noexcept {
  DriverFile& out = output(file);
  const haddr_t end = H5FDget_eoa(out.inner, H5FD_MEM_DEFAULT);
  out.about_to_write(end, std::numeric_limits<haddr_t>::max() - end);
  if (!out.failed() && H5FDtruncate(out.inner, transfer, closing) < 0) out.note_failure();
  return 0;
}

herr_t flush(H5FD_t* file, hid_t transfer, hbool_t closing) noexcept {
  DriverFile& out = output(file);
  if (!out.failed() && H5FDflush(out.inner, transfer, closing) < 0) out.note_failure();
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) noexcept { return H5FDcmp(inner(a), inner(b)); }

herr_t query(const H5FD_t* file, unsigned long* flags) noexcept {
  // Asked without a file, HDF5 wants to know about the driver as such.
  return file == nullptr ? H5FDdriver_query(H5FD_SEC2, flags) : H5FDquery(inner(file), flags) < 0 ? -1 : 0;
}

haddr_t end_of_allocation(const H5FD_t* file, H5FD_mem_t type) noexcept {
  return H5FDget_eoa(inner(file), type);
}
herr_t set_end_of_allocation(H5FD_t* file, H5FD_mem_t type, haddr_t address) noexcept {
  return H5FDset_eoa(inner(file), type, address);
}
haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t type) noexcept { return H5FDget_eof(inner(file), type); }
// A file that was sealed is opened again by its only writer: a reader who has just come must not stop it.
herr_t lock(H5FD_t* file, hbool_t exclusive) noexcept {
  return output(file).watch->log != nullptr ? 0 : H5FDlock(inner(file), exclusive);
}
herr_t unlock(H5FD_t* file) noexcept {
  return output(file).watch->log != nullptr ? 0 : H5FDunlock(inner(file));
}

// Later versions of HDF5 want to know which layout of the class they are given.
template <class DriverClass>
void set_version(DriverClass& driver) {
  if constexpr (requires { driver.version; }) driver.version = 1;
  if constexpr (requires { driver.value; }) driver.value = static_cast<decltype(driver.value)>(384);
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
  set_version(driver);
  driver.name = "flurry_output";
  driver.maxaddr = (haddr_t{1} << 63U) - 1;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(void*);  // of a Hdf5WriteWatch*
  driver.open = &open;
  driver.close = &close;
  driver.cmp = &compare;
  driver.query = &query;
  driver.get_eoa = &end_of_allocation;
  driver.set_eoa = &set_end_of_allocation;
  driver.get_eof = &end_of_file;
  driver.read = &read;
  driver.write = &write;
  driver.flush = &flush;
  driver.truncate = &truncate;
  driver.lock = &lock;
  driver.unlock = &unlock;
  constexpr H5FD_mem_t kinds[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(kinds), std::end(kinds), driver.fl_map);
  return driver;
}

}  // namespace

Hdf5Handle output_access(Hdf5WriteWatch& watch) {
  static const H5FD_class_t driver = driver_class();
  const Hdf5Handle id(H5FDregister(&driver));
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS));
  const Hdf5WriteWatch* const where = &watch;
  written(H5Pset_driver(access.get(), id.get(), static_cast<const void*>(&where)), "prepare",
          "a new HDF5 file");
  return access;
}

}  // namespace flurry
