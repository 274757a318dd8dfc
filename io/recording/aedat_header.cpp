// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/aedat_header.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"

namespace flurry {

namespace {

constexpr std::string_view version_mark = "#!AER-DAT";

// Those that users may name come first and in the order of aedat_chip_choice; the rest are older names.
constexpr std::array chips{
    AedatChip{"dvs128", {128, 128}, false},    AedatChip{"davis128", {128, 128}, true},
    AedatChip{"davis208", {208, 192}, true},   AedatChip{"davis240", {240, 180}, true},
    AedatChip{"davis346", {346, 260}, true},   AedatChip{"davis640", {640, 480}, true},
    AedatChip{"dvxplorer", {640, 480}, false}, AedatChip{"tmpdiff128", {128, 128}, false},
    AedatChip{"edvs", {128, 128}, false},      AedatChip{"sbret10", {240, 180}, true}};
constexpr std::size_t chosen_chips = 7;

bool is_line_of_text(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7f;
  });
}

/// What follows `key` in a line, without blanks around it.
std::optional<std::string> value_after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  return std::string(trimmed(line.substr(at + key.size())));
}

/// "2023-12-11 16:38:40 (TZ+0100)" as Unix time.
std::optional<std::int64_t> unix_time(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  int zone = 0;  // hours and minutes as one number
  const int found = std::sscanf(text.c_str(), "%4d-%2u-%2u %2d:%2d:%2d (TZ%5d)", &year, &month, &day, &hour,
                                &minute, &second, &zone);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (found < 6 || !date.ok() || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t minutes = (days * 24 + hour - zone / 100) * 60 + minute - zone % 100;
  return (minutes * 60 + second) * 1'000'000;
}

void take_line(AedatHeader& header, std::string_view line) {
  if (header.version.empty() && line.starts_with(version_mark))
    header.version = value_after(line, version_mark).value_or("");
  if (line.starts_with("#Source") || line.starts_with("# AEChip") || line.starts_with("#AEChip")) {
    const std::optional<std::string> value = value_after(line, ":");
    if (value && header.chip.empty()) header.chip = *value;
  }
  if (line.starts_with("#Start-Time:"))
    if (const std::optional<std::string> value = value_after(line, ":")) header.start = unix_time(*value);
}

bool is_end(std::string_view line) {
  return line.starts_with("#End Of ASCII Header") || line.starts_with("#!END-HEADER");
}

}  // namespace

const AedatChip* find_aedat_chip(std::string_view words) {
  const std::string lower = lower_case(words);
  for (const AedatChip& chip : chips)
    if (lower.find(chip.name) != std::string::npos) return &chip;
  return nullptr;
}

const AedatChip* chosen_aedat_chip(const Readings& readings, const std::string& file) {
  const auto choice = readings.find("chip");
  if (choice == readings.end()) return nullptr;
  std::vector<std::string> names;
  names.reserve(chosen_chips);
  for (std::size_t i = 0; i < chosen_chips; ++i) {
    if (chips[i].name == choice->second) return &chips[i];
    names.emplace_back(chips[i].name);
  }
  throw UsageError(unknown_name("value for the reading 'chip'", choice->second, file, names));
}

AedatHeader parse_aedat_header(std::string_view head) {
  AedatHeader header;
  while (head.substr(header.bytes).starts_with('#')) {
    const std::string_view rest = head.substr(header.bytes);
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (!is_line_of_text(line)) break;
    if (end == std::string_view::npos) {
      header.complete = false;
      break;
    }
    header.bytes += end + 1;
    if (is_end(line)) break;
    take_line(header, line);
  }
  return header;
}

AedatHeader take_aedat_header(ByteSource& source, std::string_view version) {
  source.fill();
  AedatHeader header = parse_aedat_header(source.unread());
  const std::string file = source.path().string();
  if (!header.complete)
    throw FormatError(file + ": the file ends inside its header, after byte " + std::to_string(header.bytes));
  const std::string found = header.version.empty() ? "1.0" : header.version;
  if (!found.starts_with(version))
    throw FormatError(file + ": the header says AEDAT " + found.substr(0, 16) + ", not AEDAT " +
                      std::string(version.substr(0, 1)));
  source.consume(header.bytes);
  return header;
}

}  // namespace flurry
