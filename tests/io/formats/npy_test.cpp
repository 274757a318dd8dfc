// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/io/recording/column_events.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/numpy_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using ArrayEvents = std::vector<AddressEvent>;

bool array_says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the NumPy array of the manifest is read to the last event") {
  check_manifest("derived/structured_packed.npy", "npy");
  check_derived("derived/structured_packed.npy");
}

TEST_CASE("NumPy records are read packed, padded, by offset, in both byte orders and all three versions") {
  const ArrayEvents one{{0x0102030405060708, 0x0203, 4, true}};
  const auto record = [](bool big, const std::string& gap) {
    return number_bytes(std::int64_t{0x0102030405060708}, big) + number_bytes(std::int16_t{0x0203}, big) +
           number_bytes(std::int16_t{4}, big) + number_bytes(std::uint8_t{1}) + gap;
  };
  for (const char version : {'\1', '\2', '\3'})
    CHECK(read_bytes(npy_bytes("[('t', '<i8'), ('x', '<i2'), ('y', '<i2'), ('p', '|u1')]", "(1,)",
                               record(false, ""), version),
                     "")
              .events == one);
  CHECK(
      read_bytes(
          npy_bytes("[('t', '>i8'), ('x', '>i2'), ('y', '>i2'), ('p', '|b1')]", "(1,)", record(true, "")), "")
          .events == one);
  CHECK(read_bytes(npy_bytes("[('t', '<i8'), ('x', '<i2'), ('y', '<i2'), ('p', '|u1'), ('', '|V3')]", "(1,)",
                             record(false, "abc")),
                   "")
            .events == one);
  CHECK(read_bytes(npy_bytes("{'names': ['p','t','x','y'], 'formats': ['?','<i8','<i2','<u2'], "
                             "'offsets': [12, 0, 8, 10], 'itemsize': 16}",
                             "(1,)", record(false, "abc")),
                   "")
            .events == one);
  CHECK(
      read_bytes(npy_bytes("[(('us', 't'), '<i8'), ('x', '<i2'), ('y', '<i2'), ('on', '|i1'), ('s', '|S2'), "
                           "('v', '<f4', (2, 3))]",
                           "(1,)", record(false, std::string(26, 'x'))),
                 "")
          .events == one);
}

TEST_CASE("NumPy matrices are t,x,y,p or x,y,t,p by their numbers, and what the user says") {
  const ArrayEvents events{{1000000, 3, 4, true}, {1500000, 2, 3, false}, {1500001, 4, 2, true}};
  CHECK(read_bytes(npy_bytes("'<f8'", "(3, 4)",
                             matrix_bytes<double>({1, 3, 4, 1, 1.5, 2, 3, -1, 1.500001, 4, 2, 1})),
                   "")
            .events == events);
  CHECK(read_bytes(npy_bytes("'>f8'", "(3, 4)",
                             matrix_bytes<double>({3, 4, 1, 1, 2, 3, 1.5, -1, 4, 2, 1.500001, 1}, true)),
                   "")
            .events == events);
  CHECK(read_bytes(npy_bytes("'<u4'", "(3, 4)",
                             matrix_bytes<std::uint32_t>(
                                 {1000000, 3, 4, 1, 1500000, 2, 3, 4294967295, 1500001, 4, 2, 1})),
                   "")
            .events == events);
  CHECK(read_bytes(npy_bytes("'<i8'", "(1, 5)", matrix_bytes<std::int64_t>({9, 0, 3, 4, 1000000400})), "",
                   {{"columns", "_,p,x,y,t"}, {"unit", "ns"}, {"polarity", "inverted"}})
            .events == ArrayEvents{{1000000, 3, 4, true}});
}

TEST_CASE("NumPy numbers that are no events are damage with their byte offset") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const EventRecording r = read_bytes(
      npy_bytes("'<f8'", "(6, 4)", matrix_bytes<double>({1, 3,  4, 1, 2, 3.5, 4, 1, nan, 3, 4, 1,
                                                         3, -1, 4, 1, 3, 4,   5, 2, 4,   1, 1, 0})),
      "npy", {{"columns", "t,x,y,p"}});
  CHECK(r.events == ArrayEvents{{1000000, 3, 4, true}, {4000000, 1, 1, false}});
  CHECK(r.statistics.damaged == 4);
  CHECK(r.statistics.damage == "a row's numbers are no event on the sensor at byte offset " +
                                   std::to_string(npy_bytes("'<f8'", "(6, 4)", "").size() + 32));
}

TEST_CASE("NumPy arrays whose header promises more or less than the file holds give their whole rows") {
  const std::string rows = matrix_bytes<std::int32_t>({1, 2, 3, 1, 2, 2, 3, 0});
  const std::size_t head = npy_bytes("'<i4'", "(3, 4)", "").size();
  for (const std::size_t rest : {0U, 5U}) {
    const EventRecording r = read_bytes(npy_bytes("'<i4'", "(3, 4)", rows + std::string(rest, 'x')), "");
    CHECK(r.events == ArrayEvents{{1, 2, 3, true}, {2, 2, 3, false}});
    CHECK(r.statistics.damage == "the data ends 1 rows early at byte offset " + std::to_string(head + 32));
    CHECK(r.statistics.bytes_read == head + 32 + rest);
  }
  const EventRecording r = read_bytes(npy_bytes("'<i4'", "(1, 4)", rows), "");
  CHECK(r.events.size() == 1);
  CHECK(r.statistics.damage ==
        "there is more after the last row, at byte offset " + std::to_string(head + 16));
  CHECK(r.statistics.bytes_read == head + 32);
}

TEST_CASE("NumPy arrays that are no events are refused by what they are") {
  CHECK(array_says(reading_refusal(npy_bytes("'|O'", "(2,)", ""), ""), "it holds Python objects (pickled)"));
  CHECK(array_says(reading_refusal(npy_bytes("[('t', '<i8'), ('x', '|O')]", "(2,)", ""), ""),
                   "Python objects"));
  CHECK(array_says(reading_refusal(npy_bytes("'|u1'", "(28, 28)", std::string(784, 'x')), ""),
                   "of its 28 columns it cannot be told which are t, x, y and p"));
  CHECK(array_says(reading_refusal(npy_bytes("'<f4'", "(10, 28, 28)", ""), ""),
                   "an array of 10 x 28 x 28 of <f4"));
  CHECK(array_says(reading_refusal(npy_bytes("[('a', '<i8'), ('x', '<i2')]", "(2,)", ""), ""),
                   "an array of 2 with the fields a, x;"));
  CHECK(array_says(
      reading_refusal(npy_bytes("[('t,', '<i8'), ('x', '<i2'), ('y', '<i2'), ('p', '|u1')]", "(2,)", ""), ""),
      "an array of 2 with the fields t,, x, y, p;"));
  CHECK(array_says(reading_refusal(npy_bytes("'<i8'", "(9, 4)", "", 1, "True"), ""),
                   "column by column (fortran_order)"));
  CHECK(array_says(reading_refusal(npy_bytes("'<i8'", "(9, 4)", "", 4), ""),
                   "format version 4; read are 1 to 3"));
  CHECK(array_says(reading_refusal(npy_bytes("'<i8'", "(9, 4)", "").substr(0, 30), ""),
                   "ends inside its NumPy header"));
  CHECK(array_says(reading_refusal(npy_bytes("[('t', [('u', '<i8')])]", "(9,)", ""), ""),
                   "no name with a plain type"));
  CHECK(array_says(reading_refusal(std::string("\x93NUMPY\x02\0\xff\xff\xff\x7f{}", 14), ""),
                   "promises 2147483647 bytes"));
  CHECK(array_says(reading_refusal(npy_bytes("((((((((((((((", "(9,)", ""), ""), "cannot be read"));
}

TEST_CASE("NumPy arrays are written as packed records and come back the same") {
  const std::string bytes = check_column_round_trip(
      "npy", {640, 480}, {{-9, 639, 479, true}, {0, 0, 0, false}, {std::int64_t{1} << 60U, 1, 2, true}});
  CHECK(bytes.size() == 192 + 3 * 13);
  CHECK(bytes.find(
            "{'descr': [('t', '<i8'), ('x', '<u2'), ('y', '<u2'), ('p', '|u1')], 'fortran_order': False, "
            "'shape': (3,), }  ") == 10);
  CHECK(bytes[191] == '\n');
  check_column_round_trip("npy", {640, 480}, ordered_events(20000));
  check_column_round_trip("npy", {1, 1}, {});
}

TEST_CASE("damaged NumPy arrays are refused or read to their end") {
  const TemporaryRecording file("");
  write_recording(file.path(), "npy", {640, 480}, ordered_events(200));
  check_cuts("npy", file_bytes(file.path()));
  check_flips("npy", file_bytes(file.path()));
}
