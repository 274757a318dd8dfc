// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/report/report_file.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "tests/io/hdf5/file_size_limit.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace report_file_test {
namespace {

ReportDescription described(SampleTimes times) {
  return {"E", "V_m", "mV", {1, 5, 7}, std::move(times), 100.0, true};
}

std::vector<double> some_rows(std::size_t rows) {
  std::vector<double> values;
  double swing = 0.0;
  for (std::size_t i = 0; i < 3 * rows; ++i) values.push_back(-70.0 + 3.0 * std::sin(swing += 1.7));
  return values;
}

void put(const std::filesystem::path& path, std::size_t place, char byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(place));
  file.put(byte);
}

}  // namespace

TEST_CASE("a report is read back as it was written, dropped rows as NaN") {
  const TemporaryFolder folder;
  const std::vector<double> values = some_rows(1000);
  {
    ReportFileWriter writer(folder / "r.h5", described(SampleTimes::every(0.1, 0.0, 100.0)));
    writer.append(std::span(values).first(3 * 400));
    writer.append_missing(2);
    writer.append(std::span(values).subspan(3 * 402));
    writer.finish(true);
  }
  CHECK(is_report_file(folder / "r.h5"));
  const ReportFile file(folder / "r.h5");
  REQUIRE(file.populations().size() == 1);
  const ReportInfo& info = file.populations()[0];
  CHECK(info.population == "E");
  CHECK(info.variable == "V_m");
  CHECK(info.units == "mV");
  CHECK(info.node_ids == std::vector<std::uint64_t>{1, 5, 7});
  CHECK(info.times.size() == 1000);
  CHECK(info.times[3] == 0.3);
  CHECK(info.status == "complete");
  CHECK(info.completed_until == 100.0);
  CHECK(info.dropped == 2);
  const std::vector<double> back = file.rows(0, 0, 1000);
  for (std::size_t i = 0; i < back.size(); ++i) {
    const bool dropped = i / 3 == 400 || i / 3 == 401;
    CHECK((dropped ? std::isnan(back[i]) : back[i] == values[i]));
  }
}

TEST_CASE("a report is read by h5py while it is written, and by us after its writer died") {
  const TemporaryFolder folder;
  const std::string path = (folder / "r.h5.partial").string();
  const std::string look =
      "/usr/bin/python3 -c \"import h5py, sys\n"
      "f = h5py.File('" +
      path +
      "', 'r', swmr=True)\n"
      "n = f['report/E/data'].shape[0]; u = f['provenance'].attrs['completed_until']\n"
      "sys.exit(0 if n == int(sys.argv[1]) and abs(u - float(sys.argv[2])) < 1e-9 and "
      "abs(f['report/E/data'][n - 1, 0] + 70) < 4 else 1)\" ";
  if (std::system("/usr/bin/python3 -c 'import h5py' 2> /dev/null") != 0) {
    MESSAGE("skipped: there is no h5py");
    return;
  }
  const std::vector<double> values = some_rows(600);
  ReportFileWriter writer(folder / "r.h5", described(SampleTimes::every(0.1)));
  for (const int rows : {200, 400, 600}) {
    writer.append(std::span(values).subspan(3 * (static_cast<std::size_t>(rows) - 200), 600));
    writer.flush();
    CHECK(std::system((look + std::to_string(rows) + " " + std::to_string(0.1 * (rows - 1))).c_str()) == 0);
  }
  // A copy is what a process that is killed leaves.
  std::filesystem::copy_file(path, folder / "killed.h5");
  const ReportFile killed(folder / "killed.h5");
  CHECK(killed.populations()[0].status == "incomplete");
  CHECK(killed.populations()[0].times.size() == 600);
  CHECK(killed.rows(0, 0, 600) == values);
  writer.finish(false);
  CHECK(ReportFile(folder / "r.h5").populations()[0].status == "incomplete");
}

TEST_CASE("a full disk ends a report in order: it stays readable and says how far it goes") {
  const TemporaryFolder folder;
  const std::vector<double> values = some_rows(20'000);
  std::size_t rows = 0;
  {
    ReportFileWriter writer(folder / "r.h5", described(SampleTimes::every(0.1)));
    const FileSizeLimit full(2U << 20U);
    const auto append_all = [&] {
      for (;; rows += 20'000) writer.append(values);
    };
    CHECK(contains(message_of<SystemError>(append_all), "File too large"));
    CHECK(rows > 0);
    writer.finish(false);
  }
  const ReportFile file(folder / "r.h5");
  const ReportInfo& info = file.populations()[0];
  CHECK(info.status == "incomplete");
  REQUIRE(info.times.size() == rows);
  CHECK(info.completed_until == std::min(100.0, info.times.back()));
  const std::vector<double> last = file.rows(0, rows - 20'000, 20'000);
  CHECK(last == values);
}

TEST_CASE("given times are kept, and what is no report is refused") {
  const TemporaryFolder folder;
  {
    ReportFileWriter writer(folder / "r.h5", described(SampleTimes::at({0.5, 7.0})));
    writer.append(some_rows(2));
    writer.finish(true);
  }
  CHECK(ReportFile(folder / "r.h5").populations()[0].times == std::vector<double>{0.5, 7.0});
  Hdf5File::create(folder / "other.h5").close();
  CHECK_FALSE(is_report_file(folder / "other.h5"));
  CHECK(contains(message_of<FormatError>([&] { (void)ReportFile(folder / "other.h5"); }),
                 "no group '/report'"));
}

// Only in packed values: HDF5 1.10 itself trusts what the rest of a file says.
TEST_CASE("10,000 damaged reports are refused, or what is read of them is right") {
#if defined(__SANITIZE_ADDRESS__)
  constexpr int damaged = 500;
#else
  constexpr int damaged = 10'000;
#endif
  const TemporaryFolder folder;
  constexpr std::size_t rows = 9000;
  const std::vector<double> values = some_rows(rows);
  ReportDescription description = described(SampleTimes::every(0.01));
  description.double_precision = false;
  {
    ReportFileWriter writer(folder / "r.h5", description);
    writer.append(values);
    writer.finish(true);
  }
  const std::string bytes = bytes_of(folder / "r.h5");
  const std::vector<double> right = ReportFile(folder / "r.h5").rows(0, 0, rows);
  RandomSequence random(1, Purpose::test, 51, 0);
  int refused = 0;
  for (int i = 0; i < damaged; ++i) {
    // The chunk of values takes most of the file; its edges are left out.
    std::vector<std::size_t> places;
    for (std::uint32_t k = random.below(8) + 1; k > 0; --k)
      places.push_back(bytes.size() / 4 + random.below(static_cast<std::uint32_t>(bytes.size() / 2)));
    for (const std::size_t place : places)
      put(folder / "r.h5", place, static_cast<char>(bytes[place] ^ static_cast<char>(1 + random.below(255))));
    std::vector<double> read = right;
    try {
      read = ReportFile(folder / "r.h5").rows(0, 0, rows);
    } catch (const FormatError&) {
      ++refused;
    }
    REQUIRE(read == right);
    for (const std::size_t place : places) put(folder / "r.h5", place, bytes[place]);
  }
  MESSAGE(refused << " of " << damaged << " refused");
  CHECK(refused > damaged * 9 / 10);
}

}  // namespace report_file_test
