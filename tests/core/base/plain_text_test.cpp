// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/plain_text.hpp"

#include <doctest/doctest.h>

using namespace flurry;

namespace plain_text_test {

using Parts = std::vector<std::string>;

TEST_CASE("text loses the blanks at its ends, and no others") {
  CHECK(trimmed(" \ta b\r\n") == "a b");
  CHECK(trimmed(" \n ").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\n a\n", " ") == "\n a\n");
}

TEST_CASE("capital letters of ASCII become small, other bytes stay") {
  CHECK(lower_case("DAVIS346-Az@[`{") == "davis346-az@[`{");
  CHECK(lower_case("\xc3\x84") == "\xc3\x84");  // of two bytes
  CHECK(lower_case('Z') == 'z');
}

TEST_CASE("a text splits into one part more than it has separators") {
  CHECK(split("a,b", ',') == Parts{"a", "b"});
  CHECK(split("a,,", ',') == Parts{"a", "", ""});
  CHECK(split("", ',') == Parts{""});
  CHECK(split("run.seed", ',') == Parts{"run.seed"});
}

}  // namespace plain_text_test
