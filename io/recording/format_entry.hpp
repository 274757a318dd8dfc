// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/event_reader.hpp"

namespace flurry {

/// What a file in io/formats must define: `struct Stem` with these static members; and one of
/// `open(path)` and `open(path, readings)`, the latter with `choices`, an array of ReadingChoice.
/// It may define `holds(path)`, `open_on(path, threads)` and `create(path, sensor)`, which say what
/// EventFormat's members say.
template <class Format>
concept EventFormatFile = requires(std::string_view head, std::uint64_t size) {
  { Format::name } -> std::convertible_to<std::string_view>;
  { Format::title } -> std::convertible_to<std::string_view>;
  { Format::extensions } -> std::convertible_to<std::string_view>;
  { Format::clock } -> std::convertible_to<std::string_view>;
  { Format::recognise(head, size) } -> std::same_as<int>;
};

template <EventFormatFile Format>
EventFormat format_entry() {
  EventFormat entry;
  entry.name = Format::name;
  entry.title = Format::title;
  entry.extensions = Format::extensions;
  entry.clock = Format::clock;
  entry.recognise = &Format::recognise;
  if constexpr (requires { Format::choices; }) {
    entry.choices = Format::choices;
    entry.open_as = &Format::open;
  } else {
    entry.open_as = [](const std::filesystem::path& path, const Readings&) { return Format::open(path); };
  }
  if constexpr (requires { &Format::holds; }) entry.holds = &Format::holds;
  if constexpr (requires { &Format::open_on; }) entry.open_on = &Format::open_on;
  if constexpr (requires { &Format::create; }) entry.create = &Format::create;
  return entry;
}

}  // namespace flurry
