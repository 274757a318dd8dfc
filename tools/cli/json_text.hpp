// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/document.hpp"

namespace flurry {

/// JSON text of a document: keys in alphabetical order, numbers as short as they read back; null for a number
/// that is not finite. `indent` spaces per level, -1 for one line.
[[nodiscard]] std::string json_text(const Document& document, int indent = 2);

// Documents from values, for --json output.
[[nodiscard]] Document json(std::string_view text);
[[nodiscard]] Document json(const char* text);
[[nodiscard]] Document json(const std::string& text);
[[nodiscard]] Document json(bool value);
[[nodiscard]] Document json(double value);
[[nodiscard]] Document json(std::int64_t value);
[[nodiscard]] Document json(Document::Table table);
[[nodiscard]] Document json(Document::Array array);
/// null where there is no value.
[[nodiscard]] Document json(const std::optional<double>& value);
template <std::integral Number>
requires(!std::same_as<Number, bool> && !std::same_as<Number, std::int64_t>) [[nodiscard]] Document
    json(Number value) {
  if (std::cmp_greater(value, std::numeric_limits<std::int64_t>::max()))
    return json(static_cast<double>(value));
  return json(static_cast<std::int64_t>(value));
}
template <class Item>
[[nodiscard]] Document json(const std::vector<Item>& items) {
  Document::Array array;
  for (const Item& item : items) array.push_back(json(item));
  return json(std::move(array));
}

}  // namespace flurry
