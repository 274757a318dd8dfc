// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/checkpoint_file.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/checkpoint/repaired_checkpoint.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace checkpoint_file_test {
namespace {

Checkpoint random_checkpoint(std::uint64_t seed) {
  RandomSequence random(seed, Purpose::test, 21, 0);
  const auto word = [&] { return std::uint64_t{random()} << 32U | random(); };
  Checkpoint checkpoint;
  checkpoint.version = "0.1.0";
  checkpoint.run = {{"input", "/a/b.toml"}, {"set", ""}, {"set", std::string("\0\n\"", 3)}};
  checkpoint.network_text = "[populations]\n";
  checkpoint.fingerprint = word();
  checkpoint.number = 1 + random.below(100);
  checkpoint.dropped = random.below(2) * word();
  checkpoint.ranks = 1 + random.below(9);
  checkpoint.rank = random.below(checkpoint.ranks);
  for (std::uint32_t i = random.below(3); i > 0; --i) checkpoint.earlier.push_back(1 + random.below(9));
  for (std::uint32_t i = random.below(3); i > 0; --i) checkpoint.outputs.push_back({"run.h5", word()});
  EngineState& state = checkpoint.state;
  state = {random.uniform(), random.uniform(), random.uniform(), -1.0, word(), {}, {}, {}, {}};
  for (std::uint32_t i = random.below(4); i > 0; --i) {
    PopulationState& population = state.populations.emplace_back();
    population.resize(random.below(6), random.below(20));
    for (std::uint64_t& value : population.values) value = word();
    for (const auto count : Tally::fields()) population.counts.*count = word();
  }
  for (std::uint32_t i = random.below(4); i > 0; --i) state.sent.push_back(word());
  for (std::uint32_t i = random.below(4); i > 0; --i) state.samples.push_back(word());
  for (std::uint32_t i = random.below(30); i > 0; --i)
    state.in_flight.push_back({random.uniform(), random()});
  return checkpoint;
}

void check_equal(const Checkpoint& a, const Checkpoint& b) {
  CHECK(a.version == b.version);
  CHECK(a.run == b.run);
  CHECK(a.network_text == b.network_text);
  CHECK(a.fingerprint == b.fingerprint);
  CHECK(a.number == b.number);
  CHECK(a.dropped == b.dropped);
  CHECK(a.rank == b.rank);
  CHECK(a.ranks == b.ranks);
  CHECK(a.earlier == b.earlier);
  REQUIRE(a.outputs.size() == b.outputs.size());
  for (std::size_t i = 0; i < a.outputs.size(); ++i) {
    CHECK(a.outputs[i].name == b.outputs[i].name);
    CHECK(a.outputs[i].bytes == b.outputs[i].bytes);
  }
  CHECK(a.state.reached_ms == b.state.reached_ms);
  CHECK(a.state.now == b.state.now);
  CHECK(a.state.done_before == b.state.done_before);
  CHECK(a.state.point == b.state.point);
  CHECK(a.state.windows == b.state.windows);
  CHECK(a.state.sent == b.state.sent);
  CHECK(a.state.samples == b.state.samples);
  CHECK(a.state.in_flight == b.state.in_flight);
  REQUIRE(a.state.populations.size() == b.state.populations.size());
  for (std::size_t i = 0; i < a.state.populations.size(); ++i) {
    CHECK(a.state.populations[i].words == b.state.populations[i].words);
    CHECK(a.state.populations[i].values == b.state.populations[i].values);
    for (const auto count : Tally::fields())
      CHECK(a.state.populations[i].counts.*count == b.state.populations[i].counts.*count);
  }
}

std::string bytes_of_checkpoint(const TemporaryFolder& folder, std::uint64_t seed) {
  const std::uint64_t size = write_checkpoint(folder / "c", random_checkpoint(seed));
  CHECK(size == std::filesystem::file_size(folder / "c"));
  return bytes_of(folder / "c");
}

std::string refusal(const std::string& bytes) {
  return message_of<FormatError>([&] { (void)parse_checkpoint(bytes, "run.3.checkpoint"); });
}

}  // namespace

TEST_CASE("a checkpoint is read back as it was written") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    write_checkpoint(folder / "c", random_checkpoint(seed));
    check_equal(read_checkpoint(folder / "c"), random_checkpoint(seed));
  }
  CHECK_THROWS_AS((void)read_checkpoint(folder / "none"), SystemError);
}

TEST_CASE("10,000 damaged checkpoints are all refused") {
  const TemporaryFolder folder;
  RandomSequence random(1, Purpose::test, 22, 0);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::string whole = bytes_of_checkpoint(folder, seed);
    for (int damage = 0; damage < 1000; ++damage) {
      std::string bytes = whole;
      const auto size = static_cast<std::uint32_t>(bytes.size());
      switch (damage % 4) {
        case 0:  // one bit
          bytes[random.below(size)] ^= static_cast<char>(1U << random.below(8));
          break;
        case 1:  // some bytes
          for (std::uint32_t i = 1 + random.below(8); i > 0; --i)
            bytes[random.below(size)] ^= static_cast<char>(1 + random.below(255));
          break;
        case 2:
          bytes.resize(random.below(size));
          break;
        default:  // a page that was never written
          for (std::uint32_t at = random.below(size), i = 0; i < 64 && at + i < size; ++i) bytes[at + i] = 0;
          break;
      }
      if (bytes == whole) continue;
      REQUIRE_FALSE(refusal(bytes).empty());
    }
    CHECK_FALSE(refusal(whole + '\0').empty());
    CHECK_FALSE(refusal(whole + whole).empty());
    CHECK(refusal(whole).empty());
  }
}

TEST_CASE(
    "damage that checksums do not see is refused or read, and takes no more memory than there are bytes") {
  const TemporaryFolder folder;
  RandomSequence random(2, Purpose::test, 22, 0);
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::string whole = bytes_of_checkpoint(folder, seed);
    for (int damage = 0; damage < 1000; ++damage) {
      std::string bytes = whole;
      for (std::uint32_t i = 1 + random.below(4); i > 0; --i)
        bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] ^=
            static_cast<char>(1U << random.below(8));
      try {
        const Checkpoint read = parse_checkpoint(with_checksums(bytes), "c");
        for (const PopulationState& population : read.state.populations)
          REQUIRE(population.values.size() * 8 <= bytes.size());
      } catch (const FormatError&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 1000);
  CHECK(refused < 9500);
}

TEST_CASE("what is wrong is said in a sentence") {
  const TemporaryFolder folder;
  const std::string whole = bytes_of_checkpoint(folder, 3);
  CHECK(refusal("") == "'run.3.checkpoint' is no checkpoint of flurry");
  CHECK(refusal("[populations]") == "'run.3.checkpoint' is no checkpoint of flurry");
  CHECK(refusal(whole.substr(0, 12)) == "the checkpoint 'run.3.checkpoint' is damaged: it ends in its head");
  CHECK(refusal(whole.substr(0, whole.size() - 1)) ==
        "the checkpoint 'run.3.checkpoint' is damaged: it ends in section 'flight'");
  std::string newer = whole;
  newer[8] = 3;
  CHECK(refusal(newer) ==
        "the checkpoint 'run.3.checkpoint' is damaged: the checksum of its head does not fit");
  CHECK(refusal(with_checksums(newer)) ==
        "the checkpoint 'run.3.checkpoint' has layout 3; this program reads layout 2: go on with the version "
        "of "
        "flurry that wrote it");
}

TEST_CASE("a file is whole or as it was: another name is written to first") {
  const TemporaryFolder folder;
  const std::string before = bytes_of_checkpoint(folder, 4);
  std::filesystem::create_directory(folder / "c.partial");  // nothing can be written there
  CHECK_THROWS_AS(write_checkpoint(folder / "c", random_checkpoint(5)), SystemError);
  CHECK(bytes_of(folder / "c") == before);
}

}  // namespace checkpoint_file_test
