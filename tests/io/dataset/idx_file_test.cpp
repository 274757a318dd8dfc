// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/idx_file.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using Extents = std::vector<std::uint32_t>;

std::string idx_bytes(const Extents& extents, std::size_t values, char type = 0x08) {
  std::string bytes{'\0', '\0', type, static_cast<char>(extents.size())};
  for (const std::uint32_t extent : extents)
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(extent >> shift & 0xffU);
  for (std::size_t i = 0; i < values; ++i) bytes += static_cast<char>(i * 7 % 251);
  return bytes;
}

// One gzip member with stored blocks only (RFC 1951, 3.2.4), made by hand.
std::string stored_gzip(const std::string& content) {
  const auto little = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xffU);
    return text;
  };
  std::uint32_t crc = ~0U;
  for (const char c : content) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  const auto size = static_cast<std::uint32_t>(content.size());
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + '\x01' + little(size, 2) + little(~size, 2) +
         content + little(~crc, 4) + little(size, 4);
}

std::vector<std::uint8_t> idx_values(const std::filesystem::path& path) { return IdxFile(path).read_all(); }

std::string idx_refusal(const TemporaryFolder& folder, const std::string& bytes) {
  write_bytes(folder / "idx", bytes);
  return message_of<FormatError>([&] { (void)idx_values(folder / "idx"); });
}

}  // namespace

TEST_CASE("an IDX file gives its items in order, gzipped or not, and any of them first") {
  const TemporaryFolder folder;
  const std::string bytes = idx_bytes({5, 2, 3}, 30);
  for (const std::string& content : {bytes, stored_gzip(bytes)}) {
    write_bytes(folder / "idx", content);
    CHECK(IdxFile::is_idx(folder / "idx"));
    IdxFile file(folder / "idx");
    CHECK(file.shape() == Extents{5, 2, 3});
    CHECK(file.size() == 5);
    REQUIRE(file.item_size() == 6);
    std::vector<std::uint8_t> item(6);
    std::vector<std::uint8_t> all;
    while (file.read(item)) all.insert(all.end(), item.begin(), item.end());
    CHECK(all == file.read_all());
    REQUIRE(all.size() == 30);
    for (std::size_t i = 0; i < 30; ++i) CHECK(all[i] == i * 7 % 251);
    for (const std::uint32_t index : {4U, 0U, 2U}) {
      file.seek(index);
      REQUIRE(file.read(item));
      CHECK(std::equal(item.begin(), item.end(), all.begin() + 6 * static_cast<std::ptrdiff_t>(index)));
    }
    CHECK_THROWS_WITH_AS(file.seek(5), doctest::Contains("holds 5 items, numbered from 0; 5 is none"),
                         UsageError);
  }
}

TEST_CASE("a list of labels has items of one value, and may be empty") {
  const TemporaryFolder folder;
  write_bytes(folder / "idx", idx_bytes({4}, 4));
  CHECK(IdxFile(folder / "idx").item_size() == 1);
  CHECK(idx_values(folder / "idx") == std::vector<std::uint8_t>{0, 7, 14, 21});
  write_bytes(folder / "idx", idx_bytes({0, 2, 2}, 0));
  CHECK(idx_values(folder / "idx").empty());
  write_bytes(folder / "idx", idx_bytes({0, ~0U, ~0U}, 0));
  CHECK(IdxFile(folder / "idx").item_size() == 0);
  CHECK(idx_values(folder / "idx").empty());
}

TEST_CASE("what is no IDX file of bytes is refused in words") {
  const TemporaryFolder folder;
  CHECK(contains(idx_refusal(folder, ""), "is no IDX file; it must begin with two zero bytes"));
  CHECK(contains(idx_refusal(folder, "P5\n3 4\n"), "is no IDX file"));
  CHECK(contains(idx_refusal(folder, std::string("\0\0\x08\0", 4)), "is no IDX file"));
  CHECK(contains(idx_refusal(folder, idx_bytes({2}, 8, 0x0D)), "holds 32-bit floats; expected bytes"));
  CHECK(contains(idx_refusal(folder, idx_bytes({2, 3}, 0).substr(0, 9)), "ends before extent 2 of 2"));
  CHECK(contains(idx_refusal(folder, idx_bytes({3, 2}, 5)), "promises 3x2 bytes; the file holds 5"));
  CHECK(contains(idx_refusal(folder, idx_bytes({3, 2}, 7)), "promises 3x2 bytes; the file holds 7"));
  CHECK(contains(idx_refusal(folder, idx_bytes({3, 0}, 0)), "extent 2 of 2 in the IDX header is 0"));
  CHECK(contains(idx_refusal(folder, idx_bytes({~0U, ~0U, ~0U}, 9)), "promises"));
  CHECK(contains(idx_refusal(folder, stored_gzip(idx_bytes({30, 2}, 50))), "ends within item 25"));
  CHECK(contains(idx_refusal(folder, stored_gzip(idx_bytes({3, 2}, 8))), "goes on behind its last item"));
  CHECK(contains(idx_refusal(folder, stored_gzip(idx_bytes({~0U, ~0U}, 8))), "holds at most"));
  CHECK_THROWS_AS(IdxFile(folder / "none"), SystemError);
  CHECK_THROWS_AS(IdxFile(folder.path()), SystemError);
  CHECK_FALSE(IdxFile::is_idx(folder.path()));
}

TEST_CASE("a file that begins as IDX is one, also where it is cut, and says so when it is opened") {
  const TemporaryFolder folder;
  write_bytes(folder / "idx", idx_bytes({3, 2}, 5));
  CHECK(IdxFile::is_idx(folder / "idx"));
  CHECK(IdxFile::dimensions(folder / "idx") == 2);
  write_bytes(folder / "idx", idx_bytes({3, 2}, 6, 0x0D));
  CHECK_FALSE(IdxFile::is_idx(folder / "idx"));
}

TEST_CASE("what follows the last item of a gzipped IDX file is told with that item") {
  const TemporaryFolder folder;
  write_bytes(folder / "idx", stored_gzip(idx_bytes({3, 2}, 8)));
  IdxFile file(folder / "idx");
  std::vector<std::uint8_t> item(2);
  file.seek(1);
  CHECK(file.read(item));
  CHECK(contains(message_of<FormatError>([&] { (void)file.read(item); }), "goes on behind its last item"));
}

TEST_CASE("a gzipped IDX file cut anywhere is refused") {
  const TemporaryFolder folder;
  const std::string whole = stored_gzip(idx_bytes({10, 4}, 40));
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(idx_refusal(folder, whole.substr(0, length)).empty());
  std::string damaged = whole;
  damaged[30] = static_cast<char>(damaged[30] ^ 1);
  CHECK(contains(idx_refusal(folder, damaged), "the gzipped data are damaged"));
}

TEST_CASE("changed bytes of an IDX file are refused in a sentence or read, never worse") {
  const TemporaryFolder folder;
  const std::vector<std::string> seeds{idx_bytes({10, 3, 2}, 60), stored_gzip(idx_bytes({10, 3, 2}, 60))};
  std::size_t refused = 0;
  for (std::uint64_t trial = 0; trial < 10'000; ++trial) {
    RandomSequence random(11, Purpose::test, 40, trial);
    std::string bytes = seeds[trial % 2];
    for (std::uint32_t change = 0, changes = 1 + random.below(8); change < changes; ++change) {
      // Half of the changes go to the headers.
      const std::uint32_t range = random.below(2) == 0 ? 32 : static_cast<std::uint32_t>(bytes.size());
      bytes[random.below(range)] = static_cast<char>(random.below(256));
    }
    write_bytes(folder / "idx", bytes);
    try {
      if (idx_values(folder / "idx").size() > 1032 * bytes.size()) FAIL("more than the file can hold");
    } catch (const FormatError&) {
      ++refused;
    }
  }
  CHECK(refused > 5'000);
}

TEST_CASE("the images of MNIST and Fashion-MNIST have the published shapes") {
  for (const auto& path : reference_files("images", {"ubyte.gz"})) {
    CAPTURE(path.string());
    const bool images = path.filename().string().find("images") != std::string::npos;
    const std::uint32_t count = path.filename().string().starts_with("t10k") ? 10'000 : 60'000;
    IdxFile file(path);
    CHECK(file.shape() == (images ? Extents{count, 28, 28} : Extents{count}));
    if (images) continue;  // unpacking 47 MB takes a second
    const std::vector<std::uint8_t> labels = file.read_all();
    REQUIRE(labels.size() == count);
    CHECK(*std::max_element(labels.begin(), labels.end()) == 9);
    if (count == 60'000)  // Fashion-MNIST is balanced
      CHECK(std::count(labels.begin(), labels.end(), 3) == 6'000);
  }
}
