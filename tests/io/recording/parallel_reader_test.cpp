// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/parallel_reader.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/formats/dat.hpp"
#include "io/formats/evt2.hpp"
#include "io/formats/evt3.hpp"
#include "tests/io/recording/recording_bytes.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace parallel_reading {

constexpr SensorSize sensor{640, 480};

struct Outcome {
  std::vector<AddressEvent> events;
  ReadStatistics statistics;
};

Outcome read_all(EventReader& reader, std::size_t piece) {
  Outcome outcome;
  std::vector<AddressEvent> part(piece);
  while (const std::size_t got = reader.read(part))
    outcome.events.insert(outcome.events.end(), part.begin(),
                          part.begin() + static_cast<std::ptrdiff_t>(got));
  outcome.statistics = reader.statistics();
  return outcome;
}

bool same(const Outcome& a, const Outcome& b) {
  return a.events == b.events && a.statistics.triggers == b.statistics.triggers &&
         a.statistics.skipped == b.statistics.skipped && a.statistics.damaged == b.statistics.damaged &&
         a.statistics.damage == b.statistics.damage && a.statistics.bytes_read == b.statistics.bytes_read;
}

/// Reads the bytes sequentially, event by event, and in slices of many lengths, to be the same.
template <class Decoder>
void check_slices(const std::string& bytes, std::initializer_list<std::size_t> lengths) {
  const TemporaryRecording file(bytes);
  StreamReader<Decoder> reader(ByteSource(file.path()), Decoder(sensor), sensor);
  const Outcome expected = read_all(reader, 4096);
  StreamReader<Decoder> one_by_one(ByteSource(file.path()), Decoder(sensor), sensor);
  CHECK(same(read_all(one_by_one, 1), expected));  // never room for the words that are taken together
  for (const std::size_t length : lengths)
    for (const std::size_t threads : {1U, 2U, 3U}) {
      CAPTURE(length);
      CAPTURE(threads);
      ParallelReader<Decoder> sliced(file.path(), 0, Decoder(sensor), sensor, threads, length);
      CHECK(same(read_all(sliced, threads == 2 ? 100'000 : 257), expected));
    }
}

/// Words that mostly make sense: of `weights`, how often each type comes.
std::uint32_t random_type(RandomSequence& random, const std::vector<std::uint32_t>& weights) {
  std::uint32_t sum = 0;
  for (const std::uint32_t weight : weights) sum += weight;
  std::uint32_t at = random.below(sum);
  std::uint32_t type = 0;
  while (at >= weights[type]) at -= weights[type++];
  return type;
}

std::string random_evt3(std::uint32_t seed, const std::vector<std::uint32_t>& weights) {
  RandomSequence random(seed, Purpose::test, 0, 0);
  std::vector<std::uint32_t> words;
  std::uint32_t high = 4000;
  for (int i = 0; i < 6000; ++i) {
    const std::uint32_t type = random_type(random, weights);
    std::uint32_t value = random.below(4096);
    if (type == Evt3Decoder::time_high) {
      high = random.below(50) == 0 ? random.below(4096) : (high + random.below(3)) % 4096;
      value = high;
    }
    if (type <= 3) value = (value & 0x800U) | random.below(random.below(30) == 0 ? 2048 : 470);
    words.push_back(type << 12U | value);
  }
  return words16(words);
}

std::string random_evt2(std::uint32_t seed, std::uint32_t clocks) {
  RandomSequence random(seed, Purpose::test, 0, 0);
  std::vector<std::uint32_t> words;
  std::uint32_t high = 0xffffff0U;
  for (int i = 0; i < 3000; ++i) {
    if (random.below(clocks) == 0) {
      high = random.below(20) == 0 ? random() & 0xfffffffU : (high + random.below(3)) & 0xfffffffU;
      words.push_back(0x80000000U | high);
    } else {
      const std::uint32_t kind = random.below(60);
      words.push_back(kind == 0   ? random()
                      : kind == 1 ? 0xa0000000U
                                  : random.below(2) << 28U | random.below(64) << 22U |
                                        random.below(640) << 11U | random.below(480));
    }
  }
  return words32(words);
}

std::string random_dat(std::uint32_t seed) {
  RandomSequence random(seed, Purpose::test, 0, 0);
  std::vector<std::uint32_t> words;
  std::uint32_t time = 0xffffff00U;
  for (int i = 0; i < 2000; ++i) {
    time = random.below(100) == 0 ? random() : time + random.below(3);
    words.push_back(time);
    words.push_back(random.below(2) << 28U | random.below(490) << 14U | random.below(650));
  }
  return words32(words);
}

TEST_CASE("EVT3 decoded in slices is what it is decoded in one, whatever the words") {
  //                                       y  ex  x  base v12 v8 low -  high - trig
  const std::vector<std::uint32_t> busy = {20, 0, 40, 8, 16, 8, 20, 1, 4, 0, 1, 0, 0, 0, 1, 1};
  const std::vector<std::uint32_t> odd = {10, 3, 10, 5, 10, 10, 10, 1, 2, 1, 3, 1, 1, 1, 1, 1};
  const std::vector<std::uint32_t> plain = {20, 0, 60, 0, 0, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<std::uint32_t> rare = {2000, 1, 3000, 2, 1500, 1000, 900, 0, 2, 0, 1, 0, 0, 0, 0, 0};
  for (std::uint32_t seed = 0; seed < 3; ++seed)
    for (const auto& weights : {busy, odd, plain, rare})
      check_slices<Evt3Decoder>(random_evt3(seed, weights) + (seed == 1 ? "x" : ""),
                                {2, 6, 30, 334, 1000, 5000});
}

TEST_CASE("EVT2 and DAT decoded in slices are what they are decoded in one, wraps and damage included") {
  for (std::uint32_t seed = 0; seed < 3; ++seed) {
    for (const std::uint32_t clocks : {2U, 10U, 500U})
      check_slices<Evt2Decoder>(random_evt2(seed, clocks) + (seed == 1 ? "xyz" : ""),
                                {4, 12, 100, 1000, 5000});
    check_slices<DatDecoder<2>>(random_dat(seed) + (seed == 1 ? "xyz" : ""), {8, 24, 200, 1000, 5000});
  }
}

TEST_CASE("bytes of any kind decoded in slices are what they are decoded in one") {
  RandomSequence random(9, Purpose::test, 0, 0);
  std::string noise;
  for (int i = 0; i < 6001; ++i) noise += static_cast<char>(random());
  check_slices<Evt2Decoder>(noise, {4, 100, 1000});
  check_slices<Evt3Decoder>(noise, {2, 100, 1000});
  check_slices<DatDecoder<2>>(noise, {8, 100, 1000});
}

TEST_CASE("real recordings on several threads are what they are on one, also with bytes changed") {
  RandomSequence random(10, Purpose::test, 0, 0);
  for (const auto& path : reference_files("events", {"evt2_sample.raw", ".evt2bin", "evt3_sample.raw",
                                                     "trigger_640.raw", "td.dat", "2021-04.dat"})) {
    CAPTURE(path.string());
    const EventFormat& format = recognise_recording(path);
    REQUIRE(static_cast<bool>(format.open_on != nullptr));
    std::string bytes = file_bytes(path);
    for (int round = 0; round < 2; ++round) {
      const TemporaryRecording file(bytes);
      const Outcome expected = read_all(*format.open(file.path()), 65536);
      CHECK(same(read_all(*format.open(file.path(), {}, 2), 1U << 20U), expected));
      CHECK(same(read_all(*format.open(file.path(), {}, 3), 65536), expected));
      CHECK(read_recording(file.path(), format.name, {}, 2).events == expected.events);
      for (int k = 0; k < 300; ++k)
        bytes[500 + random.below(static_cast<std::uint32_t>(bytes.size()) - 500)] =
            static_cast<char>(random());
    }
  }
}

TEST_CASE("a missing file and formats for one thread are the same on several") {
  CHECK_THROWS_AS(static_cast<void>(read_recording("/nonexistent.raw", "evt2", {}, 2)), SystemError);
  const std::string atis("\x01\x02\x80\x00\x05", 5);
  const TemporaryRecording file(atis);
  CHECK(read_recording(file.path(), "atis", {}, 2).events == std::vector<AddressEvent>{{5, 1, 2, true}});
}

}  // namespace parallel_reading
