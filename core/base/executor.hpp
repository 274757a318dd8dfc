// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace flurry {

/// Runs independent pieces of work. Whoever needs threads takes one of these and never learns where they come
/// from; core/parallel makes the one that has them.
class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// How many pieces can run at once.
  [[nodiscard]] virtual std::size_t lanes() const { return 1; }

  /// Calls work(i, lane) once for every i < count, in any order; pieces with the same lane never overlap.
  /// Pieces may hand out work by another executor, not by this one.
  virtual void for_each(std::size_t count, const std::function<void(std::size_t i, std::size_t lane)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0);
  }
};

}  // namespace flurry
