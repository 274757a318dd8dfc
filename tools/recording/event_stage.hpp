// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/address_event.hpp"

namespace flurry {

/// One step from recording to recording: takes events in the order of the stream, piece by piece, and keeps,
/// moves or drops each. How the stream is cut into pieces does not show.
class EventStage {
 public:
  EventStage() = default;
  EventStage(const EventStage&) = delete;
  EventStage& operator=(const EventStage&) = delete;
  virtual ~EventStage() = default;

  /// The option that asks for it, without dashes: "crop".
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Changes `events` in place; those left keep their order.
  virtual void apply(std::vector<AddressEvent>& events) = 0;
  /// Events dropped so far.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 protected:
  /// Drops the events for which `keep(event)`, asked once for each in order, is false. `keep` may change
  /// them.
  template <class Keep>
  void keep_where(std::vector<AddressEvent>& events, Keep keep) {
    std::size_t kept = 0;
    for (AddressEvent event : events)
      if (keep(event)) events[kept++] = event;
    dropped_ += events.size() - kept;
    events.resize(kept);
  }

 private:
  std::uint64_t dropped_ = 0;
};

}  // namespace flurry
