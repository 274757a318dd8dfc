// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <source_location>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace flurry {

/// Every failure Flurry reports. The message is one sentence: what, where, found, allowed.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user asked for something that cannot be: a wrong parameter, key, unit or option.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// A file does not hold what its format promises.
class FormatError : public Error {
 public:
  using Error::Error;
};

/// The operating system or a device refused: missing file, full disk, no permission.
class SystemError : public Error {
 public:
  using Error::Error;
};

/// Stopped by the user (Ctrl-C) before the end.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// A mistake of ours. The message carries the place in the source.
class InternalError : public Error {
 public:
  explicit InternalError(std::string_view what, std::source_location where = std::source_location::current());
};

/// The candidate closest to `found` by edit distance, or "" where none is near (more than a third differs).
[[nodiscard]] std::string nearest_name(std::string_view found, std::span<const std::string> candidates);

/// "unknown key 'taum' in E (network.toml:12); did you mean 'tau_m'?" or, with nothing near, the whole
/// choice.
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view found, std::string_view where,
                                       std::span<const std::string> candidates);

}  // namespace flurry
