// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/toml.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

std::string message_of(const std::string& text) {
  try {
    (void)parse_toml(text, "a.toml");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

struct TemporaryFile {
  explicit TemporaryFile(const std::string& text)
      : path(std::filesystem::temp_directory_path() / ("flurry_toml_test_" + std::to_string(getpid()))) {
    std::ofstream(path, std::ios::binary) << text;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

TEST_CASE("every kind of TOML value keeps its type and value") {
  const Document d = parse_toml(
      "a = 1\nb = -2.5e3\nc = 'x'\nd = true\ne = [1, 'two', [3.0]]\nf = { g = 9223372036854775807 }\nh = "
      "inf\n",
      "a.toml");
  CHECK(d.at("a", "a").integer("a") == 1);
  CHECK(d.at("b", "b").number("b") == -2500.0);
  CHECK_FALSE(d.at("b", "b").is_integer());
  CHECK(d.at("c", "c").text("c") == "x");
  CHECK(d.at("d", "d").boolean("d"));
  const Document::Array& e = d.at("e", "e").array("e");
  REQUIRE(e.size() == 3);
  CHECK(e[0].integer("") == 1);
  CHECK(e[1].text("") == "two");
  CHECK(e[2].array("")[0].number("") == 3.0);
  CHECK(d.at("f", "f").at("g", "g").integer("g") == 9223372036854775807);
  CHECK(d.at("h", "h").number("h") > 1e308);
}

TEST_CASE("every TOML value remembers its file and line") {
  const Document d = parse_toml("[a]\nx = 1\n\n[a.b]\ny = [\n  1,\n  2]\n", "dir/a.toml");
  CHECK(d.at("a", "").where() == "dir/a.toml:1");
  CHECK(d.at("a", "").at("x", "").where() == "dir/a.toml:2");
  CHECK(d.at("a", "").at("b", "").where() == "dir/a.toml:4");
  CHECK(d.at("a", "").at("b", "").at("y", "").where() == "dir/a.toml:5");
  CHECK(d.at("a", "").at("b", "").at("y", "").array("")[1].where() == "dir/a.toml:7");
}

TEST_CASE("text that is not TOML is refused with line and column") {
  CHECK(message_of("a = 1\nb = = 2\n").find("a.toml:2:5 is not TOML: ") == 0);
  CHECK(message_of("a = 20 ms\n").find("a.toml:1:") == 0);
  CHECK(message_of("[a]\n[a]\n").find("a.toml:2:") == 0);
  CHECK(message_of("a = 1\na = 2\n").find("a.toml:2:") == 0);
  CHECK(message_of("a = 'open").find("a.toml:1:") == 0);
}

TEST_CASE("a date is refused with its line, because no value here is one") {
  CHECK(message_of("x = 1\na = 2021-10-04\n").find("a.toml:2 holds a date") == 0);
}

TEST_CASE("a TOML text cut anywhere parses or is a FormatError, and never anything else") {
  const std::string whole = "[a]\nx = { y = [1, 2.5, 'z'], w = \"20 ms\" } # end\n[[b]]\nc = true\n";
  int refused = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    try {
      const Document document = parse_toml(whole.substr(0, length), "a.toml");
      CHECK(document.is_table());
    } catch (const FormatError&) {
      ++refused;
    }
  }
  CHECK(refused > 20);
}

TEST_CASE("a TOML file reads as its text does") {
  const TemporaryFile file("a = 'b'\n");
  CHECK(read_text_file(file.path) == "a = 'b'\n");
  CHECK(read_toml(file.path).at("a", "").text("") == "b");
  CHECK(read_toml(file.path).at("a", "").where() == file.path.string() + ":1");
}

TEST_CASE("a file that cannot be read is a SystemError naming it") {
  CHECK_THROWS_WITH_AS((void)read_toml("/nonexistent/x.toml"),
                       "cannot read /nonexistent/x.toml: No such file or directory", SystemError);
  CHECK_THROWS_AS((void)read_toml(std::filesystem::temp_directory_path()), SystemError);
}

}  // namespace
}  // namespace flurry
