// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/base/address_event.hpp"

namespace flurry {

/// Writes a recording of an event camera, forward, in bounded memory. The bytes depend on the sensor and the
/// events alone, and reading them back gives the same events in the same order. The file is there after
/// close() and not before.
class EventWriter {
 public:
  EventWriter() = default;
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  virtual ~EventWriter() = default;

  /// UsageError for what the format cannot hold; SystemError if the disk refuses.
  virtual void write(std::span<const AddressEvent> events) = 0;
  /// Completes the file. SystemError if the disk refuses.
  virtual void close() = 0;
};

}  // namespace flurry
