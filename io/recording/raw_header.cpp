// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/raw_header.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"

namespace flurry {

namespace {

bool is_text(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7f;
  });
}

std::uint32_t pixels(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value <= 65536 ? value : 0;
}

void note_conflict(RawHeader& header, std::string_view first, std::string_view second) {
  if (header.conflict.empty()) header.conflict = std::string(first) + " and " + std::string(second);
}

void set_format(RawHeader& header, std::string_view name) {
  if (!header.format.empty() && header.format != name) note_conflict(header, header.format, name);
  if (header.format.empty()) header.format = name;
}

void set_size(RawHeader& header, SensorSize found) {
  if (found.width == 0 || found.height == 0) return;
  const SensorSize known = header.sensor;
  const auto words = [](SensorSize s) { return std::to_string(s.width) + "x" + std::to_string(s.height); };
  if (known.width != 0 && (known.width != found.width || known.height != found.height))
    note_conflict(header, words(known), words(found));
  header.sensor = found;
}

// "EVT3;height=720;width=1280"
void take_format(RawHeader& header, std::string_view value) {
  SensorSize sensor;
  std::size_t semicolon = value.find(';');
  const std::string_view name = trimmed(value.substr(0, semicolon));
  set_format(header, name == "EVT21" ? "EVT2.1" : name);
  while (semicolon != std::string_view::npos) {
    value.remove_prefix(semicolon + 1);
    semicolon = value.find(';');
    const std::string_view option = trimmed(value.substr(0, semicolon));
    if (option.starts_with("width=")) sensor.width = pixels(option.substr(6));
    if (option.starts_with("height=")) sensor.height = pixels(option.substr(7));
    if (option.starts_with("endianness=")) header.endianness = option.substr(11);
  }
  set_size(header, sensor);
}

void take_line(RawHeader& header, std::string_view line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view key = line.substr(0, space);
  const std::string_view value = trimmed(line.substr(space));
  if (key == "format") take_format(header, value);
  if (key == "evt")
    set_format(header, value.ends_with(".0") ? "EVT" + std::string(value.substr(0, value.size() - 2))
                                             : "EVT" + std::string(value));
  if (key == "geometry") {
    const std::size_t cross = value.find('x');
    if (cross != std::string_view::npos)
      set_size(header, {pixels(value.substr(0, cross)), pixels(value.substr(cross + 1))});
  }
  if (key == "Data" && value.starts_with("file containing")) set_format(header, "DAT");
  if (key == "endianness") header.endianness = value;
  if (key == "Version") header.version = value;
  if (key == "Width") header.sensor.width = pixels(value);
  if (key == "Height") header.sensor.height = pixels(value);
  if (key == "system_ID") header.system_id = value;
  if (key.ends_with("integrator_name") && !key.starts_with("plugin")) header.integrator = value;
}

// Headers before 2021 often name the camera and not its size.
void look_up_size(RawHeader& header) {
  if (header.sensor.width != 0 && header.sensor.height != 0) return;
  header.sensor = {};
  if (!header.integrator.empty() && header.integrator != "Prophesee") return;
  if (header.system_id == "21") header.sensor = {640, 480};   // Gen3
  if (header.system_id == "48") header.sensor = {1280, 720};  // Gen4.1
}

}  // namespace

RawHeader parse_raw_header(std::string_view head) {
  RawHeader header;
  while (head.substr(header.bytes).starts_with("% ")) {
    const std::string_view rest = head.substr(header.bytes);
    const std::size_t end = rest.find('\n');
    if (!is_text(rest.substr(0, end))) break;
    if (end == std::string_view::npos) {
      header.complete = false;
      break;
    }
    const std::string_view line = trimmed(rest.substr(2, end - 2));
    header.bytes += end + 1;
    if (line == "end") break;
    take_line(header, line);
  }
  look_up_size(header);
  return header;
}

RawHeader take_raw_header(ByteSource& source, std::string_view expected) {
  source.fill();
  RawHeader header = parse_raw_header(source.unread());
  const std::string name = source.path().string();
  if (!header.complete)
    throw FormatError(name + ": the file ends inside its header, after byte " + std::to_string(header.bytes));
  if (!header.conflict.empty())
    throw FormatError(name + ": the header contradicts itself: " + header.conflict);
  if (!header.format.empty() && header.format != expected)
    throw FormatError(name + ": the header says " + header.format + ", not " + std::string(expected));
  source.consume(header.bytes);
  return header;
}

std::optional<int> recognise_raw_header(const RawHeader& header, std::string_view format) {
  if (header.format == format) return 3;
  if (!header.format.empty()) return 0;
  return std::nullopt;
}

}  // namespace flurry
