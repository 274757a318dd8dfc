// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/hdf5/hdf5_handle.hpp"

namespace flurry {

/// What groups and datasets have in common: a place and attributes.
class Hdf5Object {
 public:
  Hdf5Object(Hdf5Handle handle, std::string file, std::string path)
      : handle_(std::move(handle)), file_(std::move(file)), path_(std::move(path)) {}

  /// "spikes.h5:/spikes/v1", for messages.
  [[nodiscard]] std::string where() const { return file_ + ":" + path_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] bool has_attribute(const std::string& name) const;
  /// A text of fixed or variable length; nothing where there is no such attribute. FormatError if it is no
  /// text.
  [[nodiscard]] std::optional<std::string> find_text(const std::string& name) const;
  /// A number of any type; nothing where there is no such attribute. FormatError if it is no single number.
  [[nodiscard]] std::optional<double> find_number(const std::string& name) const;
  /// The same for a whole number; FormatError if it is negative or has a fraction.
  [[nodiscard]] std::optional<std::uint64_t> find_natural(const std::string& name) const;

  // Each creates the attribute or replaces it.
  void set_attribute(const std::string& name, const std::string& text);
  void set_attribute(const std::string& name, const char* text) { set_attribute(name, std::string(text)); }
  void set_attribute(const std::string& name, double value);
  void set_attribute(const std::string& name, std::uint64_t value);
  void set_attribute(const std::string& name, std::uint32_t value);
  void set_attribute(const std::string& name, std::span<const std::uint32_t> values);

 protected:
  [[nodiscard]] Hdf5Handle::Id id() const { return handle_.get(); }

 private:
  Hdf5Handle handle_;
  std::string file_;
  std::string path_;
};

}  // namespace flurry
