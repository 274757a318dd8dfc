// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace flurry {

/// Memory in pieces of 2^k bytes, taken and given back in quick succession: what was given back last is taken
/// first, while it is still in the caches. Cut from few large allocations, on large pages, since pieces all
/// over the memory would cost a page walk each. Used by one thread.
class BufferPool {
 public:
  static constexpr std::size_t smallest = 128;  // bytes

  BufferPool() = default;
  BufferPool(BufferPool&&) = default;
  BufferPool& operator=(BufferPool&&) = default;

  /// The size of a piece that holds so many bytes.
  [[nodiscard]] static std::size_t size_for(std::size_t bytes) noexcept;

  /// `size`: one that size_for gives. Not initialised.
  [[nodiscard]] void* take(std::size_t size);
  void give_back(void* piece, std::size_t size) noexcept;
  /// All that was ever allocated; it stays until the pool ends.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  struct Free {  // at the start of a piece that nobody has
    Free* next;
  };
  struct Release {
    void operator()(std::byte* memory) const noexcept;
  };
  void allocate(std::size_t size);

  std::array<Free*, 64> free_{};  // by binary logarithm of the size
  std::byte* next_ = nullptr;     // what was not taken yet of the last slab
  std::size_t left_ = 0;
  std::size_t slab_ = std::size_t{32} << 10U;  // size of the next one, half of it at least
  std::uint64_t bytes_ = 0;
  std::vector<std::unique_ptr<std::byte, Release>> slabs_;
};

}  // namespace flurry
