// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/world.hpp"

#include "core/base/error.hpp"

namespace flurry {

struct World::Content {
  Communicator alone;
};

World::World() : content_(std::make_unique<Content>()) {
  if (processes_started() > 1)
    throw UsageError(
        "mpirun started " + std::to_string(processes_started()) +
        " processes, but this flurry was built without MPI: every one of them would do all the work; "
        "build it with `cmake --preset mpi && cmake --build --preset mpi`");
}

World::~World() = default;

Communicator& World::communicator() { return content_->alone; }

std::size_t World::ranks_on_this_machine() const { return 1; }

void World::fail(int, const std::function<void(const std::string& who)>& tell) { tell(""); }

}  // namespace flurry
