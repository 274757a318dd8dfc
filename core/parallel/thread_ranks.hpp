// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/communicator.hpp"

namespace flurry {

/// Runs `work` on so many ranks, each a thread of this process: for tests, and to try what several machines
/// would do. Where one fails the others end at their next exchange; the first failure is thrown.
void run_on_thread_ranks(std::uint32_t ranks, const std::function<void(Communicator&)>& work);

}  // namespace flurry
