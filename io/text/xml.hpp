// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flurry {

/// An element of an XML document.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  std::string text;  // before the first child
  std::vector<XmlElement> children;

  /// An attribute's value, "" if there is none.
  [[nodiscard]] std::string_view attribute(std::string_view key) const;
  /// The first child with this name whose attribute `key` is `value`; null if there is none.
  [[nodiscard]] const XmlElement* child(std::string_view element, std::string_view key,
                                        std::string_view value) const;
};

/// The root element of an XML document. FormatError beginning with `origin` for what is not XML, has no
/// element or nests deeper than 64 elements.
[[nodiscard]] XmlElement parse_xml(std::string_view text, const std::string& origin);

}  // namespace flurry
