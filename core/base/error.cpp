// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.hpp"

#include <algorithm>
#include <cstddef>

#include "core/base/plain_text.hpp"

namespace flurry {
namespace {

// Levenshtein distance without regard to case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower_case(a[i - 1]) == lower_case(b[j - 1]) ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

InternalError::InternalError(std::string_view what, std::source_location where)
    : Error("internal error at " + std::string(where.file_name()) + ":" + std::to_string(where.line()) +
            ": " + std::string(what) + " (please report it)") {}

std::string nearest_name(std::string_view found, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, found.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(found, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string unknown_name(std::string_view kind, std::string_view found, std::string_view where,
                         std::span<const std::string> candidates) {
  std::string message = "unknown " + std::string(kind) + " '" + std::string(found) + "'";
  if (!where.empty()) message += " in " + std::string(where);
  const std::string near = nearest_name(found, candidates);
  if (!near.empty()) return message + "; did you mean '" + near + "'?";
  message += "; allowed:";
  for (const std::string& candidate : candidates) message += " " + candidate;
  return message;
}

}  // namespace flurry
