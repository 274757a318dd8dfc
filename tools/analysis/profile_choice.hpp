// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/energy/energy_profile.hpp"

namespace flurry {

/// All energy profiles inside the program.
[[nodiscard]] std::vector<EnergyProfile> known_profiles();

/// Profiles by name, or from files (a name with a '.' or '/'); "all" for all known ones; a few that show the
/// span of scopes where `names` is empty. UsageError naming the nearest for an unknown name.
[[nodiscard]] std::vector<EnergyProfile> choose_profiles(const std::vector<std::string>& names);

}  // namespace flurry
