// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/document.hpp"

#include <functional>
#include <string>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry::testing {
namespace {

const std::string place = "network.toml:12";

Document made(Document::Value value) { return {std::move(value), place}; }

struct Sample {
  const char* kind;
  Document document;
  std::string described;
};

std::vector<Sample> samples() {
  return {{"null", made(std::monostate{}), "nothing"},
          {"bool", made(true), "true"},
          {"integer", made(std::int64_t{3}), "the number 3"},
          {"real", made(0.25), "the number 0.25"},
          {"text", made(std::string("x")), "the text 'x'"},
          {"list", made(Document::Array{made(1.0)}), "a list"},
          {"table", made(Document::Table{{"a", made(1.0)}}), "a table"}};
}

struct Accessor {
  std::string wanted;
  std::vector<std::string> accepted;
  std::function<void(const Document&)> read;
};

std::vector<Accessor> accessors() {
  return {{"a table", {"table"}, [](const Document& d) { (void)d.table("tau"); }},
          {"a list", {"list"}, [](const Document& d) { (void)d.array("tau"); }},
          {"a text", {"text"}, [](const Document& d) { (void)d.text("tau"); }},
          {"true or false", {"bool"}, [](const Document& d) { (void)d.boolean("tau"); }},
          {"a number", {"integer", "real"}, [](const Document& d) { (void)d.number("tau"); }},
          {"a whole number", {"integer"}, [](const Document& d) { (void)d.integer("tau"); }}};
}

}  // namespace

TEST_CASE("every accessor takes its own kinds and refuses all others in one sentence") {
  for (const Accessor& accessor : accessors())
    for (const Sample& sample : samples()) {
      CAPTURE(accessor.wanted);
      CAPTURE(sample.kind);
      bool accepted = false;
      for (const std::string& kind : accessor.accepted) accepted = accepted || kind == sample.kind;
      if (accepted) {
        CHECK_NOTHROW(accessor.read(sample.document));
      } else {
        const std::string message =
            "tau (" + place + ") is " + sample.described + "; expected " + accessor.wanted;
        CHECK_THROWS_WITH_AS(accessor.read(sample.document), message.c_str(), UsageError);
      }
    }
}

TEST_CASE("a document is of exactly one kind and describes it") {
  for (const Sample& sample : samples()) {
    CAPTURE(sample.kind);
    const Document& d = sample.document;
    const std::string kind = sample.kind;
    CHECK(d.is_null() == (kind == "null"));
    CHECK(d.is_bool() == (kind == "bool"));
    CHECK(d.is_integer() == (kind == "integer"));
    CHECK(d.is_number() == (kind == "integer" || kind == "real"));
    CHECK(d.is_text() == (kind == "text"));
    CHECK(d.is_array() == (kind == "list"));
    CHECK(d.is_table() == (kind == "table"));
    CHECK(d.describe() == sample.described);
    CHECK(d.where() == place);
  }
  CHECK(made(false).describe() == "false");
  CHECK(Document().is_null());
}

TEST_CASE("values come out as they went in, whole numbers also as numbers") {
  CHECK(made(std::int64_t{-7}).integer("x") == -7);
  CHECK(made(std::int64_t{-7}).number("x") == -7.0);
  CHECK(made(0.1).number("x") == 0.1);
  CHECK(made(false).boolean("x") == false);
  CHECK(made(std::string("lif")).text("x") == "lif");
  CHECK(made(Document::Array{made(1.0), made(2.0)}).array("x").at(1).number("x") == 2.0);
}

TEST_CASE("members are found by key, and a missing one is named where it is needed") {
  const Document table = made(Document::Table{{"a", {1.5, "network.toml:13"}}});
  REQUIRE(table.find("a") != nullptr);
  CHECK(table.find("a")->where() == "network.toml:13");
  CHECK(table.find("b") == nullptr);
  CHECK(made(1.0).find("a") == nullptr);
  CHECK(table.at("a", "E").number("a") == 1.5);
  CHECK_THROWS_WITH_AS((void)table.at("b", "E"), "E (network.toml:12) has no 'b'", UsageError);
  CHECK_THROWS_WITH_AS((void)made(1.5).at("b", "E"),
                       "E (network.toml:12) is the number 1.5; expected a table", UsageError);
}

TEST_CASE("keys that are not allowed are refused at their own line with the nearest name") {
  const Document table = made(Document::Table{{"size", made(1.0)}, {"modle", {1.0, "network.toml:14"}}});
  CHECK_THROWS_WITH_AS(table.expect_keys("E", {"size", "model"}),
                       "unknown key 'modle' in E (network.toml:14); did you mean 'model'?", UsageError);
  CHECK_NOTHROW(table.expect_keys("E", {"size", "modle", "more"}));
  CHECK_NOTHROW(made(Document::Table{}).expect_keys("E", {}));
  CHECK_THROWS_AS(made(1.0).expect_keys("E", {"size"}), UsageError);
}

}  // namespace flurry::testing
