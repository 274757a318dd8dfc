// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/buffer_pool.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {

TEST_CASE("pieces of a pool hold as much as was asked for, and are nobody else's until they are given back") {
  struct Piece {
    unsigned char* memory;
    std::size_t size;
    unsigned char mark;
  };
  BufferPool pool;
  RandomSequence random(1, Purpose::test, 77, 0);
  std::vector<Piece> held;
  const auto check = [](const Piece& piece) {
    for (std::size_t i = 0; i < piece.size; ++i) REQUIRE(piece.memory[i] == piece.mark);
  };
  for (std::uint32_t round = 0; round < 20'000; ++round) {
    if (held.size() < 100 && random.below(2) == 0) {
      const std::size_t bytes = random.below(random.below(20) == 0 ? 300'000 : 2'000);
      const std::size_t size = BufferPool::size_for(bytes);
      REQUIRE(size >= bytes);
      REQUIRE(size < std::max(2 * bytes, BufferPool::smallest + 1));
      auto* const memory = static_cast<unsigned char*>(pool.take(size));
      REQUIRE(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
      held.push_back({memory, size, static_cast<unsigned char>(round)});
      std::memset(memory, held.back().mark, size);
    } else if (!held.empty()) {
      std::swap(held[random.below(static_cast<std::uint32_t>(held.size()))], held.back());
      check(held.back());
      pool.give_back(held.back().memory, held.back().size);
      held.pop_back();
    }
  }
  std::uint64_t sum = 0;
  for (const Piece& piece : held) {
    check(piece);
    sum += piece.size;
  }
  CHECK(pool.bytes() >= sum);
  CHECK(pool.bytes() < 200U << 20U);
}

TEST_CASE("what was given back is taken again, the last first, and nothing more is allocated") {
  BufferPool pool;
  void* const first = pool.take(1024);
  void* const second = pool.take(1024);
  const std::uint64_t bytes = pool.bytes();
  for (int round = 0; round < 1'000; ++round) {
    pool.give_back(first, 1024);
    pool.give_back(second, 1024);
    REQUIRE(pool.take(1024) == second);
    REQUIRE(pool.take(1024) == first);
  }
  CHECK(pool.bytes() == bytes);
}

}  // namespace flurry::testing
