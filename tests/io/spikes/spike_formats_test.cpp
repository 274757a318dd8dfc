// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_formats.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <hdf5.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {
namespace spike_formats_test {

using Times = std::vector<double>;
using Ids = std::vector<std::uint64_t>;

SpikeFile read_text(const TemporaryFolder& folder, const std::string& text,
                    const SpikeReading& reading = {}) {
  write_bytes(folder / "spikes.txt", text);
  return read_spikes(folder / "spikes.txt", reading);
}

std::string format_of(const TemporaryFolder& folder, const std::string& bytes) {
  write_bytes(folder / "spikes.txt", bytes);
  const SpikeFormat* format = recognise_spikes(folder / "spikes.txt");
  return format == nullptr ? "" : std::string(format->name);
}

void check_spikes(const SpikeFile& file, const std::string& population, const Times& times, const Ids& ids) {
  CAPTURE(population);
  REQUIRE(file.populations.count(population) == 1);
  CHECK(file.populations.at(population).times == times);
  CHECK(file.populations.at(population).ids == ids);
}

bool same(const SpikeFile& a, const SpikeFile& b) {
  return std::equal(a.populations.begin(), a.populations.end(), b.populations.begin(), b.populations.end(),
                    [](const auto& x, const auto& y) {
                      return x.first == y.first && x.second.times == y.second.times &&
                             x.second.ids == y.second.ids;
                    });
}

PopulationSpikes random_population(std::size_t count, std::uint64_t element) {
  RandomSequence random(5, Purpose::test, 60, element);
  PopulationSpikes spikes;
  for (std::size_t i = 0; i < count; ++i) {
    spikes.times.push_back(random.uniform() * 1000.0 - 10.0);
    spikes.ids.push_back(random());
  }
  return spikes;
}

// An NWB 2 file: units of 2, 0 and 3 spikes, in s.
std::filesystem::path nwb2(const TemporaryFolder& folder, const Ids& ends,
                           const std::vector<std::int64_t>& ids, const char* unit = nullptr) {
  Hdf5File file = Hdf5File::create(folder / "units.nwb");
  Hdf5Group units = file.root().create_group("units");
  Hdf5Dataset times = units.write("spike_times", Times{0.5, 1.25, 0.001, 2.0, 3.0});
  if (unit != nullptr) times.set_attribute("unit", unit);
  units.write("spike_times_index", ends);
  if (!ids.empty()) units.write("id", ids);
  file.close();
  return folder / "units.nwb";
}

std::string refusal(const std::filesystem::path& path, const SpikeReading& reading = {}) {
  return message_of<Error>([&] { (void)read_spikes(path, reading); });
}

// Changes bytes of a file by seed and reads it: refused in a sentence or read, never worse.
std::size_t read_changed(const TemporaryFolder& folder, const std::string& whole, std::size_t cases,
                         const SpikeReading& reading = {}) {
  std::size_t refused = 0;
  for (std::uint64_t trial = 0; trial < cases; ++trial) {
    RandomSequence random(13, Purpose::test, 61, trial);
    std::string bytes = whole;
    for (std::uint32_t change = 0, changes = 1 + random.below(8); change < changes; ++change)
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random.below(256));
    write_bytes(folder / "changed", bytes);
    const std::string message = refusal(folder / "changed", reading);
    if (message.empty()) continue;
    ++refused;
    if (message.find('\n') != std::string::npos) FAIL(message);
  }
  return refused;
}

}  // namespace spike_formats_test
using namespace spike_formats_test;
}  // namespace

TEST_CASE("spikes as text: NEST's files, old and new") {
  const TemporaryFolder folder;
  const std::string old = "12\t0.1\n7\t1.5e1\n12 20.25\n";
  CHECK(format_of(folder, old) == "gdf");
  check_spikes(read_text(folder, old), "", {0.1, 15.0, 20.25}, {12, 7, 12});
  const std::string recent =
      "# NEST version: 3.3\r\n# RecordingBackendASCII version: 2\r\nsender\ttime_ms\r\n3\t1.5\r\n4\t2\r\n";
  CHECK(format_of(folder, recent) == "gdf");
  check_spikes(read_text(folder, recent), "", {1.5, 2.0}, {3, 4});
  CHECK(contains(message_of<UsageError>([&] {
                   (void)read_text(folder, "# NEST\nsender\ttime_step\ttime_offset\n3\t15\t0.0\n");
                 }),
                 "spikes.txt:2: times are counted in steps of a resolution that the file does not name"));
  check_spikes(read_text(folder, "sender\ttime_ms\n"), "", {}, {});
}

TEST_CASE("spikes as text: columns by name, in any order, with any separator and unit") {
  const TemporaryFolder folder;
  CHECK(format_of(folder, "time_ms,id\n") == "csv");
  check_spikes(read_text(folder, "time_ms,id\n1.5,3\n"), "", {1.5}, {3});
  check_spikes(read_text(folder, "i;t [s];weight\n3;0.0015;7\n"), "", {1.5}, {3});
  check_spikes(read_text(folder, "Neuron , Time(us)\n3 , 1500\n"), "", {1.5}, {3});
  check_spikes(read_text(folder, "id time\n3 1.5\n", {"", "s"}), "", {1500.0}, {3});
  check_spikes(read_text(folder, "address timestamp\n9 1500\n"), "", {1.5}, {9});
  const SpikeFile two =
      read_text(folder, "timestamps population node_ids\n1 v1 4\n2 lgn 5\n\n# a comment\n3 v1 6");
  check_spikes(two, "v1", {1.0, 3.0}, {4, 6});
  check_spikes(two, "lgn", {2.0}, {5});
}

TEST_CASE("addresses and times in us are read where asked for, since nothing tells them from ids and ms") {
  const TemporaryFolder folder;
  check_spikes(read_text(folder, "9 1500\n", {"aer", ""}), "", {1.5}, {9});
  check_spikes(read_text(folder, "9 1500\n", {"aer", "ms"}), "", {1500.0}, {9});
  check_spikes(read_text(folder, "9 1500\n"), "", {1500.0}, {9});
}

TEST_CASE("text that is no list of spikes is not taken for one, and refused with the line") {
  const TemporaryFolder folder;
  for (const char* text :
       {"", "hello\n", "1,2\n", "t,x,y,p\n1,2,3,1\n", "346 260\n0.5 1 2 1\n", "{\"a\": 1}\n", "0.5 3\n",
        "-1 2\n", "1 nan\n", "[run]\nuntil = 3\n", "# comment\n"}) {
    CAPTURE(text);
    CHECK(format_of(folder, text).empty());
    CHECK_FALSE(refusal(folder / "spikes.txt").empty());
  }
  CHECK(format_of(folder, std::string("1 2\n\0", 5)).empty());
  const auto said = [&](const std::string& text) {
    return message_of<FormatError>([&] { (void)read_text(folder, text, {"csv", ""}); });
  };
  CHECK(contains(said("time,id\n1,2\nx,3\n"), "spikes.txt:3: 'x' is no time; expected a finite number"));
  CHECK(contains(said("time,id\n1,-2\n"), ":2: '-2' is no id; expected a whole number, 0 or more"));
  CHECK(contains(said("time,id\n1,18446744073709551616\n"), "is no id"));
  CHECK(contains(said("time,id\n1e999,1\n"), "is no time"));
  CHECK(contains(said("time,id\n1\n"), ":2: 1 cells; expected 2 as in the first line"));
  CHECK(contains(said("1,2\n"), "begins no list of spikes; expected a header such as 'time_ms,id'"));
  CHECK(contains(said("\n\n"), "is empty; expected a list of spikes"));
  CHECK(contains(said("time,id\n" + std::string(70'000, '1')), "is longer than 65536 bytes"));
  CHECK(contains(message_of<UsageError>([&] {
                   (void)read_text(folder, "t_s,id\n", {"", "ms"});
                 }),
                 "has units 's', not the 'ms' asked for"));
  CHECK(contains(refusal(folder / "spikes.txt", {"", "h"}), "the unit 'h' is none of time"));
  CHECK(contains(refusal(folder / "spikes.txt", {"gdff", ""}), "did you mean 'gdf'"));
  CHECK(contains(refusal(folder / "none"), "cannot be opened"));
}

TEST_CASE("samples in the layout of SHD are populations, and populations samples") {
  const TemporaryFolder folder;
  SpikeFile spikes;
  spikes.populations["late"] = {{250.0, 0.5, 125.0}, {3, 699, 0}};
  spikes.populations["none"] = {};
  write_spikes(folder / "a.shd", "shd", spikes);
  CHECK(std::string(recognise_spikes(folder / "a.shd")->name) == "shd");
  const SpikeFile back = read_spikes(folder / "a.shd");
  REQUIRE(back.populations.size() == 2);
  const PopulationSpikes& first = back.populations.at("sample_000000");
  CHECK(first.ids == std::vector<std::uint64_t>{699, 0, 3});
  CHECK(first.times[0] == doctest::Approx(0.5).epsilon(1e-7));
  CHECK(first.times[1] == 125.0);
  CHECK(first.times[2] == 250.0);
  CHECK(back.populations.at("sample_000001").times.empty());
  write_spikes(folder / "b.shd", "shd", back);
  CHECK(same(read_spikes(folder / "b.shd"), back));
  spikes.populations["late"].ids[0] = 65536;
  CHECK_THROWS_WITH_AS(write_spikes(folder / "a.shd", "shd", spikes),
                       doctest::Contains("population 'late' has the id 65536"), UsageError);
}

TEST_CASE("spikes written in any format come back bit for bit, and written again are the same file") {
  const TemporaryFolder folder;
  SpikeFile spikes;
  for (const std::size_t count : {0U, 1U, 5000U}) {
    spikes.populations.clear();
    spikes.populations[""] = random_population(count, count);
    for (const char* format : {"csv", "gdf"}) {
      CAPTURE(format);
      if (count == 0 && format == std::string("gdf")) continue;  // an empty file says nothing
      write_spikes(folder / "a", format, spikes);
      CHECK(std::string(recognise_spikes(folder / "a")->name) == format);
      const SpikeFile back = read_spikes(folder / "a");
      CHECK(same(spikes, back));
      write_spikes(folder / "b", format, back);
      CHECK(bytes_of(folder / "a") == bytes_of(folder / "b"));
    }
    spikes.populations = {{"e", random_population(count, 7)}, {"i", random_population(100, 8)}};
    for (const char* format : {"csv", "sonata"}) {
      CAPTURE(format);
      write_spikes(folder / "a", format, spikes);
      const SpikeFile back = read_spikes(folder / "a");
      if (count > 0) CHECK(same(spikes, back));
      CHECK(back.populations.count("i") == 1);
      CHECK_FALSE(std::filesystem::exists(folder / "a.partial"));
    }
  }
  spikes.populations = {{"", random_population(3, 1)}};
  write_spikes(folder / "a", "sonata", spikes);
  CHECK(read_spikes(folder / "a").populations.count("default") == 1);
}

TEST_CASE("what a spike format cannot hold is refused, and leaves no file") {
  const TemporaryFolder folder;
  SpikeFile spikes;
  spikes.populations = {{"a,b", {{1.0}, {1}}}, {"c/d", {{1.0}, {1}}}};
  const auto said = [&](const char* format) {
    return message_of<UsageError>([&] { write_spikes(folder / "out", format, spikes); });
  };
  CHECK(contains(said("csv"), "population 'a,b' cannot be written to a CSV file"));
  CHECK(contains(said("gdf"), "a GDF file holds one population, not 2"));
  CHECK(contains(said("sonata"), "population 'c/d' cannot be stored"));
  CHECK(contains(said("nwb"), "'nwb' is only read"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("units of NWB 2: seconds, the index holds the end of each unit") {
  const TemporaryFolder folder;
  const auto path = nwb2(folder, {2, 2, 5}, {4, 9, 7});
  CHECK(recognise_spikes(path)->name == "nwb");
  check_spikes(read_spikes(path), "units", {500.0, 1250.0, 1.0, 2000.0, 3000.0}, {4, 4, 7, 7, 7});
  check_spikes(read_spikes(nwb2(folder, {2, 2, 5}, {})), "units", {500.0, 1250.0, 1.0, 2000.0, 3000.0},
               {0, 0, 2, 2, 2});
  check_spikes(read_spikes(nwb2(folder, {5}, {}, "milliseconds")), "units", {0.5, 1.25, 0.001, 2.0, 3.0},
               {0, 0, 0, 0, 0});
  CHECK(contains(refusal(nwb2(folder, {2, 2, 6}, {})), "value 2 names spikes 2 to 6; expected parts"));
  CHECK(contains(refusal(nwb2(folder, {3, 2, 5}, {})), "value 1 names spikes 3 to 2"));
  CHECK(contains(refusal(nwb2(folder, {2, 4}, {})), "holds 5 values but"));
  CHECK(contains(refusal(nwb2(folder, {2, 5}, {1})), "expected the same number"));
  CHECK(contains(refusal(nwb2(folder, {2, 5}, {1, -1})), "negative"));
  CHECK(contains(refusal(nwb2(folder, {5}, {}, "fortnights")), "has units 'fortnights'; expected seconds"));
}

TEST_CASE("units of NWB 2.0b: the index holds region references") {
  const TemporaryFolder folder;
  const auto path = nwb2(folder, {2, 2, 5}, {});
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(file, "/units/spike_times_index", H5P_DEFAULT);
  const hid_t times = H5Dopen2(file, "/units/spike_times", H5P_DEFAULT);
  const hid_t space = H5Dget_space(times);
  hdset_reg_ref_t references[3]{};
  const hsize_t first[] = {0, 0, 2};
  const hsize_t count[] = {2, 0, 3};
  for (std::size_t i : {0U, 2U}) {
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &first[i], nullptr, &count[i], nullptr);
    H5Rcreate(&references[i], file, "/units/spike_times", H5R_DATASET_REGION, space);
  }
  const hsize_t three = 3;
  const hid_t list = H5Screate_simple(1, &three, nullptr);
  const hid_t index = H5Dcreate2(file, "/units/spike_times_index", H5T_STD_REF_DSETREG, list, H5P_DEFAULT,
                                 H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(index, H5T_STD_REF_DSETREG, H5S_ALL, H5S_ALL, H5P_DEFAULT, references);
  for (const hid_t id : {index, times}) H5Dclose(id);
  for (const hid_t id : {list, space}) H5Sclose(id);
  H5Fclose(file);
  check_spikes(read_spikes(path), "units", {500.0, 1250.0, 1.0, 2000.0, 3000.0}, {0, 0, 2, 2, 2});
  CHECK(read_changed(folder, bytes_of(path), 200) > 20);
}

TEST_CASE("units of NWB 1: one list a unit, in order of numbers") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "a.nwb");
  Hdf5Group module = file.root().create_group("processing").create_group("tetrode");
  Hdf5Group units = module.create_group("UnitTimes");
  units.write_text("unit_list", "unit_2");
  units.create_group("unit_10").write("times", Times{0.25});
  units.create_group("unit_2").write("times", Times{0.5, 1.0});
  file.close();
  CHECK(recognise_spikes(folder / "a.nwb")->name == "nwb");
  check_spikes(read_spikes(folder / "a.nwb"), "tetrode", {500.0, 1000.0, 250.0}, {2, 2, 10});
  check_spikes(read_spikes(folder / "a.nwb", {"nwb", "us"}), "tetrode", {0.0005, 0.001, 0.00025}, {2, 2, 10});
}

TEST_CASE("an NWB file cut anywhere is refused, and changed lists as text at worst refused") {
  const TemporaryFolder folder;
  const std::string nwb = bytes_of(nwb2(folder, {2, 2, 5}, {4, 9, 7}));
  for (std::size_t length = 0; length < nwb.size(); length += 13) {
    write_bytes(folder / "cut", nwb.substr(0, length));
    CHECK_FALSE(refusal(folder / "cut").empty());
  }
  SpikeFile spikes;
  spikes.populations = {{"a", random_population(10, 1)}, {"b", random_population(10, 2)}};
  write_spikes(folder / "s.csv", "csv", spikes);
  CHECK(read_changed(folder, bytes_of(folder / "s.csv"), 4000) > 1000);
  CHECK(read_changed(folder, "12\t0.1\n7\t15\n12\t20.25\n# x\n", 4000) > 1000);
}

TEST_CASE("the published NWB and SONATA files hold the spikes that their authors counted") {
  for (const auto& path : reference_files("events/nwb", {".nwb"})) {
    CAPTURE(path.string());
    const SpikeFile file = read_spikes(path);
    if (path.filename() != "spikes.onepop.v1.0.nwb") continue;
    const PopulationSpikes& spikes = file.populations.at("trial_0");
    CHECK(spikes.times.size() == 124);
    CHECK(std::is_sorted(spikes.ids.begin(), spikes.ids.end()));
    CHECK(spikes.ids.front() == 0);
    CHECK(spikes.ids.back() == 13);
    CHECK(*std::max_element(spikes.times.begin(), spikes.times.end()) > 100.0);  // ms, as the file says
  }
  for (const auto& path : reference_files("sonata", {"spikes.h5"})) {
    CAPTURE(path.string());
    REQUIRE(recognise_spikes(path) != nullptr);
    CHECK(recognise_spikes(path)->name == "sonata");
    CHECK_FALSE(read_spikes(path).populations.empty());
  }
}
