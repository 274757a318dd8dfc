// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/xml.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"

using namespace flurry;

TEST_CASE("an XML document becomes its elements, attributes and texts") {
  const XmlElement root = parse_xml(
      "<?xml version=\"1.0\"?><!-- c --><a k=\"1\"><b n=\"x\">t &amp; u</b><b n=\"y\"/></a>", "here");
  CHECK(root.name == "a");
  CHECK(root.attribute("k") == "1");
  CHECK(root.attribute("none") == "");
  REQUIRE(root.children.size() == 2);
  REQUIRE(root.child("b", "n", "x") != nullptr);
  CHECK(root.child("b", "n", "x")->text == "t & u");
  CHECK(root.child("b", "n", "y") == &root.children[1]);
  CHECK(root.child("b", "n", "z") == nullptr);
  CHECK(root.child("c", "n", "x") == nullptr);
}

TEST_CASE("what is no XML is refused with its place") {
  CHECK_THROWS_WITH_AS(parse_xml("<a><b></a>", "here"),
                       "here: no XML at character 8: Start-end tags mismatch", FormatError);
  CHECK_THROWS_AS(parse_xml("", "here"), FormatError);
  CHECK_THROWS_AS(parse_xml("<!-- nothing -->", "here"), FormatError);
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  for (int i = 0; i < 65; ++i) deep += "</a>";
  CHECK_THROWS_WITH_AS(parse_xml(deep, "here"), "here: XML elements lie more than 64 deep", FormatError);
  CHECK(parse_xml(deep.substr(3, deep.size() - 7), "here").children.size() == 1);
}
