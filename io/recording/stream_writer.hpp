// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "io/recording/event_limits.hpp"
#include "io/recording/event_writer.hpp"
#include "io/recording/output_file.hpp"

namespace flurry {

/// The EventWriter of a format whose body is a stream of words: the mirror image of StreamReader.
///
/// `Encoder(sensor)` is made once; `Encoder::limits` says what the format holds; `header()` gives the bytes
/// before the first event; `encode(events, bytes)` appends the words of events already checked and may keep
/// some back, which `finish(bytes)` appends.
template <class Encoder>
class StreamWriter final : public EventWriter {
 public:
  StreamWriter(std::filesystem::path path, SensorSize sensor)
      : check_(Encoder::limits, sensor, path), file_(std::move(path)), encoder_(sensor) {
    bytes_ = encoder_.header();
  }

  void write(std::span<const AddressEvent> events) override {
    constexpr std::size_t piece = 8192;  // bounds what is encoded at once
    for (; !events.empty(); events = events.subspan(std::min(piece, events.size()))) {
      const std::span<const AddressEvent> part = events.first(std::min(piece, events.size()));
      check_.check(part);
      encoder_.encode(part, bytes_);
      if (bytes_.size() >= flush_bytes) flush();
    }
  }

  void close() override {
    encoder_.finish(bytes_);
    flush();
    file_.commit();
  }

 private:
  static constexpr std::size_t flush_bytes = std::size_t{1} << 18U;

  void flush() {
    file_.append(bytes_);
    bytes_.clear();
  }

  EventCheck check_;
  OutputFile file_;
  Encoder encoder_;
  std::string bytes_;
};

}  // namespace flurry
