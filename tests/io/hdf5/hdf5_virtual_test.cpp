// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/report/report_file.hpp"
#include "io/report/report_index.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace hdf5_virtual_test {
namespace {

void write_list(const std::filesystem::path& path, const std::vector<double>& values) {
  Hdf5File file = Hdf5File::create(path);
  file.root().write("values", values);
  file.close();
}

std::vector<double> read_whole(const std::filesystem::path& path) {
  return Hdf5File::open(path).root().dataset("values").read_list<double>();
}

// Values that tell row and node.
double value_at(std::uint64_t row, std::uint64_t node) {
  return 100.0 * static_cast<double>(row) + static_cast<double>(node);
}

void write_report(const std::filesystem::path& path, const std::vector<std::uint64_t>& nodes,
                  const SampleTimes& times, std::uint64_t first, std::uint64_t rows) {
  ReportFileWriter writer(path, {"E", "V_m", "mV", nodes, times.from(first), 10.0, true});
  std::vector<double> values;
  for (std::uint64_t row = 0; row < rows; ++row)
    for (const std::uint64_t node : nodes) values.push_back(value_at(first + row, node));
  writer.append(values);
  writer.finish(true);
}

}  // namespace

TEST_CASE("a list put together from two files reads as one, and says what it misses") {
  const TemporaryFolder folder;
  write_list(folder / "a.h5", {1.0, 2.0, 3.0});
  write_list(folder / "b.h5", {4.0, 5.0});
  Hdf5File file = Hdf5File::create(folder / "all.h5");
  const std::vector<Hdf5Piece> pieces{{"b.h5", "/values", {2}, {0}, {2}, {0}},
                                      {"a.h5", "/values", {3}, {1}, {2}, {2}}};
  (void)file.root().create_virtual<double>("values", std::vector<std::uint64_t>{4}, pieces);
  file.close();
  CHECK(read_whole(folder / "all.h5") == std::vector<double>{4.0, 5.0, 2.0, 3.0});

  write_list(folder / "a.h5", {1.0, 2.0});  // too short now
  const std::string too_short = message_of<FormatError>([&] { (void)read_whole(folder / "all.h5"); });
  CAPTURE(too_short);
  CHECK(contains(too_short, "'a.h5' does not hold the part"));
  std::filesystem::remove(folder / "a.h5");
  const std::string missing = message_of<SystemError>([&] { (void)read_whole(folder / "all.h5"); });
  CAPTURE(missing);
  CHECK(contains(missing, "a.h5' is missing"));
}

TEST_CASE("reports of several ranks and legs read as one: columns by node, legs one after the other") {
  const TemporaryFolder folder;
  const SampleTimes times = SampleTimes::every(0.5);
  const std::vector<std::uint64_t> odd{1, 2, 5, 6, 7};
  const std::vector<std::uint64_t> even{0, 3, 4, 9};
  std::vector<std::uint64_t> all{0, 1, 2, 3, 4, 5, 6, 7, 9};
  write_report(folder / "r.leg0.h5", all, times, 0, 4);
  write_report(folder / "r.odd.h5", odd, times, 4, 16);
  write_report(folder / "r.even.h5", even, times, 4, 16);
  const std::vector<ReportParts> legs{{folder / "r.leg0.h5"}, {folder / "r.odd.h5", folder / "r.even.h5"}};
  write_report_index(folder / "r.h5", legs, times, 10.0, true);
  const ReportFile report(folder / "r.h5");
  const ReportInfo& info = report.populations().at(0);
  CHECK(info.node_ids == all);
  CHECK(info.variable == "V_m");
  CHECK(info.status == "complete");
  CHECK(info.completed_until == 10.0);
  REQUIRE(info.times.size() == 20);
  CHECK(info.times[7] == times[7]);
  const std::vector<double> values = report.rows(0, 0, 20);
  for (std::uint64_t row = 0; row < 20; ++row)
    for (std::size_t i = 0; i < all.size(); ++i)
      REQUIRE(values[row * all.size() + i] == value_at(row, all[i]));

  const std::vector<ReportParts> lacking{{folder / "r.leg0.h5"}, {folder / "r.odd.h5"}};
  const std::string message =
      message_of<FormatError>([&] { write_report_index(folder / "x.h5", lacking, times, 10.0, true); });
  CAPTURE(message);
  CHECK(contains(message, "5 of 9 neurons; a part is missing"));
  CHECK(!std::filesystem::exists(folder / "x.h5"));
}

}  // namespace hdf5_virtual_test
