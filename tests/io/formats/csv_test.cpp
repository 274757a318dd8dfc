// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/io/recording/column_events.hpp"
#include "tests/io/recording/damage_check.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using TextEvents = std::vector<AddressEvent>;

std::string rows_of_text(int count, const std::string& suffix = "\n") {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += std::to_string(1000 + i) + "," + std::to_string(i % 30) + "," + std::to_string(i % 7) + "," +
            std::to_string(i % 2) + suffix;
  return text;
}

std::string csv_format_of(const std::string& text) {
  const TemporaryRecording file(text);
  return is_recording(file.path()) ? std::string(recognise_recording(file.path()).name) : "";
}

}  // namespace

TEST_CASE("text files of the manifest are read to the last event") {
  check_manifest("derived/rpg_events.txt", "csv");
  check_derived("derived/rpg_events.txt");
  check_manifest("derived/events_txyp.csv", "csv");
  check_derived("derived/events_txyp.csv");
}

TEST_CASE("a text file that is all heading, its last line without an end, holds no events") {
  const EventRecording r = read_bytes("%geo%m", "csv", {});
  CHECK(r.events.empty());
  CHECK(r.statistics.bytes_read == 6);
}

TEST_CASE("seconds of text are exact to the nearest us, also where a double is not") {
  const EventRecording r = read_bytes(
      "0.0000005 0 0 1\n0.000000499 1 0 1\n0.999999500 2 0 1\n1468940293.922984999 3 0 1\n1468940293.9229855 "
      "4 0 0\n"
      "8999999999999.000001 5 0 -1\n",
      "csv", {{"columns", "t,x,y,p"}});
  CHECK(r.events == TextEvents{{1, 0, 0, true},
                               {0, 1, 0, true},
                               {1000000, 2, 0, true},
                               {1468940293922985, 3, 0, true},
                               {1468940293922986, 4, 0, false},
                               {8999999999999000001, 5, 0, false}});
  CHECK(r.statistics.damaged == 1);  // the second is before the first
  CHECK(r.statistics.damage == "time runs back at byte offset 16");
}

TEST_CASE("units of text are s for fractions, us without, and what the user says") {
  const TextEvents one{{5, 1, 2, true}};
  CHECK(read_bytes("5 1 2 1\n", "csv").events == one);
  CHECK(read_bytes("0.000005 1 2 1\n", "csv").events == one);
  CHECK(read_bytes("4999 1 2 1\n", "csv", {{"unit", "ns"}}).events == one);
  CHECK(read_bytes("0.0045 1 2 1\n", "csv", {{"unit", "ms"}}).events == one);
  CHECK(read_bytes("5.4 1 2 1\n", "csv", {{"unit", "us"}}).events == one);
  CHECK(read_bytes("-7.5 1 2 1\n", "csv", {{"unit", "us"}}).events == TextEvents{{-8, 1, 2, true}});
  CHECK(read_bytes("5e-6 1 2 1\n", "csv").events == one);
  CHECK(read_bytes("5.000000000000000000e+00 1.0 2.00e0 1.0\n", "csv").events == one);
}

TEST_CASE("columns of text come in the order of their names, of the user or of the numbers themselves") {
  const TextEvents two{{10, 3, 4, true}, {12, 5, 6, false}};
  CHECK(read_bytes("x,y,p,t\n3,4,1,10\n5,6,0,12\n", "").events == two);
  CHECK(read_bytes("# x y polarity timestamp label\n3 4 1 10 cat\n5 6 0 12 9\n", "").events == two);
  CHECK(read_bytes("\"Time\";\"Pol\";\"XS\";\"ys\"\r\n10;True;3;4\r\n12;False;5;6\r\n", "").events == two);
  CHECK(read_bytes("3 4 10 1\n5 6 12 0\n", "csv", {{"columns", "x,y,t,p"}}).events == two);
  CHECK(read_bytes("7\t3\t4\t10\t1\n7\t5\t6\t12\t-1\n", "csv", {{"columns", "_,x,y,t,p"}}).events == two);
  std::string xytp;
  std::string xypt;
  for (int i = 0; i < 20; ++i) {
    const std::string pixel = std::to_string(20 - i) + " " + std::to_string(2 * i) + " ";
    const std::string p = std::to_string(i % 2);
    xytp += pixel + std::to_string(100 + i) + " " + p + "\n";
    xypt += pixel + p + " " + std::to_string(100 + i) + "\n";
  }
  const EventRecording first = read_bytes(xytp, "");
  CHECK(first.events[3] == AddressEvent{103, 17, 6, true});
  CHECK(read_bytes(xypt, "").events == first.events);
}

TEST_CASE("the sensor of text comes from a geometry line or a first line of two numbers") {
  const EventRecording r = read_bytes("%geometry:30,20\n1,29,19,1\n2,30,0,1\n3,0,20,1\n", "");
  CHECK(r.format == "csv");
  CHECK(r.sensor.width == 30);
  CHECK(r.sensor.height == 20);
  CHECK(r.events == TextEvents{{1, 29, 19, true}});
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage == "a line's numbers are no event on the sensor at byte offset 26");
  CHECK(read_bytes("240 180\n" + rows_of_text(12), "").sensor.width == 240);
}

TEST_CASE("lines of text that are no events are counted with their place, comments and blanks passed over") {
  const EventRecording r = read_bytes(
      "t,x,y,p\n1,2,3,0\n\n# note\nhello\n2,2,3\n3,2,3,0,9\n4,2,3,2\n5,65536,3,0\n6,2,3.5,0\n7,2,3,x\n"
      "99999999999999999999,1,1,1\n8,2,3,4294967295\n9,2,3,0\n",
      "csv");
  CHECK(r.events == TextEvents{{1, 2, 3, false}, {8, 2, 3, false}, {9, 2, 3, false}});
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.damaged == 8);
  CHECK(r.statistics.damage == "a line holds no event at byte offset 24");
}

TEST_CASE("a last line of text without an end counts where its polarity is last") {
  CHECK(read_bytes("t,x,y,p\n1,2,3,1", "").events == TextEvents{{1, 2, 3, true}});
  const EventRecording r = read_bytes("x,y,p,t\n2,3,1,1\n2,3,1,1", "");
  CHECK(r.events == TextEvents{{1, 2, 3, true}});
  CHECK(r.statistics.damage == "the last line has no end, so its last number may be cut at byte offset 16");
}

TEST_CASE("polarities of text can be inverted") {
  CHECK(read_bytes("t,x,y,p\n1,2,3,1\n1,2,3,0\n", "", {{"polarity", "inverted"}}).events ==
        TextEvents{{1, 2, 3, false}, {1, 2, 3, true}});
  CHECK(reading_refusal("1,2,3,1\n", "csv", {{"polarity", "odd"}})
            .ends_with("the reading 'polarity' is 'odd'; allowed are sign (default), inverted"));
  CHECK(reading_refusal("1,2,3,1\n", "csv", {{"columns", "t,x,y"}}).find("'t,x,y'") != std::string::npos);
  CHECK(reading_refusal("1,2,3,1\n", "csv", {{"unit", "h"}}).find("us, ns, ms, s") != std::string::npos);
}

TEST_CASE("tables that are no events are no recordings") {
  CHECK(csv_format_of(rows_of_text(12)) == "csv");
  CHECK(csv_format_of(rows_of_text(12, "\r\n")) == "csv");
  CHECK(csv_format_of(rows_of_text(5)) == "csv");
  CHECK(csv_format_of(rows_of_text(2)) == "");
  CHECK(csv_format_of("t,x,y,p\n") == "csv");
  CHECK(csv_format_of("") == "");
  CHECK(csv_format_of("hello\n") == "");
  CHECK(csv_format_of(rows_of_text(12) + "and so on\n") == "");
  std::string iris;
  std::string spikes;
  std::string measured;
  for (int i = 0; i < 50; ++i) {
    iris += "5." + std::to_string(i) + ",3.5,1.4,0.2\n";
    spikes += std::to_string(i) + "\t" + std::to_string(i % 9) + "\n";
    measured += std::to_string(i) + " 3 4 " + std::to_string(i) + "\n";
  }
  CHECK(csv_format_of(iris) == "");
  CHECK(csv_format_of(spikes) == "");
  CHECK(csv_format_of(measured) == "");
  CHECK(csv_format_of("a = 1\nb = [1, 2, 3, 0]\n") == "");
  CHECK(reading_refusal(iris, "csv").find("of the first 50 lines 50 hold four numbers") != std::string::npos);
}

TEST_CASE("CSV is written in us behind its geometry and comes back the same") {
  const std::string bytes = check_column_round_trip(
      "csv", {30, 20}, {{-5, 29, 19, true}, {0, 0, 0, false}, {1'000'000'000'000, 1, 2, true}});
  CHECK(bytes == "%geometry:30,20\nt,x,y,p\n-5,29,19,1\n0,0,0,0\n1000000000000,1,2,1\n");
  check_column_round_trip("csv", {640, 480}, ordered_events(20000));
  check_column_round_trip("csv", {1, 1}, {});
}

TEST_CASE("damaged text is read to its end") {
  const TemporaryRecording file("");
  write_recording(file.path(), "csv", {640, 480}, ordered_events(150));
  const std::string bytes = file_bytes(file.path());
  check_cuts("csv", bytes);
  check_flips("csv", bytes);
  check_cuts("csv", "x y p t\n1 2 1 123456\n1 2 0 123457\n", 20);
  const EventRecording endless = read_bytes(bytes + std::string(3'000'000, '1') + "\n5000000,1,1,1\n", "");
  CHECK(endless.events.size() == 151);
  CHECK(endless.statistics.damaged > 0);
}
