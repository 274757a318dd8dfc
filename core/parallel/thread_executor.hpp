// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/base/executor.hpp"

namespace flurry {

/// Runs pieces of work on a fixed number of threads (TBB).
class ThreadExecutor final : public Executor {
 public:
  /// `threads` = 0: as many as the machine has processors.
  explicit ThreadExecutor(std::size_t threads);
  ~ThreadExecutor() override;

  [[nodiscard]] std::size_t lanes() const override;
  void for_each(std::size_t count, const std::function<void(std::size_t i, std::size_t lane)>& work) override;

 private:
  struct Arena;
  std::unique_ptr<Arena> arena_;
};

}  // namespace flurry
