// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/idx_file.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr std::uint8_t bytes_type = 0x08;

std::string type_name(std::uint8_t type) {
  switch (type) {
    case 0x09:
      return "signed bytes";
    case 0x0B:
      return "16-bit numbers";
    case 0x0C:
      return "32-bit numbers";
    case 0x0D:
      return "32-bit floats";
    case 0x0E:
      return "64-bit floats";
    default:
      return "unknown type " + std::to_string(type);
  }
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string text;
  for (const std::uint32_t extent : shape) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text;
}

std::uint64_t header_size(const std::vector<std::uint32_t>& shape) { return 4 + 4 * shape.size(); }

// The number of values, or the largest number of all where it is larger.
std::uint64_t product(std::span<const std::uint32_t> extents) {
  std::uint64_t values = 1;
  for (const std::uint32_t extent : extents) {
    if (extent != 0 && values > std::numeric_limits<std::uint64_t>::max() / extent)
      return std::numeric_limits<std::uint64_t>::max();
    values *= extent;
  }
  return values;
}

}  // namespace

IdxFile::IdxFile(std::filesystem::path path) : stream_(std::move(path)) { read_header(); }

std::uint8_t IdxFile::dimensions(const std::filesystem::path& path) {
  try {
    std::array<std::uint8_t, 4> start{};
    const bool begins = GzipStream(path).read(start) == start.size() && start[0] == 0 && start[1] == 0;
    return begins && start[2] == bytes_type ? start[3] : std::uint8_t{0};
  } catch (const Error&) {
    return 0;
  }
}

void IdxFile::read_header() {
  const std::string name = stream_.path().string();
  std::array<std::uint8_t, 4> start{};
  if (stream_.read(start) < start.size() || start[0] != 0 || start[1] != 0 || start[3] == 0)
    throw FormatError(name + " is no IDX file; it must begin with two zero bytes, a type and a number of " +
                      "dimensions");
  if (start[2] != bytes_type)
    throw FormatError(name + ": this IDX file holds " + type_name(start[2]) +
                      "; expected bytes (type 8, as MNIST)");
  shape_.reserve(start[3]);
  for (std::uint8_t i = 0; i < start[3]; ++i) {
    std::array<std::uint8_t, 4> word{};
    if (stream_.read(word) < word.size())
      throw FormatError(name + ": the IDX header ends before extent " + std::to_string(i + 1) + " of " +
                        std::to_string(start[3]));
    shape_.push_back(std::uint32_t{word[0]} << 24U | std::uint32_t{word[1]} << 16U |
                     std::uint32_t{word[2]} << 8U | word[3]);
    if (i > 0 && shape_.back() == 0)
      throw FormatError(name + ": extent " + std::to_string(i + 1) + " of " + std::to_string(start[3]) +
                        " in the IDX header is 0; expected 1 or more");
  }
  expect_content(product(shape_));
  item_size_ = size() == 0 ? 0 : product(std::span(shape_).subspan(1));
}

// Before any memory is asked for. What a gzipped file holds is known only once it is unpacked.
void IdxFile::expect_content(std::uint64_t promised) const {
  const std::uint64_t header = header_size(shape_);
  const std::uint64_t limit = stream_.content_limit();
  const std::uint64_t room = limit > header ? limit - header : 0;
  if (promised > room || (!stream_.packed() && promised < room))
    throw FormatError(stream_.path().string() + ": the IDX header promises " + shape_text(shape_) +
                      " bytes; the file holds " + (stream_.packed() ? "at most " : "") +
                      std::to_string(room));
}

bool IdxFile::read(std::span<std::uint8_t> item) {
  if (item.size() != item_size_) throw InternalError("an IDX item was to be read into the wrong room");
  if (next_ == size()) {
    expect_end();
    return false;
  }
  if (const std::size_t got = stream_.read(item); got < item.size())
    throw FormatError(stream_.path().string() + " ends within item " + std::to_string(next_) +
                      "; the IDX header promises " + shape_text(shape_) + " bytes");
  if (++next_ == size()) expect_end();
  return true;
}

void IdxFile::expect_end() {
  std::array<std::uint8_t, 1> more{};
  if (stream_.read(more) > 0)
    throw FormatError(stream_.path().string() + " goes on behind its last item; the IDX header promises " +
                      shape_text(shape_) + " bytes");
}

void IdxFile::seek(std::uint32_t index) {
  if (index >= size())
    throw UsageError(stream_.path().string() + " holds " + std::to_string(size()) +
                     " items, numbered from 0; " + std::to_string(index) + " is none of them");
  stream_.seek(header_size(shape_) + std::uint64_t{index} * item_size_);
  next_ = index;
}

std::vector<std::uint8_t> IdxFile::read_all() {
  stream_.seek(header_size(shape_));
  next_ = 0;
  // Grown as items come: a gzipped file may promise more than it holds.
  std::vector<std::uint8_t> values;
  std::vector<std::uint8_t> item(item_size_);
  while (read(item)) values.insert(values.end(), item.begin(), item.end());
  return values;
}

}  // namespace flurry
