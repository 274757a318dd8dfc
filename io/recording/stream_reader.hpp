// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "io/recording/byte_source.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// What one call of a decoder used up and gave.
struct Decoded {
  std::size_t bytes = 0;
  std::size_t events = 0;
};

/// Counts a contradiction of the format and keeps the first one's place in words.
inline void note_damage(ReadStatistics& statistics, std::uint64_t offset, std::string_view what) {
  if (statistics.damaged++ == 0)
    statistics.damage = std::string(what) + " at byte offset " + std::to_string(offset);
}

/// The damage of a file that ends with `rest` bytes of a word.
inline void note_cut_word(ReadStatistics& statistics, std::uint64_t offset, std::size_t rest) {
  if (rest == 0) return;
  note_damage(statistics, offset,
              "the file ends inside a word: " + std::to_string(rest) +
                  (rest == 1 ? " byte is" : " bytes are") + " left over");
}

/// The EventReader of a format whose body is a stream of words.
///
/// `Decoder::decode(bytes, offset, events, statistics) -> Decoded` turns whole words at the front of `bytes`
/// into events until either runs out. It must use up bytes or give events whenever a whole word and room for
/// one event are there; what it leaves at the end of the file is a cut word. A decoder of packets may define
/// `finish(offset, statistics)`, called where the file ends after a whole word, and `unix_offset()`.
template <class Decoder>
class StreamReader final : public EventReader {
 public:
  StreamReader(ByteSource source, Decoder decoder, SensorSize sensor)
      : source_(std::move(source)), decoder_(std::move(decoder)), sensor_(sensor) {}

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }
  [[nodiscard]] std::optional<std::int64_t> unix_offset() const override {
    if constexpr (requires { decoder_.unix_offset(); })
      return decoder_.unix_offset();
    else
      return std::nullopt;
  }

  std::size_t read(std::span<AddressEvent> events) override {
    std::size_t count = 0;
    while (count < events.size()) {
      const Decoded step =
          decoder_.decode(source_.unread(), source_.offset(), events.subspan(count), statistics_);
      source_.consume(step.bytes);
      count += step.events;
      if (step.bytes == 0 && step.events == 0 && !source_.refill()) {
        finish();
        break;
      }
    }
    statistics_.bytes_read = source_.offset();
    return count;
  }

 private:
  void finish() {
    if (std::exchange(finished_, true)) return;
    const std::size_t rest = source_.unread().size();
    if constexpr (requires { decoder_.finish(std::uint64_t{}, statistics_); })
      if (rest == 0) decoder_.finish(source_.offset(), statistics_);
    note_cut_word(statistics_, source_.offset(), rest);
    source_.consume(rest);
  }

  ByteSource source_;
  Decoder decoder_;
  SensorSize sensor_;
  ReadStatistics statistics_;
  bool finished_ = false;
};

}  // namespace flurry
