// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/formats/prophesee_hdf5.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <hdf5.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/ecf_bytes.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace prophesee_hdf5_files {

constexpr std::size_t chunk_length = 64;

struct Record {
  std::uint16_t x, y;
  std::int16_t p;
  std::int64_t t;
};
using Records = std::vector<Record>;

Records records_of(const Events& events) {
  Records records;
  for (const AddressEvent& event : events)
    records.push_back({event.x, event.y, static_cast<std::int16_t>(event.on ? 1 : 0), event.t});
  return records;
}

/// How the chunks are stored.
enum class Storage { ecf, ecf_padded, left_out, plain, contiguous, gzip };

Hdf5Handle event_type() {
  Hdf5Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Record)));
  H5Tinsert(type.get(), "x", offsetof(Record, x), H5T_NATIVE_UINT16);
  H5Tinsert(type.get(), "y", offsetof(Record, y), H5T_NATIVE_UINT16);
  H5Tinsert(type.get(), "p", offsetof(Record, p), H5T_NATIVE_INT16);
  H5Tinsert(type.get(), "t", offsetof(Record, t), H5T_NATIVE_INT64);
  return type;
}

Hdf5Handle storage_plan(Storage storage) {
  Hdf5Handle plan(H5Pcreate(H5P_DATASET_CREATE));
  const hsize_t chunk = chunk_length;
  if (storage != Storage::contiguous) H5Pset_chunk(plan.get(), 1, &chunk);
  if (storage == Storage::ecf || storage == Storage::ecf_padded || storage == Storage::left_out)
    H5Pset_filter(plan.get(), 0x8ECF, H5Z_FLAG_OPTIONAL, 0, nullptr);
  if (storage == Storage::gzip) H5Pset_deflate(plan.get(), 1);
  return plan;
}

void put_chunks(Hdf5Handle::Id dataset, const Events& events, Storage storage) {
  for (std::size_t first = 0, number = 0; first < events.size(); first += chunk_length, ++number) {
    Events part(events.begin() + static_cast<std::ptrdiff_t>(first),
                events.begin() + static_cast<std::ptrdiff_t>(std::min(first + chunk_length, events.size())));
    if (storage == Storage::ecf_padded) part.resize(chunk_length, part.back());
    const hsize_t start = first;
    const std::string bytes = ecf_chunk(part, static_cast<EcfPacking>(number % 3));
    H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &start, bytes.size(), bytes.data());
  }
}

/// The bytes of an HDF5 file as Prophesee's tools write it.
std::string hdf5_bytes(const Events& events, Storage storage, const std::string& geometry = "64x48") {
  const TemporaryRecording file("");
  {
    const Hdf5Handle whole(H5Fcreate(file.path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    Hdf5Group root(Hdf5Handle(H5Gopen2(whole.get(), "/", H5P_DEFAULT)), file.path().string(), "/");
    root.set_attribute("geometry", geometry);
    const Hdf5Handle group(H5Gcreate2(whole.get(), "CD", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const hsize_t size = events.size();
    const Hdf5Handle space(H5Screate_simple(1, &size, nullptr));
    const Hdf5Handle type = event_type();
    const Hdf5Handle plan = storage_plan(storage);
    const Hdf5Handle dataset(
        H5Dcreate2(group.get(), "events", type.get(), space.get(), H5P_DEFAULT, plan.get(), H5P_DEFAULT));
    REQUIRE(dataset.get() >= 0);
    if (storage == Storage::ecf || storage == Storage::ecf_padded)
      put_chunks(dataset.get(), events, storage);
    else
      H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, records_of(events).data());
    const hsize_t triggers = 3;
    const Hdf5Handle few(H5Screate_simple(1, &triggers, nullptr));
    const Hdf5Handle others(H5Gcreate2(whole.get(), "EXT_TRIGGER", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const Hdf5Handle list(
        H5Dcreate2(others.get(), "events", type.get(), few.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  }
  return file_bytes(file.path());
}

Events walk(std::size_t count) {
  Events events;
  for (std::size_t i = 0; i < count; ++i)
    events.push_back({static_cast<std::int64_t>(100 + i * i), static_cast<std::uint16_t>(i % 64),
                      static_cast<std::uint16_t>(i / 7 % 48), i % 3 == 0});
  return events;
}

TEST_CASE("Prophesee's HDF5 gives its events however its chunks are stored") {
  const Events events = walk(1000);  // the last chunk is not full
  for (const Storage storage : {Storage::ecf, Storage::ecf_padded, Storage::left_out, Storage::plain,
                                Storage::contiguous, Storage::gzip}) {
    CAPTURE(static_cast<int>(storage));
    const TemporaryRecording file(hdf5_bytes(events, storage));
    const EventRecording r = read_recording(file.path());
    CHECK(r.format == "prophesee-hdf5");
    CHECK(r.events == events);
    CHECK(r.sensor.width == 64);
    CHECK(r.sensor.height == 48);
    CHECK(r.statistics.triggers == 3);
    CHECK(r.statistics.damaged == 0);
    CHECK(r.statistics.bytes_read == std::filesystem::file_size(file.path()));
    for (const std::size_t piece : {1U, 63U, 64U, 65U, 4096U})
      CHECK(read_in_pieces(file.path(), "", piece) == events);
  }
}

TEST_CASE("events of Prophesee's HDF5 off the sensor are dropped and counted") {
  Events events = walk(100);
  events[3].x = 64;
  events[70].y = 48;
  const EventRecording r = read_bytes(hdf5_bytes(events, Storage::ecf), "");
  CHECK(r.events.size() == 98);
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage.find("outside the sensor, in the chunk at byte offset") != std::string::npos);
  CHECK(read_bytes(hdf5_bytes(events, Storage::ecf, "unknown"), "").events == events);
}

TEST_CASE("an ECF chunk that is damaged is left out and named with its place") {
  const Events events = walk(1000);
  std::string bytes = hdf5_bytes(events, Storage::ecf);
  const std::string second = ecf_chunk(std::span(events).subspan(64, 64), EcfPacking::columns);
  const std::size_t place = bytes.find(second);
  REQUIRE(place != std::string::npos);
  bytes[place + 12] = '\x0f';  // a run of 65 thousand events
  const EventRecording r = read_bytes(bytes, "");
  CHECK(r.events.size() == 1000 - 64);
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage == "an ECF chunk contradicts itself at byte offset " + std::to_string(place));
  bytes[place + 1] = '\x7f';  // eight thousand events more than the chunk's
  CHECK(read_bytes(bytes, "").statistics.damage.find("events instead of 64 at byte offset") !=
        std::string::npos);
}

TEST_CASE("a file that only begins like HDF5 is refused") {
  CHECK_THROWS_AS(read_bytes("\x89HDF\r\n\x1a\n damaged", "prophesee-hdf5"), FormatError);
}

TEST_CASE("Prophesee's HDF5 that was cut is refused in a sentence") {
  check_cuts("prophesee-hdf5", hdf5_bytes(walk(300), Storage::ecf));
}

// Changed bytes of HDF5's own structures are HDF5's to find (io/hdf5/README.md): only those of chunks change.
TEST_CASE(
    "Prophesee's HDF5 with bytes of its chunks changed is read to its end, without an event off the sensor") {
  const Events events = walk(300);
  const std::string bytes = hdf5_bytes(events, Storage::ecf);
  RandomSequence random(11, Purpose::test, 0, 0);
  for (int i = 0; i < 300; ++i) {
    const std::size_t number = random.below(4);
    const std::string chunk = ecf_chunk(std::span(events).subspan(number * chunk_length, chunk_length),
                                        static_cast<EcfPacking>(number % 3));
    const std::size_t place = bytes.find(chunk);
    REQUIRE(place != std::string::npos);
    std::string flipped = bytes;
    for (std::uint32_t flips = 1 + random.below(4); flips > 0; --flips)
      flipped[place + random.below(static_cast<std::uint32_t>(chunk.size()))] = static_cast<char>(random());
    const EventRecording r = read_bytes(flipped, "");
    const bool inside = std::all_of(r.events.begin(), r.events.end(),
                                    [](const AddressEvent& event) { return event.x < 64 && event.y < 48; });
    CHECK(inside);
    CHECK(r.events.size() >= 300 - chunk_length);
    CHECK((r.statistics.damaged > 0) == !r.statistics.damage.empty());
  }
}

}  // namespace prophesee_hdf5_files
