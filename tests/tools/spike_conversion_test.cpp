// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/spike_conversion.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tools/cli/file_info.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("spike files are converted by content and extension, and nothing is lost on the way round") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.txt", "12\t0.1\n7\t15.25\n");
  const Document summary = convert_spikes(folder / "a.txt", folder / "b.h5", {});
  CHECK(summary.at("input_format", "summary").text("") == "gdf");
  CHECK(summary.at("output_format", "summary").text("") == "sonata");
  CHECK(summary.at("spikes", "summary").integer("") == 2);
  CHECK(summary.at("populations", "summary").integer("") == 1);
  convert_spikes(folder / "b.h5", folder / "c.csv", {});
  CHECK(bytes_of(folder / "c.csv") == "time_ms,population,id\n0.1,default,12\n15.25,default,7\n");
  convert_spikes(folder / "c.csv", folder / "d", {{}, "gdf"});
  CHECK(bytes_of(folder / "d") == bytes_of(folder / "a.txt"));
  convert_spikes(folder / "a.txt", folder / "e.csv", {{"aer", ""}, ""});
  CHECK(bytes_of(folder / "e.csv") == "time_ms,id\n1e-04,12\n0.01525,7\n");
}

TEST_CASE("conversions of spikes that cannot be are refused in a sentence") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.csv", "time_ms,id\n1,2\n");
  const auto refusal = [&](const char* output, const SpikeConversion& conversion) {
    return message_of<Error>([&] { convert_spikes(folder / "a.csv", folder / output, conversion); });
  };
  CHECK(contains(refusal("a.csv", {}), "is the file to convert itself"));
  CHECK(contains(refusal("b.nwb", {}), "names no spike format that is written; name one with --to"));
  CHECK(contains(refusal("b.csv", {{}, "nwb"}), "is only read"));
  CHECK(contains(refusal("b.csv", {{}, "sonat"}), "did you mean 'sonata'"));
  CHECK_FALSE(std::filesystem::exists(folder / "b.csv"));
}

TEST_CASE("what a spike file of another format holds is told") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.csv", "t_s,i\n1,2\n0.5,9\n");
  const Document info = spike_file_info(folder / "a.csv");
  CHECK(info.at("kind", "info").text("") == "spikes");
  CHECK(info.at("format", "info").text("") == "csv");
  CHECK(info.at("spikes", "info").integer("") == 2);
  const Document& population = info.at("populations", "info").array("").front();
  CHECK(population.at("t_first_ms", "").number("") == 500.0);
  CHECK(population.at("t_last_ms", "").number("") == 1000.0);
  CHECK(population.at("id_max", "").number("") == 9.0);
}
