// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/document.hpp"

namespace flurry {

/// Applies one "key=value" of --set to a document: `key` is a dotted path whose tables exist already, value
/// is TOML or, where it is not, a text. A relative path given for a key named `file` is taken from the
/// current directory. UsageError naming the nearest key for a path that leads nowhere.
void apply_setting(const std::string& setting, Document& document);

}  // namespace flurry
