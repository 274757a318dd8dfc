// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/flatbuffer.hpp"

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace flatbuffer_test {

// Root at 16: 32 bits at 20, 64 at 24, a vector by its offset at 32; the list of fields at 4; the vector
// at 36.
std::string buffer() {
  return words32({16}) + words16({12, 20, 4, 8, 16, 0}) + words32({12, 7, 1, 2, 4, 3}) + "abc";
}

TEST_CASE("the root table of a flatbuffer gives its numbers and vectors") {
  const std::string bytes = buffer();
  const auto table = FlatTable::root(bytes);
  REQUIRE(table);
  CHECK(table->number32(0, -1) == 7);
  CHECK(table->number64(1, -1) == (std::int64_t{2} << 32U) + 1);
  CHECK(table->vector(2, 1) == "abc");
  CHECK(table->vector(2, 2) == std::nullopt);
  CHECK(table->number32(3, -1) == -1);
  CHECK(table->number64(99, -5) == -5);
  CHECK(table->vector(3, 1) == "");
}

TEST_CASE("no damaged flatbuffer is read beyond its bytes") {
  const std::string whole = buffer();
  RandomSequence random(8, Purpose::test, 0, 0);
  const auto read_all = [](const std::string& bytes) {
    const std::vector<char> exact(bytes.begin(), bytes.end());  // so that the address sanitizer sees its end
    const auto table = FlatTable::root({exact.data(), exact.size()});
    if (!table) return;
    for (std::size_t field = 0; field < 5; ++field) {
      static_cast<void>(table->number32(field, 0));
      static_cast<void>(table->number64(field, 0));
      for (const std::size_t element : {1U, 4U, 16U}) {
        const auto vector = table->vector(field, element);
        CHECK((!vector || vector->size() <= bytes.size()));
      }
    }
  };
  for (std::size_t size = 0; size < whole.size(); ++size) read_all(whole.substr(0, size));
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (std::uint32_t flips = 1 + random.below(3); flips > 0; --flips)
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random());
    read_all(bytes);
  }
}

}  // namespace flatbuffer_test
