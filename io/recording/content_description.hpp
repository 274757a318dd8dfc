// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace flurry {

/// The format other than ours whose signature the first bytes are, in words; "" if none that is known.
[[nodiscard]] std::string_view foreign_signature(std::string_view head);

/// What the first bytes of a file look like, in words, for refusals: the name of a known format that is not a
/// recording we read, else the bytes themselves.
[[nodiscard]] std::string describe_content(std::string_view head);

/// What can be done about a file that is no recording we read; "" where nothing is known.
[[nodiscard]] std::string_view content_advice(std::string_view head);

/// A name from a file as it may stand in a message: at most 60 characters, none of them unprintable.
[[nodiscard]] std::string printable(std::string_view name);

}  // namespace flurry
