// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "io/network_file/record_reader.hpp"

namespace flurry {

/// The neurons of a population of this size that a record names, ascending: all, some ranges, or a random
/// sample of these, the same for the same seed. UsageError where there are not so many.
[[nodiscard]] std::vector<std::uint32_t> select_neurons(const RecordDescription& record, std::uint32_t size);

}  // namespace flurry
