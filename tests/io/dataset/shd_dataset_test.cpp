// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/shd_dataset.hpp"

#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace shd_dataset_test {
namespace {

struct Written {
  std::vector<SampleEntry> entries;
  std::vector<SpikeSample> samples;
};

// Samples of 0 to 60 spikes, times exact in single precision.
Written some_samples(std::size_t count) {
  Written set;
  RandomSequence random(7, Purpose::test, 21, 0);
  for (std::size_t i = 0; i < count; ++i) {
    SpikeSample sample;
    double time = 0.0;
    for (std::uint32_t k = random.below(61); k > 0; --k) {
      time += random.below(100) * 0x1p-10;
      sample.times.push_back(time);
      sample.channels.push_back(random.below(700));
    }
    set.entries.push_back({random.below(3), random.below(2), "sample_" + std::to_string(i)});
    set.samples.push_back(std::move(sample));
  }
  return set;
}

void write_all(const std::filesystem::path& path, const Written& set) {
  ShdWriter writer(path, 700, {"eins", "zwei", "drei"}, {"anna", "jürgen"});
  for (std::size_t i = 0; i < set.entries.size(); ++i) writer.write(set.entries[i], set.samples[i]);
  CHECK_FALSE(std::filesystem::exists(path));
  writer.close();
}

// A file such as others write: half precision through h5py, no attribute.
bool run_python(const std::string& script, const TemporaryFolder& folder) {
  write_bytes(folder / "script.py", script);
  write_bytes(folder / "run.py",
              "import sys\ntry:\n  import h5py, numpy\nexcept ImportError:\n  sys.exit(0)\n"
              "exec(open(sys.argv[1] + '/script.py').read())\nopen(sys.argv[1] + '/done', 'w')\n");
  for (const char* name : {"python3", "/usr/bin/python3"}) {
    const std::string command =
        std::string(name) + " '" + (folder / "run.py").string() + "' '" + folder.path().string() + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    if (std::filesystem::exists(folder / "done")) return true;
  }
  MESSAGE("skipped: needs a Python with h5py");
  return false;
}

}  // namespace

TEST_CASE("SHD layout: what is written is read back, in any order, and written again byte for byte") {
  const TemporaryFolder folder;
  const Written set = some_samples(2100);  // more than a chunk of rows, more than one flush
  write_all(folder / "a.h5", set);
  ShdDataset dataset(folder / "a.h5");
  CHECK(ShdDataset::holds(folder / "a.h5"));
  CHECK(dataset.channels() == 700);
  CHECK(dataset.classes() == std::vector<std::string>{"eins", "zwei", "drei"});
  CHECK(dataset.speakers() == std::vector<std::string>{"anna", "jürgen"});
  REQUIRE(dataset.samples() == set.entries);
  for (std::size_t i = 0; i < set.samples.size(); ++i) REQUIRE(dataset.read(i) == set.samples[i]);
  CHECK(dataset.read(17) == set.samples[17]);

  ShdWriter again(folder / "b.h5", dataset.channels(), dataset.classes(), dataset.speakers());
  for (std::size_t i = 0; i < set.samples.size(); ++i) again.write(dataset.samples()[i], dataset.read(i));
  again.close();
  CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
}

TEST_CASE("SHD layout: an empty set and a set without speakers are whole files") {
  const TemporaryFolder folder;
  ShdWriter(folder / "none.h5", 5, {}, {}).close();
  CHECK(ShdDataset(folder / "none.h5").samples().empty());
  ShdWriter writer(folder / "one.h5", 5, {"a"}, {});
  writer.write({0, {}, "x"}, {{0.5}, {4}});
  writer.close();
  ShdDataset one(folder / "one.h5");
  CHECK(one.channels() == 5);
  CHECK(one.speakers().empty());
  CHECK_FALSE(one.samples()[0].speaker);
  CHECK(one.read(0) == SpikeSample{{0.5}, {4}});
}

TEST_CASE("SHD layout: what it cannot hold is refused, and nothing is left") {
  const TemporaryFolder folder;
  {
    ShdWriter writer(folder / "a.h5", 10, {"a"}, {"s"});
    CHECK_THROWS_WITH_AS(writer.write({1, 0, "x"}, {}),
                         ((folder / "a.h5").string() + ": sample 'x' has label 1; allowed: below 1").c_str(),
                         UsageError);
    CHECK_THROWS_AS(writer.write({0, 1, "x"}, {}), UsageError);
    CHECK_THROWS_AS(writer.write({0, 0, "x"}, {{0.1}, {10}}), UsageError);
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(ShdWriter(folder / "b.h5", 70000, {}, {}), UsageError);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("SHD layout: h5py reads our files as loaders of SHD do") {
  const TemporaryFolder folder;
  const Written set = some_samples(40);
  write_all(folder / "a.h5", set);
  std::string expected;
  for (const SpikeSample& sample : set.samples) {
    double sum = 0.0;
    std::uint64_t units = 0;
    for (std::size_t i = 0; i < sample.times.size(); ++i) {
      sum += sample.times[i];
      units += sample.channels[i];
    }
    expected += std::to_string(sample.times.size()) + ' ' + std::to_string(std::llround(sum * 1024.0)) + ' ' +
                std::to_string(units) + '\n';
  }
  // digitizing times, indexing units, decoding keys: what loaders do
  if (!run_python(R"(import sys, h5py, numpy as np
f = h5py.File(sys.argv[1] + '/a.h5', 'r')
times, units, labels = f['spikes']['times'], f['spikes']['units'], f['labels']
assert times[0].dtype == np.float32 and units[0].dtype == np.uint16
assert len(times) == len(units) == len(labels) == 40
assert [k.decode('utf-8') for k in f['extra']['keys']] == ['eins', 'zwei', 'drei']
y = np.array(labels, dtype=int); s = np.array(f['extra']['speaker'], dtype=int)
assert y.max() < 3 and s.max() < 2
with open(sys.argv[1] + '/sums.txt', 'w') as out:
    for i in range(40):
        bins = np.digitize(times[i], np.linspace(0, 1.4, num=100))
        assert len(bins) == len(units[i])
        out.write(f'{len(times[i])} {round(times[i].astype(float).sum() * 1024)} {units[i].astype(int).sum()}\n')
)",
                  folder))
    return;
  CHECK(bytes_of(folder / "sums.txt") == expected);
}

TEST_CASE("SHD layout: files of others, half precision, unordered, without a number of channels") {
  const TemporaryFolder folder;
  if (!run_python(R"(import sys, h5py, numpy as np
f = h5py.File(sys.argv[1] + '/b.h5', 'w')
t = f.create_dataset('spikes/times', (4,), dtype=h5py.vlen_dtype(np.float16))
u = f.create_dataset('spikes/units', (4,), dtype=h5py.vlen_dtype(np.uint16))
t[0] = np.array([0.25, 0.125, 1.3, 6e-8], np.float16); u[0] = [1, 2, 3, 699]
t[1] = np.array([], np.float16); u[1] = []
t[2] = np.array([0.5], np.float16); u[2] = [900]
t[3] = np.array([np.inf], np.float16); u[3] = [1]
f['labels'] = np.array([0, 19, 3, 1], np.uint8)
f['extra/keys'] = np.array([b'zero', b'one'], dtype='S8')
f['extra/speaker'] = np.array([0, 11, 3, 1], np.uint8)
f.close()
f = h5py.File(sys.argv[1] + '/c.h5', 'w')
f['spikes/times'] = np.zeros(3); f['spikes/units'] = np.zeros(3); f['labels'] = np.zeros(3)
f.close()
)",
                  folder))
    return;
  ShdDataset dataset(folder / "b.h5");
  CHECK(dataset.channels() == 901);
  REQUIRE(dataset.samples().size() == 4);
  CHECK(dataset.samples()[1].label == 19);
  CHECK(dataset.samples()[1].speaker == 11);
  CHECK(dataset.classes().size() == 20);
  CHECK(dataset.classes()[1] == "one");
  CHECK(dataset.classes()[19] == "19");
  const SpikeSample first = dataset.read(0);
  CHECK(first.channels == std::vector<std::uint32_t>{699, 2, 1, 3});
  CHECK(first.times == std::vector<double>{0x1p-24, 0.125, 0.25, 1.2998046875});
  CHECK(dataset.read(1) == SpikeSample{});
  CHECK(dataset.read(2) == SpikeSample{{0.5}, {900}});
  CHECK(message_of<FormatError>([&] { (void)dataset.read(3); }) ==
        "in '" + (folder / "b.h5").string() + ":/spikes/times' row 3 a value is not finite");
  CHECK(contains(message_of<FormatError>([&] { ShdDataset d(folder / "c.h5"); }), "no list of lists"));
}

TEST_CASE("SHD layout: a damaged file is an error or other numbers, never a crash") {
  const TemporaryFolder folder;
  write_all(folder / "a.h5", some_samples(6));
  const std::string whole = bytes_of(folder / "a.h5");
  RandomSequence random(3, Purpose::test, 22, 0);
  for (int i = 0; i < 150; ++i) {
    std::string bytes = whole;
    if (i % 3 == 0)
      bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size())));
    else
      bytes[random.below(2048)] = static_cast<char>(random.below(256));
    write_bytes(folder / "d.h5", bytes);
    try {
      if (!ShdDataset::holds(folder / "d.h5")) continue;
      ShdDataset dataset(folder / "d.h5");
      for (std::size_t k = 0; k < dataset.samples().size(); ++k)
        for (const std::uint32_t channel : dataset.read(k).channels) REQUIRE(channel < dataset.channels());
    } catch (const Error&) {
    }
  }
}

}  // namespace shd_dataset_test
