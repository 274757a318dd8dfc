// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace flurry {

/// Memory from the beginning of a cache line on: a vector of 64 bytes that lies across two costs twice.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <class Other>
  explicit CacheLineAllocator(const CacheLineAllocator<Other>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{64}));
  }
  void deallocate(T* values, std::size_t) noexcept { ::operator delete (values, std::align_val_t{64}); }

  bool operator==(const CacheLineAllocator&) const = default;
};

template <class T>
using CacheLines = std::vector<T, CacheLineAllocator<T>>;

}  // namespace flurry
