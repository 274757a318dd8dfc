// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_file.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>
#include <hdf5.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/hdf5/file_size_limit.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

template <class T>
std::vector<T> written_and_read(const TemporaryFolder& folder, const std::vector<T>& values) {
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  file.root().write("values", values);
  file.close();
  return Hdf5File::open(folder / "a.h5").root().dataset("values").read_list<T>();
}

// A file with a bit of everything, for damage.
void write_sample(const std::filesystem::path& path) {
  Hdf5File file = Hdf5File::create(path);
  Hdf5Group root = file.root();
  root.set_attribute("magic", std::uint32_t{2682});
  root.set_attribute("name", "sample");
  Hdf5Group group = root.create_group("group");
  group.write("plain", std::vector<double>{1.5, 2.5, 3.5});
  Hdf5Dataset list = group.create_list<std::uint64_t>("list", 16);
  const std::vector<std::uint64_t> values(100, 7);
  list.append(std::span<const std::uint64_t>(values));
  group.write_text("text", "a text");
  file.close();
}

// Everything of the sample, in one text.
std::string read_sample(const std::filesystem::path& path) {
  const Hdf5File file = Hdf5File::open(path);
  const Hdf5Group root = file.root();
  std::string all =
      root.find_text("name").value_or("") + std::to_string(root.find_natural("magic").value_or(0));
  const Hdf5Group group = root.group("group");
  for (const double value : group.dataset("plain").read_list<double>()) all += " " + std::to_string(value);
  for (const std::uint64_t value : group.dataset("list").read_list<std::uint64_t>())
    all += " " + std::to_string(value);
  return all + group.dataset("text").read_texts().at(0);
}

}  // namespace

TEST_CASE("numbers of every type come back from an HDF5 file as they were") {
  const TemporaryFolder folder;
  const std::vector<double> doubles{0.0, -0.0, 5e-324, std::numeric_limits<double>::max(), -1.0 / 3.0};
  CHECK(written_and_read(folder, doubles) == doubles);
  const std::vector<float> floats{1.5F, std::numeric_limits<float>::max(),
                                  std::numeric_limits<float>::denorm_min()};
  CHECK(written_and_read(folder, floats) == floats);
  const std::vector<std::uint64_t> naturals{0, 1, std::numeric_limits<std::uint64_t>::max()};
  CHECK(written_and_read(folder, naturals) == naturals);
  const std::vector<std::int64_t> integers{std::numeric_limits<std::int64_t>::min(), -1, 0};
  CHECK(written_and_read(folder, integers) == integers);
  const std::vector<std::uint32_t> words{0, std::numeric_limits<std::uint32_t>::max()};
  CHECK(written_and_read(folder, words) == words);
  CHECK(written_and_read(folder, std::vector<double>{}).empty());
}

TEST_CASE("a stored number is converted where it fits and refused where it does not") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Group root = file.root();
  root.write("small", std::vector<std::int64_t>{0, 5, 70000});
  root.write("negative", std::vector<std::int64_t>{3, -1});
  root.write("large", std::vector<std::uint64_t>{1ULL << 32U});
  root.write("fraction", std::vector<double>{1.0, 1.5});
  root.write("whole", std::vector<double>{1.0, 4.0});
  root.write("nan", std::vector<double>{std::nan("")});
  root.write_text("text", "7");
  file.close();
  const Hdf5File read = Hdf5File::open(folder / "a.h5");
  const Hdf5Group all = read.root();
  CHECK(all.dataset("small").read<std::uint32_t>() == std::vector<std::uint32_t>{0, 5, 70000});
  CHECK(all.dataset("small").read<double>() == std::vector<double>{0.0, 5.0, 70000.0});
  CHECK(all.dataset("whole").read<std::uint64_t>() == std::vector<std::uint64_t>{1, 4});
  const auto refusal = [&](const char* name) {
    return message_of<FormatError>([&] { (void)all.dataset(name).read<std::uint32_t>(); });
  };
  CHECK(contains(refusal("negative"), "a.h5:/negative' a value is negative"));
  CHECK(contains(refusal("large"), "too large"));
  CHECK(contains(refusal("fraction"), "not a whole number"));
  CHECK(contains(refusal("nan"), "not a whole number"));
  CHECK(contains(refusal("text"), "does not hold numbers"));
  CHECK_THROWS_AS((void)all.dataset("small").read<std::uint16_t>(), FormatError);
  CHECK_THROWS_AS((void)all.dataset("small").read_texts(), FormatError);
}

TEST_CASE("attributes come back, can be replaced, and are refused under another type") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Group root = file.root();
  root.set_attribute("text", "incomplete");
  root.set_attribute("text", "complete");
  root.set_attribute("umlaut", "schön");
  root.set_attribute("empty", "");
  root.set_attribute("number", 1.5);
  root.set_attribute("number", 2.5);
  root.set_attribute("natural", std::numeric_limits<std::uint64_t>::max());
  root.set_attribute("pair", std::array<std::uint32_t, 2>{0, 1});
  file.close();
  const Hdf5File read = Hdf5File::open(folder / "a.h5");
  const Hdf5Group all = read.root();
  CHECK(all.find_text("text") == "complete");
  CHECK(all.find_text("umlaut") == "schön");
  CHECK(all.find_text("empty") == "");
  CHECK(all.find_number("number") == 2.5);
  CHECK(all.find_natural("natural") == std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(all.find_text("absent"));
  CHECK_FALSE(all.find_number("absent"));
  CHECK_THROWS_AS((void)all.find_text("number"), FormatError);
  CHECK_THROWS_AS((void)all.find_number("text"), FormatError);
  CHECK_THROWS_AS((void)all.find_natural("number"), FormatError);
  CHECK_THROWS_AS((void)all.find_number("pair"), FormatError);
}

TEST_CASE("texts of fixed length are read without their padding") {
  const TemporaryFolder folder;
  const hid_t file = H5Fcreate((folder / "a.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  for (const auto& [name, padding] :
       {std::pair{"zeros", H5T_STR_NULLPAD}, std::pair{"spaces", H5T_STR_SPACEPAD}}) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 4);
    H5Tset_strpad(type, padding);
    const hsize_t count = 3;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const std::string bytes =
        padding == H5T_STR_NULLPAD ? std::string("ms\0\0full\0\0\0\0", 12) : "ms  full    ";
    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
    const hid_t one = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(dataset, "units", type, one, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, bytes.data());
    H5Aclose(attribute);
    for (const hid_t id : {one, space, type}) H5Idec_ref(id);
    H5Dclose(dataset);
  }
  H5Fclose(file);
  const Hdf5File read = Hdf5File::open(folder / "a.h5");
  for (const char* name : {"zeros", "spaces"}) {
    const Hdf5Dataset dataset = read.root().dataset(name);
    CHECK(dataset.read_texts() == std::vector<std::string>{"ms", "full", ""});
    CHECK(dataset.find_text("units") == "ms");
  }
}

TEST_CASE("a list appended to in pieces of any size holds all pieces in order") {
  const TemporaryFolder folder;
  RandomSequence random(1, Purpose::test, 0, 0);
  std::vector<std::uint64_t> all;
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Dataset list = file.root().create_list<std::uint64_t>("list", 64);
  for (int piece = 0; piece < 50; ++piece) {
    std::vector<std::uint64_t> values(random.below(200));
    for (std::uint64_t& value : values) value = random();
    list.append(std::span<const std::uint64_t>(values));
    all.insert(all.end(), values.begin(), values.end());
    if (piece % 7 == 0) file.flush();
  }
  CHECK(list.size() == all.size());
  file.close();
  CHECK(Hdf5File::open(folder / "a.h5").root().dataset("list").read_list<std::uint64_t>() == all);
}

TEST_CASE("members are listed in order, and told apart") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Group root = file.root();
  root.create_group("b").create_group("inner");
  root.write("a", std::vector<double>{1.0});
  CHECK(root.members() == std::vector<std::string>{"a", "b"});
  CHECK(root.has_group("b"));
  CHECK_FALSE(root.has_group("a"));
  CHECK(root.has_dataset("a"));
  CHECK_FALSE(root.has_dataset("c"));
  CHECK(root.group("b").group("inner").where() == (folder / "a.h5").string() + ":/b/inner");
  CHECK(contains(message_of<FormatError>([&] { (void)root.group("b").dataset("x"); }),
                 "a.h5:/b' has no dataset 'x'"));
  CHECK_THROWS_AS((void)root.group("a"), FormatError);
  CHECK_THROWS_AS((void)root.dataset("b"), FormatError);
  CHECK_THROWS_AS((void)root.create_group("b"), SystemError);
}

TEST_CASE("a file that cannot be opened is told by its path and the reason") {
  const TemporaryFolder folder;
  CHECK(contains(message_of<SystemError>([&] { (void)Hdf5File::open(folder / "none.h5"); }),
                 "none.h5': No such file"));
  CHECK_THROWS_AS((void)Hdf5File::open(folder.path()), SystemError);
  CHECK(contains(message_of<SystemError>([&] { (void)Hdf5File::create(folder / "no/where.h5"); }),
                 "No such file"));
  write_bytes(folder / "text.h5", "not HDF5 at all");
  write_bytes(folder / "empty.h5", "");
  CHECK(contains(message_of<FormatError>([&] { (void)Hdf5File::open(folder / "text.h5"); }),
                 "is not an HDF5 file"));
  CHECK_THROWS_AS((void)Hdf5File::open(folder / "empty.h5"), FormatError);
  CHECK_FALSE(Hdf5File::is_hdf5(folder / "text.h5"));
  CHECK_FALSE(Hdf5File::is_hdf5(folder / "none.h5"));
  CHECK_FALSE(Hdf5File::is_hdf5(folder.path()));
}

TEST_CASE("a file cut at any byte is refused, never misread") {
  const TemporaryFolder folder;
  write_sample(folder / "a.h5");
  const std::string whole = bytes_of(folder / "a.h5");
  const std::string expected = read_sample(folder / "a.h5");
  std::size_t misread = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_bytes(folder / "cut.h5", whole.substr(0, length));
    if (message_of<Error>([&] { (void)read_sample(folder / "cut.h5"); }).empty()) ++misread;
  }
  CHECK(misread == 0);
  CHECK(expected.size() > 200);
}

TEST_CASE("a dataset that promises more than its file can hold is refused before memory is asked for") {
  const TemporaryFolder folder;
  const hid_t file = H5Fcreate((folder / "a.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t count = 1ULL << 50U;
  const hsize_t chunk = 1024;
  const hid_t space = H5Screate_simple(1, &count, nullptr);
  const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(layout, 1, &chunk);
  for (const hid_t id :
       {H5Dcreate2(file, "huge", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, layout, H5P_DEFAULT), layout, space})
    H5Idec_ref(id);
  H5Fclose(file);
  const Hdf5File read = Hdf5File::open(folder / "a.h5");
  CHECK(contains(message_of<FormatError>([&] { (void)read.root().dataset("huge").read<double>(); }),
                 "promises"));
}

TEST_CASE("a full disk is an error when appending, flushing or at the latest when closing") {
  const TemporaryFolder folder;
  std::vector<double> noise(4096);
  RandomSequence random(1, Purpose::test, 1, 0);
  for (double& value : noise) value = random.uniform();
  for (const rlim_t room : {rlim_t{0}, rlim_t{600}, rlim_t{5000}, rlim_t{40000}, rlim_t{100000}}) {
    CAPTURE(room);
    const FileSizeLimit full(room);
    CHECK_THROWS_AS(
        [&] {
          Hdf5File file = Hdf5File::create(folder / "full.h5");
          Hdf5Dataset list = file.root().create_list<double>("list", 4096);
          for (int i = 0; i < 8; ++i) list.append(std::span<const double>(noise));
          file.close();
        }(),
        SystemError);
  }
  CHECK(written_and_read(folder, noise) == noise);  // HDF5 is still in order afterwards
}
