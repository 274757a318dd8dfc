// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/xml.hpp"

#include <pugixml.hpp>

#include "core/base/error.hpp"

namespace flurry {

namespace {

constexpr int deepest_element = 64;

XmlElement convert(const pugi::xml_node& node, const std::string& origin, int depth) {
  if (depth > deepest_element)
    throw FormatError(origin + ": XML elements lie more than " + std::to_string(deepest_element) + " deep");
  XmlElement element;
  element.name = node.name();
  element.text = node.text().get();
  for (const pugi::xml_attribute& attribute : node.attributes())
    element.attributes.emplace(attribute.name(), attribute.value());
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_element) element.children.push_back(convert(child, origin, depth + 1));
  return element;
}

}  // namespace

std::string_view XmlElement::attribute(std::string_view key) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? std::string_view() : found->second;
}

const XmlElement* XmlElement::child(std::string_view element, std::string_view key,
                                    std::string_view value) const {
  for (const XmlElement& candidate : children)
    if (candidate.name == element && candidate.attribute(key) == value) return &candidate;
  return nullptr;
}

XmlElement parse_xml(std::string_view text, const std::string& origin) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (!result)
    throw FormatError(origin + ": no XML at character " + std::to_string(result.offset) + ": " +
                      result.description());
  if (!document.document_element()) throw FormatError(origin + ": the XML holds no element");
  return convert(document.document_element(), origin, 1);
}

}  // namespace flurry
