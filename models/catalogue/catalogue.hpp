// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/catalogue.hpp"

namespace flurry {

/// Every model in models/neuron and models/source.
[[nodiscard]] const Catalogue& catalogue();

}  // namespace flurry
