// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include "tests/io/recording/column_events.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/numpy_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using ArchiveEvents = std::vector<AddressEvent>;

struct ArchiveMember {
  std::string name;
  std::string bytes;
  bool deflated = false;
};

std::string deflated(const std::string& bytes) {
  std::string packed(bytes.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string input = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// The fields that a zip archive's two headers of a member share.
std::string member_fields(const ArchiveMember& member, const std::string& packed) {
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(member.bytes.data()), static_cast<uInt>(member.bytes.size())));
  return words16({20, 0, member.deflated ? 8U : 0U, 0, 0x21}) +
         words32({crc, static_cast<std::uint32_t>(packed.size()),
                  static_cast<std::uint32_t>(member.bytes.size())}) +
         words16({static_cast<std::uint32_t>(member.name.size()), 0});
}

std::string archive_of(const std::vector<ArchiveMember>& members) {
  std::string files;
  std::string directory;
  for (const ArchiveMember& member : members) {
    const std::string packed = member.deflated ? deflated(member.bytes) : member.bytes;
    const auto offset = static_cast<std::uint32_t>(files.size());
    files += "PK\x03\x04" + member_fields(member, packed) + member.name + packed;
    directory += "PK\x01\x02" + words16({20}) + member_fields(member, packed) + words16({0, 0, 0}) +
                 words32({0, offset}) + member.name;
  }
  const auto count = static_cast<std::uint32_t>(members.size());
  return files + directory + "PK\x05\x06" + words16({0, 0, count, count}) +
         words32({static_cast<std::uint32_t>(directory.size()), static_cast<std::uint32_t>(files.size())}) +
         words16({0});
}

template <class T>
std::string list_of(const std::string& type, const std::vector<T>& numbers) {
  return npy_bytes("'" + type + "'", "(" + std::to_string(numbers.size()) + ",)", matrix_bytes(numbers));
}

std::string events_array(int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) rows += matrix_bytes<std::int32_t>({i, i % 64, i % 48, i % 2});
  return npy_bytes("'<i4'", "(" + std::to_string(count) + ", 4)", rows);
}

}  // namespace

TEST_CASE("the NumPy archive of the manifest is read to the last event, by either form") {
  check_manifest("derived/events.npz", "npz");
  check_derived("derived/events.npz");
  check_derived("derived/events.npz", 0, {{"array", "events"}});
}

TEST_CASE("a NumPy archive's array of events is found among others, stored or deflated") {
  for (const bool packed : {false, true}) {
    const std::string bytes = archive_of({{"labels.npy", list_of<std::int32_t>("<i4", {1, 2, 3}), packed},
                                          {"notes.txt", "hello", packed},
                                          {"a.npy", events_array(3), packed},
                                          {"b.npy", events_array(2), packed}});
    const EventRecording r = read_bytes(bytes, "");
    CHECK(r.format == "npz");
    CHECK(r.events == ArchiveEvents{{0, 0, 0, false}, {1, 1, 1, true}, {2, 2, 2, false}});
    CHECK(r.statistics.bytes_read == bytes.size());
    CHECK(read_bytes(bytes, "", {{"array", "b"}}).events.size() == 2);
    CHECK(reading_refusal(bytes, "", {{"array", "c"}}).find("its file 'c.npy' cannot be read") !=
          std::string::npos);
    CHECK(
        reading_refusal(bytes, "", {{"array", "labels"}}).find("labels.npy: it holds an array of 3 of <i4") !=
        std::string::npos);
  }
}

TEST_CASE("a NumPy archive's lists make events, of any number types") {
  const std::vector<ArchiveMember> lists{{"y.npy", list_of<std::int16_t>("<i2", {4, 5, -1}), true},
                                         {"x.npy", list_of<float>("<f4", {2, 3, 1}), false},
                                         {"pol.npy", list_of<std::uint8_t>("|b1", {1, 0, 1}), false},
                                         {"timestamps.npy", list_of<double>("<f8", {1, 2, 3}), true}};
  const EventRecording r = read_bytes(archive_of(lists), "");
  CHECK(r.events == ArchiveEvents{{1000000, 2, 4, true}, {2000000, 3, 5, false}});
  CHECK(r.statistics.damage == "a row's numbers are no event on the sensor in row 2");
  std::vector<ArchiveMember> uneven = lists;
  uneven[1].bytes = list_of<float>("<f4", {2, 3});
  CHECK(reading_refusal(archive_of(uneven), "").find("x.npy: it holds 2 numbers, and timestamps.npy 3") !=
        std::string::npos);
  uneven.pop_back();
  CHECK(reading_refusal(archive_of(uneven), "").find("y.npy: it holds an array of 3") != std::string::npos);
  std::vector<ArchiveMember> cut = lists;
  cut[0].bytes.resize(cut[0].bytes.size() - 3);
  const EventRecording short_list = read_bytes(archive_of(cut), "");
  CHECK(short_list.events.size() == 1);
  CHECK(short_list.statistics.damage == "the data of a column ends 2 rows early");
}

TEST_CASE("archives without NumPy arrays of events are no recordings") {
  const TemporaryRecording file(archive_of({{"notes.txt", "hello"}}));
  CHECK_FALSE(is_recording(file.path()));
  CHECK(reading_refusal("PK\x03\x04 and so on", "npz").find("cannot be opened as a zip archive") !=
        std::string::npos);
}

TEST_CASE("damaged NumPy archives are refused or read to their end") {
  for (const bool packed : {false, true}) {
    const std::string bytes = archive_of({{"events.npy", events_array(100), packed}});
    check_cuts("npz", bytes);
    check_flips("npz", bytes);
  }
  const std::string whole = archive_of({{"events.npy", events_array(1000)}});
  std::string wrong = whole;
  wrong[whole.size() / 2] = static_cast<char>(wrong[whole.size() / 2] ^ 1);
  CHECK(read_bytes(wrong, "").statistics.bytes_read == wrong.size());
}
