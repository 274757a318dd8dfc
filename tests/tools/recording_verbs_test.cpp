// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <fstream>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/text/json.hpp"
#include "tests/io/recording/csv_table.hpp"
#include "tests/reference_data.hpp"
#include "tests/tools/recording_cases.hpp"
#include "tools/recording/convert_recording.hpp"
#include "tools/recording/recording_info.hpp"
#include "tools/recording/sensor_option.hpp"

namespace flurry {

using namespace verbs_test;

namespace {

Document info_of(const RecordingOptions& options) {
  return parse_json(recording_json(survey_recording(options)), "info");
}

std::int64_t number(const Document& document, const std::string& key) {
  return document.at(key, "info").integer(key);
}

}  // namespace

TEST_CASE("info gives the manifest's numbers for every recording it recognises") {
  for (const auto& manifest : testing::reference_files("events", {"manifest.csv"}))
    for (const testing::CsvRow& row : testing::csv_rows(manifest)) {
      const fs::path path = manifest.parent_path() / row.at("file");
      const bool evt = row.at("format").starts_with("Prophesee RAW EVT3") ||
                       row.at("format").starts_with("Prophesee RAW EVT2,");
      if (!evt || !fs::exists(path)) continue;
      CAPTURE(path.string());
      const Document info = info_of(options_for(path));
      for (const char* key :
           {"events", "on", "off", "t_first_us", "t_last_us", "t_min_us", "t_max_us", "x_min", "x_max",
            "y_min", "y_max", "sum_x", "sum_y", "sum_t_us", "backward_steps"})
        CHECK(number(info, key) == std::stoll(row.at(key)));
      std::int64_t counted = 0;
      for (const char* key : {"on", "off"})
        for (const Document& bin : info.at("rate", "info").at(key, "rate").array(key))
          counted += bin.integer(key);
      CHECK(counted == number(info, "events"));
      CHECK(static_cast<std::uintmax_t>(number(info, "bytes")) == fs::file_size(path));
    }
}

TEST_CASE("info has every key it promises, and nulls where there is no event") {
  const TemporaryRecording empty(evt2_bytes({}));
  const Document info = info_of(options_for(empty.path()));
  for (const char* key : {"format",
                          "width",
                          "height",
                          "events",
                          "on",
                          "off",
                          "t_first_us",
                          "t_last_us",
                          "x_min",
                          "x_max",
                          "y_min",
                          "y_max",
                          "sum_x",
                          "sum_y",
                          "sum_t_us",
                          "triggers",
                          "skipped",
                          "damaged",
                          "duration_us",
                          "rate",
                          "backward_steps",
                          "backward_largest_us"})
    CHECK(info.find(key) != nullptr);
  CHECK(number(info, "events") == 0);
  CHECK(number(info, "width") == 320);
  CHECK(info.at("t_first_us", "info").is_null());
}

TEST_CASE("sums beyond 64 bits are exact") {
  RecordingInfo info;
  info.format = &recognise_recording("", "evt2");
  info.survey.add(Events(20'000, {std::numeric_limits<std::int64_t>::max(), 0, 0, true}));
  CHECK(recording_json(info).find("\"sum_t_us\": 184467440737095516140000,") != std::string::npos);
  info.survey.sum_t = -12;
  CHECK(recording_json(info).find("\"sum_t_us\": -12,") != std::string::npos);
}

TEST_CASE("clock and order change the times that info tells, and steps back are told of the file") {
  const TemporaryRecording file(
      evt2_bytes({{1000, 0, 0, true}, {1010, 1, 0, true}, {1004, 2, 0, true}, {1020, 3, 0, true}}));
  RecordingOptions options = options_for(file.path());
  CHECK(number(info_of(options), "t_first_us") == 1000);
  options.clock = "zero";
  CHECK(number(info_of(options), "t_last_us") == 20);
  for (const char* order : {"keep", "sort", "drop"}) {
    options.order = order;
    const Document info = info_of(options);
    CHECK(number(info, "backward_steps") == 1);
    CHECK(number(info, "backward_largest_us") == 6);
    CHECK(number(info, "events") == (options.order == "drop" ? 3 : 4));
    CHECK(number(info, "late") == (options.order == "drop" ? 1 : 0));
    CHECK(number(info, "sum_t_us") == (options.order == "drop" ? 30 : 34));
  }
  options.clock = "unix";
  CHECK_THROWS_WITH_AS((void)info_of(options), doctest::Contains("does not say when it was made"),
                       UsageError);
}

TEST_CASE("options that cannot be are refused with what is allowed") {
  const TemporaryRecording file(evt2_bytes(moving_events(10)));
  RecordingOptions options = options_for(file.path());
  options.clock = "zeroo";
  CHECK_THROWS_WITH_AS((void)info_of(options), doctest::Contains("did you mean 'zero'"), UsageError);
  options.clock = "raw";
  options.order = "shuffle";
  CHECK_THROWS_WITH_AS((void)info_of(options), doctest::Contains("keep"), UsageError);
  options.order = "keep";
  options.readings = {"polarity"};
  CHECK_THROWS_WITH_AS((void)info_of(options), doctest::Contains("is not NAME=VALUE"), UsageError);
  options.readings = {"polarity=jaer"};
  CHECK_THROWS_WITH_AS((void)info_of(options), doctest::Contains("has no reading 'polarity'"), UsageError);
}

TEST_CASE("a conversion holds the same events, and converting back gives the same bytes") {
  const VerbFolder folder;
  const Events events = moving_events(50'000);
  const TemporaryRecording file(evt2_bytes(events));
  ConvertRequest request;
  request.input = options_for(file.path());
  request.output = folder / "out.raw";
  const ConvertResult result = convert_recording(request);
  CHECK(result.output_format == "evt3");
  CHECK(result.events_in == events.size());
  CHECK(result.events_out == events.size());
  CHECK(result.bytes_out == fs::file_size(request.output));
  const EventRecording read = read_recording(request.output);
  CHECK(read.events == events);
  CHECK(read.sensor.width == 320);
  request.input.file = request.output;
  request.output = folder / "again.raw";
  CHECK(convert_recording(request).events_out == events.size());
  CHECK(file_bytes(folder / "again.raw") == file_bytes(folder / "out.raw"));
  CHECK(folder.files() == 2);
}

TEST_CASE("filters are applied in one order and count what they drop") {
  const VerbFolder folder;
  const Events events = moving_events(20'000);
  const TemporaryRecording file(evt2_bytes(events));
  ConvertRequest request;
  request.input = options_for(file.path());
  request.input.clock = "zero";
  request.output = folder / "out.raw";
  request.filters.downsample = 4;
  request.filters.crop = "10,20,101,64";
  request.filters.slice = "1 ms,40 ms";
  request.filters.polarity = "on";
  const ConvertResult result = convert_recording(request);
  Events expected;
  std::size_t sliced = 0;
  std::size_t off = 0;
  for (const AddressEvent& e : events) {
    const std::int64_t t = e.t - events.front().t;
    if (t < 1000 || t >= 40'000) {
      ++sliced;
    } else if (!e.on) {
      ++off;
    } else if (e.x >= 10 && e.x < 111 && e.y >= 20 && e.y < 84) {
      expected.push_back(
          {t, static_cast<std::uint16_t>((e.x - 10) / 4), static_cast<std::uint16_t>((e.y - 20) / 4), true});
    }
  }
  CHECK(read_recording(request.output).events == expected);
  REQUIRE(result.dropped.size() == 4);
  CHECK(result.dropped[0] == std::pair<std::string, std::uint64_t>{"slice", sliced});
  CHECK(result.dropped[1] == std::pair<std::string, std::uint64_t>{"polarity", off});
  CHECK(result.dropped[3].second == 0);
  CHECK(result.sensor.width == 26);
  CHECK(result.sensor.height == 16);
}

TEST_CASE("hot pixels are found in a first pass over what the slice leaves") {
  const VerbFolder folder;
  Events events = moving_events(10'000);
  for (std::size_t i = 0; i < events.size(); i += 50) events[i].x = events[i].y = 7;
  const TemporaryRecording file(evt2_bytes(events));
  ConvertRequest request;
  request.input = options_for(file.path());
  request.output = folder / "out.raw";
  for (const char* rule : {"auto", "20"}) {
    request.filters.hot_pixels = rule;
    const ConvertResult result = convert_recording(request);
    CHECK(result.hot_pixels == 1);
    CHECK(result.events_out < events.size() - 190);
    for (const AddressEvent& e : read_recording(request.output).events) CHECK_FALSE((e.x == 7 && e.y == 7));
  }
}

TEST_CASE("a recording that does not name its sensor gets one from its events, or from the user") {
  const VerbFolder folder;
  const std::string bytes = evt2_bytes({{100, 30, 5, true}, {200, 2, 40, false}});
  const TemporaryRecording file(bytes.substr(bytes.find("% end\n") + 6));
  ConvertRequest request;
  request.input = options_for(file.path());
  request.input.format = "evt2";
  request.output = folder / "out.raw";
  CHECK(convert_recording(request).sensor.width == 31);
  CHECK(read_recording(request.output).sensor.height == 41);
  request.filters.sensor = "64x32";
  const ConvertResult result = convert_recording(request);
  CHECK(result.sensor.width == 64);
  CHECK(result.dropped.front() == std::pair<std::string, std::uint64_t>{"sensor", 1});
}

TEST_CASE("the size of a sensor is written 64x32 or 64,32") {
  for (const std::string text : {"64x32", "64,32"}) CHECK(size_text(parse_sensor(text)) == "64x32");
  for (const std::string text : {"", "64", "64x", "x32", "64x32x", "64 x 32", "64x0", "65537x1", "-1x5"})
    CHECK_THROWS_AS((void)parse_sensor(text), UsageError);
}

TEST_CASE("a conversion that fails leaves what was there and nothing half-written") {
  const VerbFolder folder;
  std::ofstream(folder / "out.raw") << "precious";
  // The second event is earlier than the first, which EVT3 does not hold.
  const TemporaryRecording file(evt2_bytes({{1010, 0, 0, true}, {1000, 0, 0, true}}));
  ConvertRequest request;
  request.input = options_for(file.path());
  request.output = folder / "out.raw";
  CHECK_THROWS_WITH_AS((void)convert_recording(request), doctest::Contains("sort the events by time"),
                       UsageError);
  CHECK(file_bytes(folder / "out.raw") == "precious");
  CHECK(folder.files() == 1);
  request.input.order = "sort";
  CHECK(convert_recording(request).events_out == 2);
  CHECK(read_recording(folder / "out.raw").events.front().t == 1000);
}

TEST_CASE("Ctrl-C stops reading with a sentence") {
  const TemporaryRecording file(evt2_bytes(moving_events(100)));
  RecordingInput input(options_for(file.path()), "reading");
  Events events;
  raise(SIGINT);
  CHECK_THROWS_WITH_AS(input.read(events), doctest::Contains("interrupted after 100 events"), Interrupted);
}

TEST_CASE("Ctrl-C is answered in the second pass too") {
  const TemporaryRecording file(evt2_bytes(moving_events(100)));
  FilterOptions filters;
  filters.hot_pixels = "auto";
  FilteredRecording recording(options_for(file.path()), filters, "reading");
  Events events;
  raise(SIGINT);
  CHECK_THROWS_AS(recording.read(events), Interrupted);
}

TEST_CASE("places and formats that cannot be written are refused before anything is read") {
  const VerbFolder folder;
  const TemporaryRecording file(evt2_bytes(moving_events(10)));
  ConvertRequest request;
  request.input = options_for(file.path());
  const auto refusal = [&](const std::string& output, const std::string& format, const std::string& part) {
    request.output = output;
    request.format = format;
    CHECK_THROWS_WITH_AS((void)convert_recording(request), doctest::Contains(part.c_str()), Error);
    CHECK(folder.files() == 0);
  };
  refusal(folder / "out.jpeg", "",
          "the extension '.jpeg' names no format that is written; choose one with --to: ");
  refusal(folder / "out", "", "without an extension");
  refusal(folder / "out.raw", "evt33", "did you mean 'evt3'");
  refusal(folder.path.string(), "", "is a folder");
  refusal(file.path().string(), "", "give the output another name");
  refusal(folder / "none/out.raw", "", "cannot be opened for writing");
  CHECK(written_format("x.RAW", "").name == "evt3");
}

TEST_CASE("filters that cannot be are refused with their form") {
  const VerbFolder folder;
  const TemporaryRecording file(evt2_bytes(moving_events(10)));
  const auto refusal = [&](const FilterOptions& filters, const std::string& part) {
    ConvertRequest request;
    request.input = options_for(file.path());
    request.filters = filters;
    request.output = folder / "out.raw";
    CHECK_THROWS_WITH_AS((void)convert_recording(request), doctest::Contains(part.c_str()), UsageError);
  };
  const auto with = [](auto FilterOptions::*member, auto value) {
    FilterOptions filters;
    filters.*member = value;
    return filters;
  };
  refusal(with(&FilterOptions::crop, "1,2,3"), "is not X,Y,WIDTH,HEIGHT in whole pixels");
  refusal(with(&FilterOptions::crop, "300,0,21,10"), "is not a part of the sensor of 320x240");
  refusal(with(&FilterOptions::crop, "0,0,0,10"), "is not a part of the sensor");
  refusal(with(&FilterOptions::slice, "10 ms"), "is not FROM,TO");
  refusal(with(&FilterOptions::slice, "10 ms,10 ms"), "holds no time");
  refusal(with(&FilterOptions::slice, "10 mV,20 ms"), "--slice");
  refusal(with(&FilterOptions::polarity, "onn"), "did you mean 'on'");
  refusal(with(&FilterOptions::hot_pixels, "-1"), "standard deviations > 0");
  refusal(with(&FilterOptions::refractory, 0.0), "--refractory is 0 ms; allowed: 1 us or more");
  refusal(with(&FilterOptions::denoise, 1e300), "--denoise is 1e+300 ms");
  refusal(with(&FilterOptions::downsample, std::uint64_t{0}), "--downsample is 0");
  refusal(with(&FilterOptions::sensor, "0,5"), "--sensor is '0,5'; expected width and height");
}

}  // namespace flurry
