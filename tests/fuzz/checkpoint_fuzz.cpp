// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "tests/io/checkpoint/repaired_checkpoint.hpp"

// Checksums are made to fit: what they do not see must do no harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    const flurry::Checkpoint checkpoint =
        flurry::parse_checkpoint(flurry::testing::with_checksums(bytes), "fuzzed");
    for (const flurry::PopulationState& population : checkpoint.state.populations)
      if (population.values.size() > size) std::abort();
  } catch (const flurry::FormatError&) {
  }
  return 0;
}
