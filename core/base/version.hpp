// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace flurry {

/// As in CMakeLists.txt and CHANGELOG.md; written into every output file.
inline constexpr std::string_view version = "0.1.0";

}  // namespace flurry
