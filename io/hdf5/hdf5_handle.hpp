// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

namespace flurry {

/// Owns one HDF5 identifier of any kind (file, group, dataset, type, ...) and gives it back when it goes.
class Hdf5Handle {
 public:
  using Id = std::int64_t;  // HDF5's hid_t

  Hdf5Handle() = default;
  /// Takes over an identifier that HDF5 has just handed out.
  explicit Hdf5Handle(Id id) : id_(id) {}
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, none)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, none);
    }
    return *this;
  }
  ~Hdf5Handle() { reset(); }

  [[nodiscard]] Id get() const { return id_; }
  [[nodiscard]] explicit operator bool() const { return id_ >= 0; }
  /// Gives the identifier away; whoever takes it closes it.
  [[nodiscard]] Id release() { return std::exchange(id_, none); }
  /// Closes. Errors are not seen: whoever must know whether everything was written calls Hdf5File::close
  /// first.
  void reset() noexcept;

 private:
  static constexpr Id none = -1;
  Id id_ = none;
};

}  // namespace flurry
