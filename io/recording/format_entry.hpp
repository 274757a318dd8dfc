// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/event_reader.hpp"

namespace flurry {

/// What a file in io/formats must define: `struct Stem` with these static members.
template <class Format>
concept EventFormatFile = requires(std::string_view head, std::uint64_t size,
                                   const std::filesystem::path& path) {
  { Format::name } -> std::convertible_to<std::string_view>;
  { Format::title } -> std::convertible_to<std::string_view>;
  { Format::extensions } -> std::convertible_to<std::string_view>;
  { Format::clock } -> std::convertible_to<std::string_view>;
  { Format::recognise(head, size) } -> std::same_as<int>;
  { Format::open(path) } -> std::same_as<std::unique_ptr<EventReader>>;
};

template <EventFormatFile Format>
EventFormat format_entry() {
  return {Format::name, Format::title, Format::extensions, Format::clock, &Format::recognise, &Format::open};
}

}  // namespace flurry
