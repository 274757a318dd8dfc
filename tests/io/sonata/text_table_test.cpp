// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/text_table.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/hdf5/temporary_folder.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("cells are split at spaces, kept together by quotes, and NULL where empty") {
  const TextTable table = TextTable::parse(
      "id  name\tquery\r\n1 \"two words\" model_name=='LIF_exc'\n\n2 NULL \"\"\n3 \"say \"\"hi\"\"\" x",
      "t.csv");
  REQUIRE(table.size() == 3);
  CHECK(table.columns() == std::vector<std::string>{"id", "name", "query"});
  CHECK(*table.cell(0, 1) == "two words");
  CHECK(*table.cell(0, 2) == "model_name=='LIF_exc'");
  CHECK(table.cell(1, 1) == nullptr);
  CHECK(table.cell(1, 2) == nullptr);
  CHECK(*table.cell(2, 1) == "say \"hi\"");
  CHECK(table.natural(2, 0) == 3);
  CHECK(table.where(1) == "t.csv:4");
  CHECK(table.find_column("query") == 2U);
  CHECK_FALSE(table.find_column("Query"));
}

TEST_CASE("tables that are not tables are refused with the line") {
  CHECK(contains(message_of<FormatError>([] { (void)TextTable::parse("", "t.csv"); }), "t.csv is empty"));
  CHECK(contains(message_of<FormatError>([] { (void)TextTable::parse("a b\n1\n", "t.csv"); }),
                 "t.csv:2: 1 cells"));
  CHECK(contains(message_of<FormatError>([] { (void)TextTable::parse("a\n\"x\n", "t.csv"); }), "not closed"));
  const TextTable table = TextTable::parse("a b c d\n1.5 nan -3 NULL\n", "t.csv");
  CHECK(table.number(0, 0) == 1.5);
  CHECK(contains(message_of<FormatError>([&] { (void)table.natural(0, 0); }), "t.csv:2: a is '1.5'"));
  CHECK(contains(message_of<FormatError>([&] { (void)table.number(0, 1); }), "finite"));
  CHECK(contains(message_of<FormatError>([&] { (void)table.natural(0, 2); }), "c is '-3'"));
  CHECK(contains(message_of<FormatError>([&] { (void)table.number(0, 3); }), "d is 'NULL'"));
  CHECK(contains(message_of<FormatError>([&] { (void)table.column("e"); }), "no column 'e'"));
}
