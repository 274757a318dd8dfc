// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/process_ranks.hpp"

namespace flurry {
namespace {

// A process is one rank from beginning to end, whatever verb it runs.
World*& current() {
  static World* world = nullptr;
  return world;
}

}  // namespace

RanksInUse::RanksInUse(World& world) { current() = &world; }
RanksInUse::~RanksInUse() { current() = nullptr; }

Communicator& process_ranks() {
  static Communicator alone;
  return current() ? current()->communicator() : alone;
}

std::size_t ranks_on_this_machine() { return current() ? current()->ranks_on_this_machine() : 1; }

}  // namespace flurry
