// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/io/formats/ros_bytes.hpp"
#include "tests/io/recording/column_events.hpp"
#include "tests/io/recording/damage_check.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using BagEvents = std::vector<AddressEvent>;

const std::string packet_type = "event_camera_msgs/EventPacket";

/// Events as messages of encoding mono, some a message, times after the time base of 1 ms.
std::vector<BagMessage> mono_messages(bool cdr, const BagEvents& events, std::size_t each) {
  std::vector<BagMessage> messages;
  for (std::size_t i = 0; i < events.size(); i += each) {
    std::string words;
    for (std::size_t k = i; k < std::min(events.size(), i + each); ++k)
      words += mono_word(static_cast<std::uint32_t>(events[k].t - 1000) * 1000, events[k].x, events[k].y,
                         events[k].on);
    messages.push_back({"/cam/events", packet_type, packet_bytes(cdr, i / each, 1'000'000, "mono", words)});
  }
  return messages;
}

BagEvents walking_events(int count) {
  BagEvents events;
  for (int i = 0; i < count; ++i)
    events.push_back(
        {1000 + 3 * i, static_cast<std::uint16_t>(i % 64), static_cast<std::uint16_t>(i % 48), i % 3 == 0});
  return events;
}

EventRecording read_packet(const std::string& encoding, const std::string& events,
                           std::uint64_t time_base = 0) {
  return read_bytes(
      ros1_bag({{"/e", packet_type, packet_bytes(false, 1, time_base, encoding, events)}}, "none"), "");
}

std::uint32_t libcaer_word(std::uint32_t x, std::uint32_t y, bool on, bool valid = true) {
  return x << 17U | y << 2U | (on ? 2U : 0U) | (valid ? 1U : 0U);
}

}  // namespace

TEST_CASE("the bags of the manifest are read to the last event") {
  check_manifest("rosbag/test_events_1.bag", "rosbag1");
  check_manifest("rosbag/test_data_mono_cd_0.db3", "rosbag2");
  for (const auto& bag : reference_files("events", {"test_events_1.bag"})) {
    const auto raw = bag.parent_path().parent_path() / "derived" / "evt3_trigger_640.raw";
    const EventRecording r = read_recording(bag);
    CHECK(r.sensor.width == 640);
    CHECK(r.sensor.height == 480);
    CHECK(r.statistics.triggers == 4157);
    std::int64_t sum = 0;
    for (const AddressEvent& event : r.events) sum += event.t;
    CHECK(sum == 2851601611994);
    if (std::filesystem::exists(raw)) CHECK((r.events == read_recording(raw).events));
    for (const std::size_t piece : {1U, 1000U}) CHECK((read_in_pieces(bag, "", piece) == r.events));
  }
}

TEST_CASE("messages are read from every container and compression, and by however few events at once") {
  const BagEvents events = walking_events(50);
  std::vector<std::string> files;
  for (const char* compression : {"none", "bz2", "lz4"})
    files.push_back(ros1_bag(mono_messages(false, events, 7), compression));
  for (const char* compression : {"bare", "none", "lz4", "zstd"})
    files.push_back(mcap_file(mono_messages(true, events, 7), compression));
  files.push_back(mcap_file(mono_messages(false, events, 7), "lz4", "ros1"));
  files.push_back(ros2_database(mono_messages(true, events, 7)));
  files.push_back(ros2_database(mono_messages(true, events, 7), "zstd"));
  for (const std::string& bytes : files) {
    CAPTURE(bytes.substr(0, 12));
    const TemporaryRecording file(bytes);
    const EventRecording r = read_recording(file.path());
    CHECK((r.events == events));
    CHECK(r.sensor.width == 64);
    CHECK(r.sensor.height == 48);
    CHECK(r.statistics.damage == "");
    CHECK(r.statistics.bytes_read == bytes.size());
    for (const std::size_t piece : {1U, 5U}) CHECK((read_in_pieces(file.path(), "", piece) == events));
    const auto reader = recognise_recording(file.path()).open(file.path());
    CHECK_FALSE(reader->unix_offset());
    std::vector<AddressEvent> some(3);
    CHECK(reader->read(some) == 3);
    CHECK(reader->unix_offset() == 1'000'500'000 - 1000);
  }
}

TEST_CASE("EVT3 words run on from message to message") {
  const std::string words = words16({0x8001, 0x6002, 0x0005, 0x2803, 0x3810, 0x4003, 0xa001, 0x4001});
  std::vector<BagMessage> messages;
  for (std::size_t i = 0; i < words.size(); i += 2)
    messages.push_back({"/e", packet_type, packet_bytes(false, i / 2, 0, "evt3", words.substr(i, 2))});
  const BagEvents expected{{4098, 3, 5, true}, {4098, 16, 5, true}, {4098, 17, 5, true}, {4098, 28, 5, true}};
  const TemporaryRecording file(ros1_bag(messages, "none"));
  const EventRecording r = read_recording(file.path());
  CHECK(r.events == expected);
  CHECK(r.statistics.triggers == 1);
  CHECK(r.statistics.damage == "");
  CHECK(read_in_pieces(file.path(), "", 1) == expected);
}

TEST_CASE("libcaer words are AEDAT 3 words whose 31 bits of us wrap") {
  const EventRecording r =
      read_packet("libcaer",
                  words32({libcaer_word(1, 2, true), 0x7fffffff, libcaer_word(3, 4, false), 5,
                           libcaer_word(3, 4, false, false), 6, libcaer_word(64, 4, false), 7}),
                  1'000'000);
  const std::int64_t wrap = std::int64_t{1} << 31U;
  CHECK(r.events == BagEvents{{1000 + wrap - 1, 1, 2, true}, {1000 + wrap + 5, 3, 4, false}});
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage.find("an event lies outside the sensor, in the message at byte offset") == 0);
}

TEST_CASE("libcaer_cmp words hold x, then y with polarity or vectors of eight rows") {
  const EventRecording r = read_packet(
      "libcaer_cmp", words16({0x1005, 0x2007, 0x3809, 0x0001, 0x1006, 0x4003, 0x5081, 0x5002, 0x6fff}),
      2'000'000);
  CHECK(r.events == BagEvents{{2005, 7, 9, true},
                              {2000 + 4096 + 6, 7, 3, false},
                              {2000 + 4096 + 6, 7, 10, false},
                              {2000 + 4096 + 6, 7, 12, false}});
  CHECK(r.statistics.skipped == 1);
}

TEST_CASE("dvs_msgs/EventArray is read in both encodings and its times are absolute") {
  const BagEvents events{
      {1'000'500'000, 1, 2, true}, {1'000'500'001, 3, 4, false}, {1'000'500'002, 63, 47, true}};
  for (const bool cdr : {false, true}) {
    const std::vector<BagMessage> messages{{"/dvs/events",
                                            cdr ? "dvs_msgs/msg/EventArray" : "dvs_msgs/EventArray",
                                            event_array_bytes(cdr, events)}};
    const TemporaryRecording file(cdr ? mcap_file(messages, "zstd") : ros1_bag(messages, "bz2"));
    const EventRecording r = read_recording(file.path());
    CHECK(r.events == events);
    CHECK(r.statistics.damage == "");
    CHECK(read_in_pieces(file.path(), "", 1) == events);
    const auto reader = recognise_recording(file.path()).open(file.path());
    std::vector<AddressEvent> some(1);
    CHECK(reader->read(some) == 1);
    CHECK(reader->unix_offset() == 0);
  }
}

TEST_CASE("the first topic with events is read, another one by name, and lost messages are damage") {
  const std::string one = mono_word(0, 1, 1, true);
  const std::vector<BagMessage> messages{
      {"/imu", "sensor_msgs/Imu", "..."},
      {"/left", packet_type, packet_bytes(false, 4, 0, "mono", one)},
      {"/right", packet_type, packet_bytes(false, 8, 0, "mono", one + one)},
      {"/left", packet_type, packet_bytes(false, 7, 0, "mono", one)},
      {"/right", packet_type, packet_bytes(false, 9, 0, "new", one)},
      {"/left", packet_type, packet_bytes(false, 8, 0, "mono", one + "abc")},
      {"/left", packet_type, "short"}};
  const std::string bytes = ros1_bag(messages, "lz4");
  const EventRecording left = read_bytes(bytes, "");
  CHECK(left.events.size() == 3);
  CHECK(left.statistics.skipped == 1);
  CHECK(left.statistics.damaged == 4);
  CHECK(left.statistics.damage.find("message 7 comes after 4, so others were lost, at byte offset ") == 0);
  const EventRecording right = read_bytes(bytes, "", {{"topic", "/right"}});
  CHECK(right.events.size() == 2);
  CHECK(reading_refusal(bytes, "", {{"topic", "/up"}})
            .find("the topic '/up' has no events; those that have are "
                  "/left, /right") != std::string::npos);
  CHECK(reading_refusal(ros1_bag({messages[0]}, "none"), "")
            .find("no message in it is an event_camera_msgs/EventPacket") != std::string::npos);
}

TEST_CASE("databases and files that are no bags are refused") {
  const std::string database = ros2_database({});
  std::string other = database;
  for (std::size_t at = other.find("topics"); at != std::string::npos; at = other.find("topics", at))
    other[at] = 'T';
  CHECK(reading_refusal(database, "").find("no message in it is") != std::string::npos);
  CHECK(reading_refusal("SQLite format 3", "rosbag2").find("is no ROS 2 bag") != std::string::npos);
  CHECK(reading_refusal("#ROSBAG V1.2\n", "rosbag1").find("no ROS 1 bag") != std::string::npos);
  CHECK(reading_refusal("MCAP", "mcap").find("does not start as an MCAP file does") != std::string::npos);
}

TEST_CASE("damaged bags are refused or read to their end") {
  const BagEvents events = walking_events(60);
  const std::string bag = ros1_bag(mono_messages(false, events, 10), "none");
  const std::string packed_bag = ros1_bag(mono_messages(false, events, 10), "bz2");
  const std::string mcap = mcap_file(mono_messages(true, events, 10), "bare");
  const std::string packed_mcap = mcap_file(mono_messages(true, events, 10), "zstd");
  check_cuts("rosbag1", bag, 400);
  check_cuts("mcap", mcap, 400);
  check_flips("rosbag1", bag);
  check_flips("rosbag1", packed_bag);
  check_flips("mcap", mcap);
  check_flips("mcap", packed_mcap);
  const std::string database = ros2_database(mono_messages(true, events, 10));
  check_cuts("rosbag2", database);
  check_flips("rosbag2", database);
}

TEST_CASE("a cut database is refused, whole pages lost or not: its end would be read as zeros") {
  const std::string database = ros2_database(mono_messages(true, walking_events(60), 10));
  CHECK(
      reading_refusal(database.substr(0, database.size() - 1), "rosbag2").find("the database is cut: its ") !=
      std::string::npos);
  CHECK(reading_refusal(database.substr(0, database.size() - 512), "rosbag2").find("malformed") !=
        std::string::npos);
}

TEST_CASE("damage in a database is placed by the row of its message") {
  const auto damage = [](const std::string& encoding, const std::string& events) {
    const std::string good = packet_bytes(true, 1, 0, "mono", mono_word(0, 1, 1, true));
    return read_bytes(ros2_database({{"/e", packet_type, good},
                                     {"/e", packet_type, packet_bytes(true, 2, 0, encoding, events)}}),
                      "")
        .statistics.damage;
  };
  const std::string good = mono_word(0, 1, 1, true);
  CHECK(damage("mono", good + mono_word(0, 64, 1, true)) ==
        "an event lies outside the sensor, in the message at row 2");
  CHECK(damage("evt3", words16({0x8001, 0x6002, 0x0005, 0x2803, 0x2840})) ==
        "an event lies outside the sensor, in the message at row 2");
  CHECK(damage("mono", good + "abc") == "the last event of a message is cut, in the message at row 2");
  CHECK(damage("new", good) == "a message of the encoding 'new' is not read at row 2");
}
