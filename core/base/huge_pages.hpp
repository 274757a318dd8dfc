// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/mman.h>

namespace flurry {

/// Gives a vector `count` values (zeros) in memory that the system is asked to back with large pages: writing
/// all over gigabytes, as building rows does, costs a page walk per store otherwise. Only advice; nothing
/// fails without it.
template <class T>
void resize_on_huge_pages(std::vector<T>& values, std::size_t count) {
  constexpr std::uintptr_t page = std::uintptr_t{1} << 21U;
  values.clear();
  values.reserve(count);
  const auto begin = (reinterpret_cast<std::uintptr_t>(values.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(values.data()) + count * sizeof(T)) / page * page;
  if (end > begin) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  values.resize(count);
}

}  // namespace flurry
