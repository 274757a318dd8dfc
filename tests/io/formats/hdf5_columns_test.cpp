// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <hdf5.h>

#include "io/hdf5/hdf5_file.hpp"
#include "tests/io/recording/column_events.hpp"
#include "tests/io/recording/damage_check.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using Hdf5Events = std::vector<AddressEvent>;

/// Makes a dataset of a file that exists, of any rank, at a path whose groups exist.
template <class T>
void put_dataset(const std::filesystem::path& file, const char* path, hid_t type, std::vector<hsize_t> shape,
                 const std::vector<T>& values) {
  const hid_t opened = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t made = H5Dcreate2(opened, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  CHECK(H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
  H5Dclose(made);
  H5Sclose(space);
  H5Fclose(opened);
}

/// A file with these groups.
void make_groups(const std::filesystem::path& file, const std::vector<std::string>& groups) {
  Hdf5File made = Hdf5File::create(file);
  for (const std::string& group : groups) static_cast<void>(made.root().create_group(group));
  made.close();
}

std::string hdf5_refusal(const std::filesystem::path& file, const Readings& readings = {}) {
  try {
    static_cast<void>(read_recording(file, "hdf5", readings));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

const Hdf5Events three{{1000000, 3, 4, true}, {1500000, 2, 3, false}, {1500001, 4, 2, true}};

/// DSEC's layout with the events of `three`.
void make_dsec(const std::filesystem::path& file, const std::vector<std::uint64_t>& index) {
  Hdf5File made = Hdf5File::create(file);
  Hdf5Group group = made.root().create_group("events");
  group.write<std::uint32_t>("t", {1000000, 1500000, 1500001});
  group.write<std::uint16_t>("x", {3, 2, 4});
  group.write<std::uint16_t>("y", {4, 3, 2});
  group.write<std::uint16_t>("p", {1, 0, 1});
  made.root().write<std::uint64_t>("ms_to_idx", index);
  made.root().write<std::int64_t>("t_offset", {std::int64_t{50'000'000'000}});
  made.close();
}

}  // namespace

TEST_CASE("the DSEC file of the manifest is read to the last event") {
  check_manifest("derived/dsec_style.h5", "hdf5");
  check_derived("derived/dsec_style.h5", 1317000);
  check_derived("derived/dsec_style.h5", 0, {{"offset", "added"}});
}

TEST_CASE("DSEC times stay as written unless t_offset is asked for, and ms_to_idx is only compared") {
  const TemporaryRecording file("");
  std::vector<std::uint64_t> index(1501, 1);
  std::fill(index.begin(), index.begin() + 1001, 0);
  make_dsec(file.path(), index);
  EventRecording r = read_recording(file.path());
  CHECK(r.events == three);
  CHECK(r.statistics.damage == "");
  r = read_recording(file.path(), "", {{"offset", "added"}});
  CHECK(r.events[2].t == 50'001'500'001);
  CHECK(r.statistics.damage == "");
  CHECK(hdf5_refusal(file.path(), {{"offset", "maybe"}}).find("allowed are apart, added") !=
        std::string::npos);
  index[1200] = 2;
  make_dsec(file.path(), index);
  r = read_recording(file.path());
  CHECK(r.events == three);
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage == "ms_to_idx disagrees with the times of the events from ms 1200 on");
}

TEST_CASE("E2VID and M3ED lists are found by their names, or where the user says") {
  const TemporaryRecording file("");
  {
    Hdf5File made = Hdf5File::create(file.path());
    Hdf5Group group = made.root().create_group("events");
    group.write<double>("ts", {1.0, 1.5, 1.500001});
    group.write<std::uint16_t>("xs", {3, 2, 4});
    group.write<std::uint16_t>("ys", {4, 3, 2});
    group.write<double>("ps", {1.0, -1.0, 1.0});
    made.close();
  }
  CHECK(read_recording(file.path()).events == three);
  {
    Hdf5File made = Hdf5File::create(file.path());
    Hdf5Group top = made.root().create_group("prophesee");
    for (const char* side : {"left", "right"}) {
      Hdf5Group group = top.create_group(side);
      const bool left = std::string(side) == "left";
      group.write<std::int64_t>("t", left ? std::vector<std::int64_t>{1000000, 1500000, 1500001}
                                          : std::vector<std::int64_t>{7, 8, 9});
      group.write<std::uint16_t>("x", {3, 2, 4});
      group.write<std::uint16_t>("y", {4, 3, 2});
      group.write<std::uint32_t>("p", {1, 4294967295, 1});
    }
    made.close();
  }
  CHECK(read_recording(file.path()).events == three);
  CHECK(read_recording(file.path(), "", {{"group", "prophesee/right"}}).events[2].t == 9);
  CHECK(hdf5_refusal(file.path(), {{"group", "prophesee"}}).find("the group 'prophesee' does not hold") !=
        std::string::npos);
  CHECK(hdf5_refusal(file.path(), {{"group", "nowhere"}}).find("does not hold") != std::string::npos);
}

TEST_CASE("HDF5 truth values are polarities") {
  const TemporaryRecording file("");
  make_groups(file.path(), {"events"});
  const hid_t truth = H5Tenum_create(H5T_NATIVE_INT8);
  const std::int8_t no = 0;
  const std::int8_t yes = 1;
  H5Tenum_insert(truth, "FALSE", &no);
  H5Tenum_insert(truth, "TRUE", &yes);
  put_dataset<std::int8_t>(file.path(), "events/p", truth, {3}, {1, 0, 1});
  H5Tclose(truth);
  put_dataset<std::int32_t>(file.path(), "events/t", H5T_NATIVE_INT32, {3}, {1000, 1500, 1501});
  put_dataset<std::int16_t>(file.path(), "events/x", H5T_NATIVE_INT16, {3}, {3, 2, 4});
  put_dataset<std::int16_t>(file.path(), "events/y", H5T_NATIVE_INT16, {3}, {4, 3, 2});
  CHECK(read_recording(file.path(), "", {{"unit", "ms"}}).events ==
        Hdf5Events{{1000000, 3, 4, true}, {1500000, 2, 3, false}, {1501000, 4, 2, true}});
  CHECK_FALSE(read_recording(file.path(), "", {{"polarity", "inverted"}}).events[0].on);
}

TEST_CASE("MVSEC and v2e matrices are told by their numbers") {
  const TemporaryRecording file("");
  make_groups(file.path(), {"davis", "davis/left"});
  put_dataset<double>(file.path(), "davis/left/events", H5T_NATIVE_DOUBLE, {3, 4},
                      {3, 4, 1, 1, 2, 3, 1.5, -1, 4, 2, 1.500001, 1});
  CHECK(read_recording(file.path()).events == three);
  CHECK(read_recording(file.path(), "", {{"group", "davis/left/events"}}).events == three);
  CHECK(read_recording(file.path(), "", {{"columns", "y,x,t,p"}}).events[0].x == 4);
  CHECK(hdf5_refusal(file.path(), {{"columns", "y,x,t,p,_"}}).find("names 5 columns, and there are 4") !=
        std::string::npos);
  make_groups(file.path(), {});
  put_dataset<std::uint32_t>(file.path(), "events", H5T_NATIVE_UINT32, {3, 4},
                             {1000000, 3, 4, 1, 1500000, 2, 3, 4294967295, 1500001, 4, 2, 1});
  CHECK(read_recording(file.path()).events == three);
  make_groups(file.path(), {});
  put_dataset<std::uint32_t>(file.path(), "events", H5T_NATIVE_UINT32, {2, 4}, {9, 9, 9, 9, 8, 8, 8, 8});
  CHECK(hdf5_refusal(file.path()).find("it cannot be told which are t, x, y and p") != std::string::npos);
}

TEST_CASE("HDF5 files without columns of events are no recordings, and uneven columns are refused") {
  const TemporaryRecording file("");
  make_groups(file.path(), {"spikes"});
  put_dataset<double>(file.path(), "spikes/times", H5T_NATIVE_DOUBLE, {2}, {1, 2});
  CHECK_FALSE(is_recording(file.path()));
  CHECK(hdf5_refusal(file.path()).find("no group holds lists t, x, y and p") != std::string::npos);
  make_groups(file.path(), {"events"});
  for (const char* name : {"events/t", "events/x", "events/y"})
    put_dataset<std::int32_t>(file.path(), name, H5T_NATIVE_INT32, {2}, {1, 1});
  put_dataset<std::int32_t>(file.path(), "events/p", H5T_NATIVE_INT32, {1}, {1});
  CHECK(hdf5_refusal(file.path()).find("events/p' holds 1 values, and /events/t 2") != std::string::npos);
}

TEST_CASE("a compression that is not installed is named, unless the data were written without it") {
  const TemporaryRecording file("");
  for (const bool packed : {false, true}) {
    make_groups(file.path(), {"events"});
    for (const char* name : {"events/x", "events/y", "events/p"})
      put_dataset<std::int32_t>(file.path(), name, H5T_NATIVE_INT32, {2}, {1, 1});
    const hid_t opened = H5Fopen(file.path().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const std::vector<hsize_t> shape{2};
    const hid_t space = H5Screate_simple(1, shape.data(), nullptr);
    const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(layout, 1, shape.data());
    REQUIRE(H5Pset_filter(layout, 32001, H5Z_FLAG_OPTIONAL, 0, nullptr) >= 0);
    const hid_t made =
        H5Dcreate2(opened, "events/t", H5T_NATIVE_INT32, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    const std::vector<std::int32_t> values{5, 6};
    const std::vector<hsize_t> origin{0};
    if (packed)
      CHECK(H5Dwrite_chunk(made, H5P_DEFAULT, 0, origin.data(), 8, values.data()) >= 0);
    else
      CHECK(H5Dwrite(made, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(made);
    H5Pclose(layout);
    H5Sclose(space);
    H5Fclose(opened);
    if (packed)
      CHECK(hdf5_refusal(file.path())
                .find("events/t' is compressed with Blosc (HDF5 filter 32001), which is not "
                      "installed; install") != std::string::npos);
    else
      CHECK(read_recording(file.path()).events == Hdf5Events{{5, 1, 1, true}, {6, 1, 1, true}});
  }
}

TEST_CASE("HDF5 columns are written as DSEC's and come back the same, whatever the pieces") {
  check_column_round_trip("hdf5", {640, 480}, {{-9, 639, 479, true}, {0, 0, 0, false}, {1, 1, 2, true}});
  const Hdf5Events events = ordered_events(40000);
  const std::string bytes = check_column_round_trip("hdf5", {640, 480}, events);
  const TemporaryRecording file("");
  const auto writer = recognise_recording("", "hdf5").create(file.path(), {640, 480});
  for (std::span<const AddressEvent> rest(events); !rest.empty();
       rest = rest.subspan(std::min<std::size_t>(rest.size(), 777)))
    writer->write(rest.first(std::min<std::size_t>(rest.size(), 777)));
  CHECK(file_bytes(file.path()).empty());
  writer->close();
  CHECK((file_bytes(file.path()) == bytes));
  CHECK(read_recording(file.path()).sensor.width == 640);
  CHECK_THROWS_AS(write_recording(file.path(), "hdf5", {640, 480}, Hdf5Events{{1, 640, 0, true}}),
                  UsageError);
  CHECK((file_bytes(file.path()) == bytes));
  CHECK_FALSE(std::filesystem::exists(file.path().string() + ".partial"));
}

TEST_CASE("damaged HDF5 columns are refused or read to their end") {
  const TemporaryRecording file("");
  write_recording(file.path(), "hdf5", {640, 480}, ordered_events(100));
  const std::string bytes = file_bytes(file.path());
  check_cuts("hdf5", bytes);
  write_recording(file.path(), "hdf5", {640, 480}, ordered_events(100'000));
  // Only in packed data: HDF5 1.10 itself trusts what the rest of a file says about a chunk's size.
  std::string wrong = file_bytes(file.path());
  for (std::size_t at = wrong.size() / 2; at < wrong.size() / 2 + 100; ++at) wrong[at] = 'x';
  const EventRecording r = read_bytes(wrong, "");
  CHECK(r.events.size() >= 34'000);
  CHECK(r.statistics.damaged > 0);
  CHECK(r.statistics.damage.find("rows from") != std::string::npos);
  CHECK(r.statistics.bytes_read == wrong.size());
}
