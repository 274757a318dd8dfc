// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/process_ranks.hpp"

namespace flurry {
namespace {

// A process is one rank from beginning to end, whatever verb it runs.
struct Current {
  World* world = nullptr;
};
Current& current() {
  static Current one;
  return one;
}

}  // namespace

RanksInUse::RanksInUse(World& world) { current().world = &world; }
RanksInUse::~RanksInUse() { current().world = nullptr; }

Communicator& process_ranks() {
  static Communicator alone;
  return current().world ? current().world->communicator() : alone;
}

std::size_t ranks_on_this_machine() { return current().world ? current().world->ranks_on_this_machine() : 1; }

}  // namespace flurry
