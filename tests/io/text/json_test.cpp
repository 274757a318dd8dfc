// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/json.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("every kind of JSON value becomes the same kind of document") {
  const Document all = parse_json(
      R"({"n": null, "t": true, "i": -42, "big": 9223372036854775807, "d": 2.5, "e": 1e3, "s": "aé\n", "l": [1, [2], {}]})",
      "a.json");
  CHECK(all.at("n", "all").is_null());
  CHECK(all.at("t", "all").boolean("t"));
  CHECK(all.at("i", "all").integer("i") == -42);
  CHECK(all.at("big", "all").integer("big") == 9223372036854775807);
  CHECK(all.at("d", "all").number("d") == 2.5);
  CHECK_FALSE(all.at("e", "all").is_integer());
  CHECK(all.at("e", "all").number("e") == 1000.0);
  CHECK(all.at("s", "all").text("s") == "a\xc3\xa9\n");
  const Document::Array& list = all.at("l", "all").array("l");
  REQUIRE(list.size() == 3);
  CHECK(list[1].array("inner").at(0).integer("2") == 2);
  CHECK(list[2].table("table").empty());
  CHECK(list[2].where() == "a.json");
  CHECK(parse_json("18446744073709551615", "a").number("too big for an integer") == 18446744073709551615.0);
}

TEST_CASE("what is not JSON is refused with file, line and column") {
  const auto refusal = [](const std::string& text) {
    return message_of<FormatError>([&] { (void)parse_json(text, "a.json"); });
  };
  CHECK(contains(refusal("{\n  \"a\": 1,\n  \"b\" 2\n}"), "a.json:3: not JSON at column 7: "));
  CHECK(contains(refusal(""), "a.json:1: not JSON at column 1"));
  CHECK(contains(refusal("{\"a\": 1,}"), "a.json:1: not JSON at column 9"));
  CHECK(contains(refusal("{} // comment"), "not JSON"));
  CHECK(contains(refusal("[1, NaN]"), "not JSON"));
  CHECK(contains(refusal("[1e999]"), "not JSON"));
  CHECK(contains(refusal("\"\xff\""), "not JSON"));
  CHECK(contains(refusal("{} {}"), "not JSON"));
  CHECK(contains(refusal("{\"a\": 1, \"a\": 2}"), "a.json: the key 'a' stands twice"));
  CHECK(contains(refusal(std::string(100000, '[')), "nested more than"));
}

TEST_CASE("JSON cut at any byte is refused") {
  const std::string whole = R"({"a": [1, 2.5, "x\"y"], "b": {"c": null, "d": true}})";
  CHECK(parse_json(whole, "a").is_table());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS((void)parse_json(whole.substr(0, length), "a"), FormatError);
  }
}

TEST_CASE("a JSON file is read by its path, which its values remember") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.json", "{\"a\": 1}");
  CHECK(read_json(folder / "a.json").at("a", "a").where() == (folder / "a.json").string());
  CHECK_THROWS_AS((void)read_json(folder / "none.json"), SystemError);
  CHECK_THROWS_AS((void)read_json(folder.path()), SystemError);
}
