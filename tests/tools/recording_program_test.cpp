// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/text/json.hpp"
#include "tests/tools/recording_cases.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/plot/recording_pictures.hpp"

namespace flurry {

using namespace verbs_test;

TEST_CASE("files that are no recordings are refused by what they are, with an exit code by cause") {
  const VerbFolder folder;
  std::ofstream(folder / "empty.raw").flush();
  std::ofstream(folder / "text.raw") << "This is a letter, not a recording, however it is called.\n";
  std::ofstream(folder / "unknown.raw") << "% evt 9.0\n% end\n";
  for (const std::string verb : {"info", "convert", "plot"}) {
    CAPTURE(verb);
    const std::string rest = verb == "info" ? "" : (verb == "plot" ? " -o " : " ") + folder / "out.raw";
    const auto check = [&](const std::string& file, int code, const std::string& part) {
      const Said said = say("", verb + " '" + folder / file + "'" + rest);
      CAPTURE(said.text);
      CHECK(said.code == code);
      CHECK(said.text.starts_with("flurry: error: "));
      CHECK(said.text.find(part) != std::string::npos);
      CHECK(std::count(said.text.begin(), said.text.end(), '\n') == 1);
    };
    check("missing.raw", ExitCode::system, "there is no file");
    check("", ExitCode::system, "is a folder");
    check("empty.raw", ExitCode::bad_data, "empty");
    check("text.raw", ExitCode::bad_data, "it looks like");
    check("unknown.raw", ExitCode::bad_data, "a Prophesee RAW header that says EVT9");
  }
  CHECK(folder.files() == 3);
}

TEST_CASE("a recording comes through a pipe where its format is named, and only there") {
  const VerbFolder folder;
  const Events events = moving_events(30'000);
  const TemporaryRecording file(evt2_bytes(events));
  const std::string cat = "cat '" + file.path().string() + "' |";
  const Said info = say(cat, "info --from evt2 --json -");
  CHECK(info.code == 0);
  CHECK(parse_json(info.text, "info").at("events", "info").integer("events") == 30'000);
  CHECK(say(cat, "convert --from evt2 -q - '" + folder / "out.raw" + "'").text.empty());
  CHECK(read_recording(folder / "out.raw").events == events);
  const Said unnamed = say(cat, "info -");
  CHECK(unnamed.code == ExitCode::system);
  CHECK(unnamed.text.find("name the format") != std::string::npos);
  const Said twice = say(cat, "convert --from evt2 --hot-pixels auto - '" + folder / "no.raw" + "'");
  CHECK(twice.code == ExitCode::usage);
  CHECK(twice.text.find("save it as a file first") != std::string::npos);
}

TEST_CASE("formats lists what is written and how each can be read") {
  const Said said = say("", "formats --json");
  REQUIRE(said.code == 0);
  const Document document = parse_json(said.text, "formats");
  for (const Document& format : document.at("recordings", "formats").array("recordings")) {
    const EventFormat& known = recognise_recording("", format.at("name", "formats").text("name"));
    CHECK(format.at("written", "formats").boolean("written") == (known.create != nullptr));
    CHECK(format.at("readings", "formats").array("readings").size() == known.choices.size());
  }
  CHECK(say("", "formats").text.find("read, written .raw") != std::string::npos);
}

TEST_CASE("a recording gives three pictures and a film") {
  if (!gnuplot_available()) {
    MESSAGE("skipped: gnuplot is not installed");
    return;
  }
  const VerbFolder folder;
  const TemporaryRecording file(evt2_bytes(moving_events(5000)));
  SceneRequest request;
  request.recording = options_for(file.path());
  request.filters.downsample = 4;
  request.film = true;
  const RecordingScene scene = watch_recording(request);
  CHECK(scene.sample.size() == 5000);
  for (const Picture& picture : {frames_picture(scene), space_time_picture(scene), event_rate_picture(scene)})
    CHECK(file_bytes(draw(picture, folder.path)).starts_with("\x89PNG"));
  const std::string film = file_bytes(draw_animation(film_picture(scene).value(), folder.path));
  CHECK(film.starts_with("GIF89a"));
  CHECK(film.find("NETSCAPE2.0") != std::string::npos);  // it repeats
  CHECK(folder.files() == 7);
  request.filters.slice = "10 s,";
  CHECK_THROWS_WITH_AS((void)watch_recording(request), doctest::Contains("no events left"), UsageError);
}

}  // namespace flurry
