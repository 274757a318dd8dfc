// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "core/parallel/world.hpp"

namespace flurry {

std::size_t processes_started() {
  std::size_t processes = 1;
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS", "SLURM_STEP_NUM_TASKS"})
    if (const char* value = std::getenv(name))
      processes = std::max<std::size_t>(processes, std::strtoul(value, nullptr, 10));
  return processes;
}

}  // namespace flurry
