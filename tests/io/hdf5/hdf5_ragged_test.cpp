// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("HDF5 lists of lists: rows of any length, read in any order and type") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::uint16_t>> rows{
      {1, 2, 3}, {}, {65535}, std::vector<std::uint16_t>(9000, 7)};
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Dataset list = file.root().create_ragged<std::uint16_t>("rows");
  for (const auto& row : rows) list.append_row(std::span<const std::uint16_t>(row));
  Hdf5Dataset reals = file.root().create_ragged<float>("reals");
  const std::vector<float> values{0.5F, -3.0F};
  reals.append_row(std::span<const float>(values));
  file.root().write_texts("names", std::vector<std::string>{"eins", "", "f\u00fcnf"});
  file.root().write("plain", std::vector<double>{1.0});
  file.close();

  const Hdf5File back = Hdf5File::open(folder / "a.h5");
  const Hdf5Dataset read = back.root().dataset("rows");
  CHECK(read.is_ragged());
  CHECK(read.size() == 4);
  std::vector<std::uint16_t> row{9};
  for (const std::size_t i : {3, 0, 1, 2}) {
    read.read_row(i, row);
    CHECK(row == rows[i]);
  }
  std::vector<double> wide;
  read.read_row(2, wide);
  CHECK(wide == std::vector<double>{65535.0});
  std::vector<std::uint32_t> whole;
  CHECK_THROWS_AS(back.root().dataset("reals").read_row(0, whole), FormatError);
  CHECK_THROWS_AS(back.root().dataset("plain").read_row(0, wide), FormatError);
  CHECK(contains(message_of<FormatError>([&] { read.read_row(4, row); }), "has 4 rows; row 4 was expected"));
  CHECK(back.root().dataset("names").read_texts() == std::vector<std::string>{"eins", "", "f\u00fcnf"});
}

TEST_CASE("HDF5 files of the same content are the same bytes") {
  const TemporaryFolder folder;
  for (const char* name : {"a.h5", "b.h5"}) {
    Hdf5File file = Hdf5File::create(folder / name);
    file.root().write("plain", std::vector<double>{1.0, 2.0});
    file.root().create_list<double>("list").append(std::span<const double>(std::vector<double>{3.0}));
    file.close();
  }
  CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
}
