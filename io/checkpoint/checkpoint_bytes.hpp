// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace flurry {

static_assert(std::endian::native == std::endian::little,
              "checkpoints are little-endian, written as they lie");

/// Numbers and texts one after the other: little-endian, no gaps; a text after its length.
class CheckpointWriter {
 public:
  void number(std::uint64_t value) { plain(value); }
  void number(double value) { plain(value); }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  template <class T>
  void plain(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  std::string bytes_;
};

/// Reads the same back. FormatError where the bytes end before, or hold more than was read.
class CheckpointReader {
 public:
  explicit CheckpointReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint64_t natural() { return plain<std::uint64_t>(); }
  [[nodiscard]] double real() { return plain<double>(); }
  /// How many things follow that take at least so many bytes each.
  [[nodiscard]] std::uint64_t count(std::size_t bytes_each) {
    const std::uint64_t count = natural();
    if (count > bytes_.size() / bytes_each) throw_short();
    return count;
  }
  [[nodiscard]] std::string text() { return std::string(take(count(1))); }
  [[nodiscard]] std::vector<std::uint64_t> naturals(std::uint64_t count) {
    if (count > bytes_.size() / sizeof(std::uint64_t)) throw_short();
    std::vector<std::uint64_t> values(count);
    const std::string_view from = take(count * sizeof(std::uint64_t));
    if (count > 0) std::memcpy(values.data(), from.data(), from.size());
    return values;
  }
  void expect_end() const {
    if (!bytes_.empty()) throw FormatError(std::to_string(bytes_.size()) + " bytes too many");
  }

 private:
  [[noreturn]] static void throw_short() { throw FormatError("bytes are missing"); }
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw_short();
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  template <class T>
  T plain() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view bytes_;
};

}  // namespace flurry
