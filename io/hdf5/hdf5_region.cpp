// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Region references: HDF5's pointers to parts of another dataset. Looked up by our own bounded reading of the
// file's global heap (HDF5 File Format Specification 3.0, III.E and VIII.C): HDF5 1.10 follows damaged ones
// out of its memory.
#include <algorithm>
#include <array>
#include <fstream>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_dataset.hpp"
#include "io/hdf5/hdf5_error.hpp"
#include "io/hdf5/hdf5_type.hpp"

namespace flurry {
namespace {

using Reference = std::array<unsigned char, H5R_DSET_REG_REF_BUF_SIZE>;  // heap address (8), object (4)

constexpr std::uint32_t hyperslabs = 2;
constexpr std::uint32_t no_values = 0;

/// The bytes of a file around an address, read when asked for.
class HeapReader {
 public:
  explicit HeapReader(const Hdf5Dataset& dataset)
      : where_(dataset.where()), file_(dataset.file(), std::ios::binary | std::ios::ate) {
    size_ = file_ ? static_cast<std::uint64_t>(file_.tellg()) : 0;
  }

  [[nodiscard]] Hdf5Range range_of(const Reference& reference) {
    const std::uint64_t address = number(reference.data(), 8);
    const std::uint64_t object = number(reference.data() + 8, 4);
    if (address == 0 && object == 0) return {};  // a reference never set
    load(address);
    // Header of the heap: GCOL, version, reserved (3), size (8); of an object: number (2), users (2),
    // reserved (4), size (8).
    for (std::uint64_t at = 16; heap_.size() - at >= 16;) {
      const std::uint64_t found = number(heap_.data() + at, 2);
      const std::uint64_t bytes = number(heap_.data() + at + 8, 8);
      if (found == 0 || bytes > heap_.size() - at - 16) break;
      if (found == object) return selection(heap_.data() + at + 16, bytes);
      at += 16 + std::min((bytes + 7) / 8 * 8, heap_.size() - at - 16);
    }
    refuse();
  }

 private:
  static std::uint64_t number(const unsigned char* bytes, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
  }

  [[noreturn]] void refuse() const {
    throw FormatError("'" + where_ + "' refers to a region that is no unbroken part of a list");
  }

  void read(std::uint64_t address, std::uint64_t size) {
    if (address > size_ || size > size_ - address) refuse();
    heap_.resize(size);
    file_.seekg(static_cast<std::streamoff>(address));
    file_.read(reinterpret_cast<char*>(heap_.data()), static_cast<std::streamsize>(size));
    if (!file_) refuse();
  }

  void load(std::uint64_t address) {
    if (address == loaded_ && !heap_.empty()) return;
    read(address, 16);
    const std::uint64_t size = number(heap_.data() + 8, 8);
    if (!std::equal(heap_.begin(), heap_.begin() + 5, "GCOL\x01") || size < 16) refuse();
    read(address, size);
    loaded_ = address;
  }

  // Address of the dataset (8), kind, version, reserved, length (4 each), then rank, blocks, first and last.
  [[nodiscard]] Hdf5Range selection(const unsigned char* bytes, std::uint64_t size) const {
    if (size < 12) refuse();
    const std::uint64_t kind = number(bytes + 8, 4);
    if (kind == no_values) return {};
    if (kind != hyperslabs || size < 40) refuse();
    if (number(bytes + 12, 4) != 1 || number(bytes + 24, 4) != 1) refuse();  // version, rank
    const std::uint64_t first = number(bytes + 32, 4);
    const std::uint64_t last = number(bytes + 36, 4);
    if (number(bytes + 28, 4) != 1 || last < first) refuse();
    return {first, last + 1};
  }

  std::string where_;
  std::ifstream file_;
  std::uint64_t size_ = 0;
  std::uint64_t loaded_ = 0;
  std::vector<unsigned char> heap_;
};

}  // namespace

bool Hdf5Dataset::is_regions() const {
  const Hdf5Handle type(checked(H5Dget_type(id()), "read", where()));
  return H5Tequal(type.get(), H5T_STD_REF_DSETREG) > 0;
}

std::vector<Hdf5Range> Hdf5Dataset::read_regions() const {
  expect_list();
  if (!is_regions()) throw FormatError("'" + where() + "' does not hold region references; expected some");
  expect_plausible_size(sizeof(Reference));
  std::vector<Reference> references(size());
  if (references.empty()) return {};
  checked(H5Dread(id(), H5T_STD_REF_DSETREG, H5S_ALL, H5S_ALL, H5P_DEFAULT, references.data()), "read",
          where());
  HeapReader heap(*this);
  std::vector<Hdf5Range> ranges;
  ranges.reserve(references.size());
  for (const Reference& reference : references) ranges.push_back(heap.range_of(reference));
  return ranges;
}

}  // namespace flurry
