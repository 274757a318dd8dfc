// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/content_description.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "io/recording/raw_header.hpp"

namespace flurry {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view meaning;
  std::string_view advice = "";
};

constexpr std::string_view is_image =
    "an image is no recording, but 'flurry record' makes one of images moved by saccades";
constexpr std::string_view is_packed = "unpack it first";

constexpr std::array signatures{
    Signature{"#!AER-DAT4"sv, "an AEDAT 4 recording"sv},
    Signature{"#!AER-DAT3"sv, "an AEDAT 3 recording"sv},
    Signature{"#!AER-DAT2"sv, "an AEDAT 2 recording"sv},
    Signature{"#!AER-DAT1"sv, "an AEDAT 1 recording"sv},
    Signature{"#ROSBAG"sv, "a ROS bag"sv},
    Signature{"SQLite format 3\0"sv, "an SQLite database (perhaps a ROS 2 bag)"sv},
    Signature{"\x89MCAP0"sv, "an MCAP file"sv},
    Signature{"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"sv,
              "where it holds events under names not known, say which they are with --reading"sv},
    Signature{"\x93NUMPY"sv, "a NumPy array"sv},
    Signature{"\x89PNG"sv, "a PNG image"sv, is_image},
    Signature{"\xff\xd8\xff"sv, "a JPEG image"sv, is_image},
    Signature{"GIF8"sv, "a GIF image"sv, is_image},
    Signature{"RIFF"sv, "a RIFF file (WAV sound or AVI film)"sv,
              "'flurry dataset encode' turns a folder of WAV sounds into spikes"sv},
    Signature{"\x7f\x45LF"sv, "a program"sv},
    Signature{"PK\x03\x04"sv, "a zip archive"sv, is_packed},
    Signature{"\x1f\x8b\x08"sv, "a gzip file"sv, is_packed},
    Signature{"BZh"sv, "a bzip2 file"sv, is_packed},
    Signature{"\xfd"
              "7zXZ"sv,
              "an xz file"sv, is_packed},
    Signature{"7z\xbc\xaf"sv, "a 7-Zip archive"sv, is_packed},
    Signature{"MATLAB 5.0"sv, "a MATLAB file"sv, "save its events as text or HDF5"sv},
};

std::string raw_header_words(std::string_view head) {
  const RawHeader header = parse_raw_header(head);
  if (header.format == "DAT") return "a Prophesee DAT recording";
  if (!header.format.empty()) return "a Prophesee RAW header that says " + header.format;
  return header.bytes > 0 ? "a percent header that names no format" : "";
}

bool is_plain_text(std::string_view head) {
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte < 0x7f) || c == '\n' || c == '\r' || c == '\t';
  });
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    std::array<char, 4> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    if (!text.empty()) text += ' ';
    text += digits.data();
  }
  return text;
}

}  // namespace

std::string_view foreign_signature(std::string_view head) {
  for (const Signature& signature : signatures)
    if (head.starts_with(signature.bytes)) return signature.meaning;
  return {};
}

std::string_view content_advice(std::string_view head) {
  if (head.empty()) return "nothing was recorded, or copying failed";
  for (const Signature& signature : signatures)
    if (head.starts_with(signature.bytes)) return signature.advice;
  const RawHeader header = parse_raw_header(head);
  if (header.format.empty() || header.format == "DAT") return "";
  return "of what such sensors write, EVT2, EVT2.1 and EVT3 hold events with their times: record one of "
         "these";
}

std::string describe_content(std::string_view head) {
  if (head.empty()) return "an empty file";
  if (const std::string_view foreign = foreign_signature(head); !foreign.empty()) return std::string(foreign);
  if (std::string raw = raw_header_words(head); !raw.empty()) return raw;
  if (is_plain_text(head)) {
    const std::string_view line = head.substr(0, std::min(head.find_first_of("\r\n"), std::size_t{40}));
    return "text: '" + std::string(line) + "'";
  }
  return "the bytes " + hexadecimal(head.substr(0, 16));
}

std::string printable(std::string_view name) {
  std::string text(name.substr(0, 60));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

}  // namespace flurry
