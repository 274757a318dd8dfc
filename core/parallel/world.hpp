// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "core/base/communicator.hpp"

namespace flurry {

/// The ranks that were started together by mpirun, of which this process is one; a process started otherwise
/// is alone. Built from mpi/world.cpp, or from single/world.cpp where MPI is not wanted.
class World {
 public:
  /// Joins the others. UsageError where mpirun started several but this program was built without MPI.
  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  /// Waits for the others.
  ~World();

  [[nodiscard]] Communicator& communicator();
  /// How many of the ranks are on this machine, to share its processors.
  [[nodiscard]] std::size_t ranks_on_this_machine() const;

  /// This rank cannot go on. Where all ranks say so within a moment they leave in order and this returns.
  /// Otherwise the whole run is ended with exit code `code`. Before, tell("") is called on one rank, or
  /// tell("rank 3: ") on each that failed.
  void fail(int code, const std::function<void(const std::string& who)>& tell);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// What mpirun and its like say how many processes they started; 1 where nobody says.
[[nodiscard]] std::size_t processes_started();

}  // namespace flurry
