// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/netpbm_image.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

NetpbmImage image_of(const TemporaryFolder& folder, const std::string& bytes) {
  write_bytes(folder / "image", bytes);
  return read_netpbm(folder / "image");
}

}  // namespace

TEST_CASE("binary PGM and PPM of 8 and 16 bits, with comments") {
  const TemporaryFolder folder;
  const NetpbmImage grey =
      image_of(folder, "P5\n# by hand\n3 2 # columns, rows\n255\n" + std::string("\0\x33\xff\xff\x66\0", 6));
  CHECK(grey.width == 3);
  CHECK(grey.height == 2);
  CHECK(grey.values == std::vector<float>{0.0F, 0.2F, 1.0F, 1.0F, 0.4F, 0.0F});
  const NetpbmImage wide = image_of(folder, "P5 2 1 1000\n" + std::string("\x01\xf4\x03\xe8", 4));
  CHECK(wide.values == std::vector<float>{0.5F, 1.0F});
  const NetpbmImage colour = image_of(folder, "P6 2 1 255\n" + std::string("\xff\0\0\xff\xff\xff", 6));
  CHECK(colour.values[0] == doctest::Approx(0.299F));
  CHECK(colour.values[1] == doctest::Approx(1.0F));
}

TEST_CASE("pictures that are not read, and headers that do not fit, are refused in words") {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& bytes) {
    return message_of<FormatError>([&] { (void)image_of(folder, bytes); });
  };
  CHECK(contains(said("\x89PNG\r\n"), "it is a PNG; expected a binary PGM (P5) or PPM (P6), into which any"));
  CHECK(contains(said("\xff\xd8\xff"), "it is a JPEG"));
  CHECK(contains(said("P2 1 1 255 0"), "written as text"));
  CHECK(contains(said(""), "is no picture that is read: expected"));
  CHECK(contains(said("P5 0 3 255\n"), "the header names no width from 1 to 65536"));
  CHECK(contains(said("P5 3"), "the header names no height"));
  CHECK(contains(said("P5 3 3 65536\n"), "no largest value from 1 to 65535"));
  CHECK(contains(said("P5 2 2 255\nabc"), "promises 2x2 pixels in 4 bytes; the file holds 3"));
  CHECK(contains(said("P6 65536 65536 65535\n"), "the file holds 0"));
  CHECK_THROWS_AS((void)read_netpbm(folder / "none"), SystemError);
  const std::string whole = "P5\n3 2\n255\nabcdef";
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    RandomSequence random(17, Purpose::test, 70, trial);
    std::string bytes = whole;
    for (std::uint32_t change = 0; change < 2; ++change)
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.below(256));
    try {
      if (image_of(folder, bytes).values.size() > bytes.size()) FAIL("more pixels than bytes");
    } catch (const FormatError&) {
    }
  }
}
