// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/mman.h>

namespace flurry {

/// Empties a vector and gives it room for `count` values in memory that the system is asked to back with
/// large pages: work all over gigabytes, as building rows does, costs a page walk per value otherwise. Only
/// advice; nothing fails without it.
template <class T>
void reserve_on_huge_pages(std::vector<T>& values, std::size_t count) {
  constexpr std::size_t page = std::size_t{1} << 21U;
  values.clear();
  values.reserve(count);
  const std::size_t bytes = count * sizeof(T);
  const std::size_t skipped = (page - reinterpret_cast<std::uintptr_t>(values.data()) % page) % page;
  if (bytes >= skipped + page)
    (void)madvise(reinterpret_cast<char*>(values.data()) + skipped, (bytes - skipped) / page * page,
                  MADV_HUGEPAGE);
}

/// The same with `count` values (zeros) in it.
template <class T>
void resize_on_huge_pages(std::vector<T>& values, std::size_t count) {
  reserve_on_huge_pages(values, count);
  values.resize(count);
}

}  // namespace flurry
