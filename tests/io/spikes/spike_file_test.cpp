// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "tests/io/hdf5/file_size_limit.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

// Neurons "e" 0..9, a source "noise" 10..12, neurons "i" 13..17.
Network small_network() {
  std::vector<Population> populations(3);
  const std::array<const char*, 3> names{"e", "noise", "i"};
  const std::array<std::uint32_t, 3> sizes{10, 3, 5};
  std::uint32_t first = 0;
  for (std::size_t p = 0; p < 3; ++p) {
    populations[p].description.name = names[p];
    populations[p].description.size = sizes[p];
    populations[p].first = first;
    first += sizes[p];
  }
  return Network(std::move(populations), {}, 1);
}

const std::vector<bool> sources{false, true, false};

Provenance some_provenance() {
  Provenance provenance;
  provenance.version = "1.2.3";
  provenance.command = "flurry run a.toml";
  provenance.network_text = "[population.e]\n# größe\n";
  provenance.network_path = "a.toml";
  provenance.seed = 18446744073709551615ULL;
  provenance.until = 1000.0;
  return provenance;
}

SpikeTrain random_spikes(std::size_t count, std::uint64_t element) {
  RandomSequence random(7, Purpose::test, 2, element);
  SpikeTrain spikes(count);
  for (Spike& spike : spikes) {
    const std::uint32_t neuron = random.below(15);
    spike = {random.uniform() * 1000.0, neuron < 10 ? neuron : neuron + 3};
  }
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

PopulationSpikes expected(const SpikeTrain& spikes, std::uint32_t first, std::uint32_t size) {
  PopulationSpikes result;
  for (const Spike& spike : spikes) {
    if (spike.neuron < first || spike.neuron >= first + size) continue;
    result.times.push_back(spike.time);
    result.ids.push_back(spike.neuron - first);
  }
  return result;
}

bool equal(const PopulationSpikes& a, const PopulationSpikes& b) {
  return a.times == b.times && a.ids == b.ids;
}

// A file of another program: groups under /spikes as `fill` makes them.
template <class Fill>
std::filesystem::path foreign_file(const TemporaryFolder& folder, const Fill& fill) {
  Hdf5File file = Hdf5File::create(folder / "foreign.h5");
  Hdf5Group root = file.root();
  fill(root);
  file.close();
  return folder / "foreign.h5";
}

}  // namespace

TEST_CASE("spikes come back from a spike file as they were recorded, by population and with local numbers") {
  const TemporaryFolder folder;
  for (const std::size_t count : {0U, 1U, 1000U, 200000U}) {
    CAPTURE(count);
    std::filesystem::remove(folder / "run.h5");
    const SpikeTrain spikes = random_spikes(count, count);
    SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
    for (std::size_t i = 0; i < count; i += 777)
      writer.record(std::span(spikes).subspan(i, std::min<std::size_t>(777, count - i)));
    CHECK_FALSE(std::filesystem::exists(folder / "run.h5"));
    writer.finish(1000.0, true, "{\"spikes\": 1}");
    CHECK_FALSE(std::filesystem::exists(folder / "run.h5.partial"));
    const SpikeFile file = read_spike_file(folder / "run.h5");
    REQUIRE(file.populations.size() == 2);
    CHECK(equal(file.populations.at("e"), expected(spikes, 0, 10)));
    CHECK(equal(file.populations.at("i"), expected(spikes, 13, 5)));
    CHECK(file.status.known);
    CHECK(file.status.complete);
    CHECK(file.status.until == 1000.0);
    CHECK(file.counts_json == "{\"spikes\": 1}");
  }
}

TEST_CASE("a spike file remembers where it came from") {
  const TemporaryFolder folder;
  SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
  writer.finish(250.5, false, "{}");
  const SpikeFile file = read_spike_file(folder / "run.h5");
  CHECK(file.provenance.at("program") == "flurry");
  CHECK(file.provenance.at("version") == "1.2.3");
  CHECK(file.provenance.at("command") == "flurry run a.toml");
  CHECK(file.provenance.at("network_text") == "[population.e]\n# größe\n");
  CHECK(file.provenance.at("network_path") == "a.toml");
  CHECK(file.provenance.at("seed") == "18446744073709551615");
  CHECK(file.provenance.at("until") == "1000");
  CHECK(file.provenance.at("status") == "incomplete");
  CHECK(file.status.known);
  CHECK_FALSE(file.status.complete);
  CHECK(file.status.until == 250.5);
}

TEST_CASE("a spike file has the layout of SONATA") {
  const TemporaryFolder folder;
  SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
  writer.record(std::vector<Spike>{{1.5, 3}});
  writer.finish(2.0, true, "{}");
  const Hdf5File file = Hdf5File::open(folder / "run.h5");
  const Hdf5Group root = file.root();
  CHECK(root.find_natural("magic") == 0x0A7A);
  CHECK(root.has_attribute("version"));
  const Hdf5Group spikes = root.group("spikes");
  CHECK(spikes.members() == std::vector<std::string>{"e", "i"});
  CHECK(spikes.group("e").find_text("sorting") == "by_time");
  CHECK(spikes.group("e").dataset("timestamps").find_text("units") == "ms");
  CHECK(spikes.group("i").dataset("node_ids").size() == 0);
}

TEST_CASE("a writer that never finishes leaves nothing behind") {
  const TemporaryFolder folder;
  {
    SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
    writer.record(std::vector<Spike>{{1.5, 3}});
    CHECK(std::filesystem::exists(folder / "run.h5.partial"));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a run that is killed leaves a readable file, marked incomplete, with all flushed spikes") {
  const TemporaryFolder folder;
  const SpikeTrain spikes = random_spikes(300000, 99);
  const pid_t child = fork();
  if (child == 0) {
    SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
    for (std::size_t i = 0; i < spikes.size(); i += 1000) writer.record(std::span(spikes).subspan(i, 1000));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK_FALSE(std::filesystem::exists(folder / "run.h5"));
  const SpikeFile file = read_spike_file(folder / "run.h5.partial");
  CHECK(file.status.known);
  CHECK_FALSE(file.status.complete);
  PopulationSpikes whole = expected(spikes, 0, 10);
  const PopulationSpikes& kept = file.populations.at("e");
  REQUIRE(kept.times.size() > 65536);
  REQUIRE(kept.times.size() <= whole.times.size());
  CHECK(kept.times.back() <= file.status.until);
  whole.times.resize(kept.times.size());
  whole.ids.resize(kept.ids.size());
  CHECK(equal(kept, whole));
}

TEST_CASE("a full disk while spikes are written is an error, and nothing that looks complete is left") {
  const TemporaryFolder folder;
  const SpikeTrain spikes = random_spikes(200000, 5);
  for (const rlim_t room : {rlim_t{0}, rlim_t{1000}, rlim_t{20000}, rlim_t{300000}, rlim_t{1000000}}) {
    CAPTURE(room);
    const FileSizeLimit full(room);
    CHECK_THROWS_AS(
        [&] {
          SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
          for (std::size_t i = 0; i < spikes.size(); i += 1000)
            writer.record(std::span(spikes).subspan(i, 1000));
          writer.finish(1000.0, true, "{}");
        }(),
        SystemError);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("a spike file is refused where it cannot be made") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(SpikeFileWriter(folder / "no/run.h5", small_network(), sources, some_provenance()),
                  SystemError);
  std::vector<Population> populations(1);
  populations[0].description.name = "a/b";
  populations[0].description.size = 1;
  const Network slash(populations, {}, 1);
  CHECK_THROWS_AS(SpikeFileWriter(folder / "run.h5", slash, {false}, some_provenance()), UsageError);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("many flushes of few spikes do not bloat the file") {
  const TemporaryFolder folder;
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  Hdf5Dataset times = file.root().create_list<double>("times");
  RandomSequence random(3, Purpose::test, 3, 0);
  for (int flush = 0; flush < 2000; ++flush) {
    std::array<double, 10> some{};
    for (double& value : some) value = flush + random.uniform();
    times.append(std::span<const double>(some));
    file.flush();
  }
  file.close();
  CHECK(std::filesystem::file_size(folder / "a.h5") < 20000 * 8 * 2);
}

TEST_CASE("spike files of other programs are read in all their flavours") {
  const TemporaryFolder folder;
  const std::vector<double> times{1.0, 2.5};
  SUBCASE("old flat layout, signed ids, no magic") {
    const SpikeFile file = read_spike_file(foreign_file(folder, [&](Hdf5Group& root) {
      Hdf5Group spikes = root.create_group("spikes");
      spikes.write("timestamps", times);
      spikes.write("gids", std::vector<std::int64_t>{4, 0});
    }));
    CHECK(file.populations.at("").ids == std::vector<std::uint64_t>{4, 0});
    CHECK(file.populations.at("").times == times);
    CHECK_FALSE(file.status.known);
    CHECK_FALSE(file.status.complete);
    CHECK(file.provenance.empty());
  }
  SUBCASE("several populations, other units text, 32 bit times") {
    const SpikeFile file = read_spike_file(foreign_file(folder, [&](Hdf5Group& root) {
      Hdf5Group spikes = root.create_group("spikes");
      for (const char* name : {"a", "b"}) {
        Hdf5Group population = spikes.create_group(name);
        population.set_attribute("sorting", "none");
        population.write("timestamps", std::vector<float>{1.0F, 2.5F}).set_attribute("units", "milliseconds");
        population.write("node_ids", std::vector<std::uint32_t>{7, 8});
      }
    }));
    REQUIRE(file.populations.size() == 2);
    CHECK(file.populations.at("b").times == times);
    CHECK(file.populations.at("b").ids == std::vector<std::uint64_t>{7, 8});
  }
}

TEST_CASE("a spike file that contradicts itself is refused with the place") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::vector<double>& times, const std::vector<std::int64_t>& ids,
                           const char* units) {
    const auto path = foreign_file(folder, [&](Hdf5Group& root) {
      Hdf5Group population = root.create_group("spikes").create_group("v1");
      population.write("timestamps", times).set_attribute("units", units);
      population.write("node_ids", ids);
    });
    return message_of<FormatError>([&] { (void)read_spike_file(path); });
  };
  CHECK(contains(refusal({1.0, 2.0}, {1}, "ms"), "holds 2 values but"));
  CHECK(contains(refusal({1.0}, {-1}, "ms"), "negative"));
  CHECK(contains(refusal({1.0, std::nan("")}, {1, 1}, "ms"), "timestamps' value 1 is nan"));
  CHECK(contains(refusal({INFINITY}, {1}, "ms"), "finite"));
  CHECK(contains(refusal({1.0}, {1}, "s"), "has units 's'; expected 'ms'"));
  CHECK(refusal({1.0}, {1}, "ms").empty());
  CHECK(contains(message_of<FormatError>([&] {
                   (void)read_spike_file(
                       foreign_file(folder, [](Hdf5Group& root) { root.create_group("spikes"); }));
                 }),
                 "holds no population"));
  CHECK(contains(message_of<FormatError>([&] {
                   (void)read_spike_file(
                       foreign_file(folder, [](Hdf5Group& root) { root.create_group("other"); }));
                 }),
                 "no group '/spikes'"));
}

TEST_CASE("a spike file cut anywhere is refused, and told from other files") {
  const TemporaryFolder folder;
  SpikeFileWriter writer(folder / "run.h5", small_network(), sources, some_provenance());
  const SpikeTrain spikes = random_spikes(500, 1);
  writer.record(spikes);
  writer.finish(1000.0, true, "{}");
  CHECK(is_spike_file(folder / "run.h5"));
  const std::string whole = bytes_of(folder / "run.h5");
  std::size_t misread = 0;
  for (std::size_t length = 0; length < whole.size(); length += length < 400 ? 1 : 37) {
    write_bytes(folder / "cut.h5", whole.substr(0, length));
    if (message_of<Error>([&] { (void)read_spike_file(folder / "cut.h5"); }).empty()) ++misread;
  }
  CHECK(misread == 0);
  CHECK_FALSE(is_spike_file(folder / "cut.h5"));
  CHECK_FALSE(is_spike_file(folder / "none.h5"));
}

TEST_CASE("spike files of other simulators hold what their authors counted") {
  const std::map<std::string, std::pair<std::string, std::size_t>> known{
      {"300_cells_spikes.h5", {"internal", 13010}},
      {"300_intfire/output/spikes.h5", {"v1", 4322}},
      {"300_intfire/inputs/lgn_spikes.h5", {"", 2738}},
      {"300_intfire/inputs/tw_spikes.h5", {"", 295}}};
  for (const auto& [name, content] : known) {
    const std::filesystem::path path = reference_data() / "sonata" / name;
    if (!std::filesystem::exists(path)) {
      MESSAGE("skipped: no " << path.string());
      continue;
    }
    CAPTURE(name);
    CHECK(is_spike_file(path));
    const SpikeFile file = read_spike_file(path);
    REQUIRE(file.populations.size() == 1);
    CHECK(file.populations.begin()->first == content.first);
    CHECK(file.populations.begin()->second.times.size() == content.second);
    CHECK_FALSE(file.status.known);
  }
}
