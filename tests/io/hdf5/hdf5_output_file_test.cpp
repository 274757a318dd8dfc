// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_output_file.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace hdf5_output_file_test {

TEST_CASE("an HDF5 output has its name only once it is complete, and without commit leaves nothing") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.h5", "older");
  {
    Hdf5OutputFile file(folder / "a.h5");
    file.root().write("list", std::vector<double>{1.0});
    CHECK(std::filesystem::exists(folder / "a.h5.partial"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "a.h5.partial"));
  CHECK(bytes_of(folder / "a.h5") == "older");

  Hdf5OutputFile file(folder / "a.h5");
  const Hdf5Group root = file.root();  // closed with the file
  file.root().write("list", std::vector<double>{1.0, 2.0});
  file.commit();
  CHECK_FALSE(std::filesystem::exists(folder / "a.h5.partial"));
  CHECK(Hdf5File::open(folder / "a.h5").root().dataset("list").read_list<double>() ==
        std::vector<double>{1.0, 2.0});
}

TEST_CASE("an HDF5 output that cannot get its name says so and leaves nothing") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  {
    Hdf5OutputFile file(folder / "taken");
    CHECK(contains(message_of<SystemError>([&] { file.commit(); }), "taken: cannot be completed: "));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "taken.partial"));
  CHECK_THROWS_AS(Hdf5OutputFile(folder / "none" / "a.h5"), SystemError);
}

}  // namespace hdf5_output_file_test
