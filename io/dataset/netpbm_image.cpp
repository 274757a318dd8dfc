// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/dataset/netpbm_image.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t largest_side = 65536;

/// Reads the numbers of a header, past white space and comments.
class Header {
 public:
  Header(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  std::uint32_t number(const char* what, std::uint32_t most) {
    skip_space();
    std::uint32_t value = 0;
    const char* first = bytes_.data() + at_;
    const auto [end, status] = std::from_chars(first, bytes_.data() + bytes_.size(), value);
    if (status != std::errc{} || value == 0 || value > most)
      throw FormatError(where_ + ": the header names no " + what + " from 1 to " + std::to_string(most));
    at_ += static_cast<std::size_t>(end - first);
    return value;
  }
  /// The values, behind the one white space that ends the header.
  [[nodiscard]] std::string_view rest() const { return bytes_.substr(std::min(at_ + 1, bytes_.size())); }

 private:
  void skip_space() {
    while (at_ < bytes_.size()) {
      if (bytes_[at_] == '#')
        at_ = std::min(bytes_.find('\n', at_), bytes_.size());
      else if (std::string_view(" \t\r\n\v\f").find(bytes_[at_]) == std::string_view::npos)
        return;
      else
        ++at_;
    }
  }
  std::string_view bytes_;
  const std::string& where_;
  std::size_t at_ = 2;  // behind P5
};

[[noreturn]] void refuse_picture(const std::string& where, std::string_view bytes) {
  std::string found;
  if (bytes.starts_with("\x89PNG")) found = "it is a PNG";
  if (bytes.starts_with("\xff\xd8\xff")) found = "it is a JPEG";
  if (bytes.starts_with("GIF8")) found = "it is a GIF";
  if (bytes.starts_with("P2") || bytes.starts_with("P3")) found = "it is a PGM or PPM written as text";
  throw FormatError(where + " is no picture that is read: " + (found.empty() ? "" : found + "; ") +
                    "expected a binary PGM (P5) or PPM (P6), into which any image program converts");
}

}  // namespace

NetpbmImage read_netpbm(const std::filesystem::path& path) {
  const std::string where = path.string();
  const std::string bytes = read_text_file(path);
  if (!bytes.starts_with("P5") && !bytes.starts_with("P6")) refuse_picture(where, bytes);
  const std::size_t channels = bytes[1] == '5' ? 1 : 3;
  Header header(bytes, where);
  NetpbmImage image;
  image.width = header.number("width", largest_side);
  image.height = header.number("height", largest_side);
  const std::uint32_t most = header.number("largest value", 65535);
  const std::string_view data = header.rest();
  const std::size_t depth = most > 255 ? 2 : 1;
  const std::size_t pixels = std::size_t{image.width} * image.height;
  if (data.size() != pixels * channels * depth)
    throw FormatError(where + ": the header promises " + std::to_string(image.width) + "x" +
                      std::to_string(image.height) + " pixels in " +
                      std::to_string(pixels * channels * depth) + " bytes; the file holds " +
                      std::to_string(data.size()));
  const auto value = [&](std::size_t i) {
    const auto byte = [&](std::size_t k) { return static_cast<float>(static_cast<unsigned char>(data[k])); };
    return depth == 1 ? byte(i) : byte(2 * i) * 256.0F + byte(2 * i + 1);
  };
  image.values.resize(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const float grey = channels == 1
                           ? value(i)
                           : 0.299F * value(3 * i) + 0.587F * value(3 * i + 1) + 0.114F * value(3 * i + 2);
    image.values[i] = std::min(grey / static_cast<float>(most), 1.0F);
  }
  return image;
}

}  // namespace flurry
