// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/buffer_pool.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace flurry {
namespace {

constexpr std::size_t huge_page = std::size_t{1} << 21U;
constexpr std::size_t line = 64;

std::size_t class_of(std::size_t size) { return static_cast<std::size_t>(std::countr_zero(size)); }

}  // namespace

void BufferPool::Release::operator()(std::byte* memory) const noexcept { std::free(memory); }

std::size_t BufferPool::size_for(std::size_t bytes) noexcept {
  return std::max(smallest, std::bit_ceil(bytes));
}

void* BufferPool::take(std::size_t size) {
  Free*& first = free_[class_of(size)];
  if (first != nullptr) {
    Free* const taken = first;
    first = taken->next;
    return taken;
  }
  if (left_ < size) allocate(size);
  std::byte* const taken = next_;
  next_ += size;
  left_ -= size;
  return taken;
}

void BufferPool::give_back(void* piece, std::size_t size) noexcept {
  Free*& first = free_[class_of(size)];
  first = ::new (piece) Free{first};
}

// Slabs double until they are some large pages. What is left of the last one is given back in pieces.
void BufferPool::allocate(std::size_t size) {
  while (left_ >= smallest) {
    const std::size_t piece = std::bit_floor(left_);
    give_back(next_, piece);
    next_ += piece;
    left_ -= piece;
  }
  slab_ = std::max(std::min(2 * slab_, 4 * huge_page), size);
  const std::size_t alignment = slab_ >= huge_page ? huge_page : line;
  const std::size_t whole = (slab_ + alignment - 1) / alignment * alignment;
  auto* const memory = static_cast<std::byte*>(std::aligned_alloc(alignment, whole));
  if (memory == nullptr) throw std::bad_alloc();
  slabs_.emplace_back(memory);
  if (whole >= huge_page) (void)madvise(memory, whole, MADV_HUGEPAGE);
  bytes_ += whole;
  next_ = memory;
  left_ = whole;
}

}  // namespace flurry
