// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/evt3_decoder.hpp"
#include "io/recording/evt3_encoder.hpp"
#include "io/recording/parallel_reader.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

struct Evt3 {
  static constexpr std::string_view name = "evt3";
  static constexpr std::string_view title = "Prophesee RAW EVT3";
  static constexpr std::string_view extensions = ".raw";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: TIME_HIGH x 4096 + TIME_LOW, a change of TIME_HIGH sets the low part "
      "to 0, a "
      "fall of TIME_HIGH by more than half its range adds 2^24; words before the first TIME_HIGH are skipped";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    const RawHeader header = parse_raw_header(head);
    return recognise_raw_header(header, "EVT3").value_or(recognise_body(head.substr(header.bytes)));
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT3");
    return std::make_unique<StreamReader<Evt3Decoder>>(std::move(source), Evt3Decoder(header.sensor),
                                                       header.sensor);
  }

  static std::unique_ptr<EventReader> open_on(const std::filesystem::path& path, std::size_t threads) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT3");
    return std::make_unique<ParallelReader<Evt3Decoder>>(path, header.bytes, Evt3Decoder(header.sensor),
                                                         header.sensor, threads);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<Evt3Encoder>>(path, sensor);
  }

 private:
  /// How often the body's first words do what.
  struct Habits {
    std::size_t words = 0, clocks = 0, leaps = 0, lows = 0, falls = 0, rows = 0, events = 0, bases = 0,
                strange = 0;
  };

  static Habits habits_of(std::string_view body) {
    constexpr std::uint32_t known_types = 0xc5ff;  // all but 9 B C D
    Habits seen;
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    for (std::size_t i = 0; i + 2 <= body.size(); i += 2, ++seen.words) {
      const std::uint32_t w = load_le16(body.data() + i);
      const std::uint32_t type = w >> 12U;
      const std::uint32_t value = w & 0xfffU;
      if ((known_types >> type & 1U) == 0) ++seen.strange;
      if (type == Evt3Decoder::addr_y) ++seen.rows;
      if (type == Evt3Decoder::vect_base_x) ++seen.bases;
      if (type == Evt3Decoder::addr_x || type == Evt3Decoder::vect_12 || type == Evt3Decoder::vect_8)
        ++seen.events;
      if (type == Evt3Decoder::time_low) {
        if (value < low) ++seen.falls;
        low = value;
        ++seen.lows;
      } else if (type == Evt3Decoder::time_high) {
        const std::uint32_t step = (value - high) & 0xfffU;
        if (seen.clocks++ > 0 && step > 1024) ++seen.leaps;  // back, or on by more than 4 s
        if (step != 0) low = 0;
        high = value;
      }
    }
    return seen;
  }

  /// 2 if TIME_HIGH words appear at least three times, 1 if once or twice; 0 if the words' types are not
  /// those of EVT3, time does not rise or rows come without events.
  static int recognise_body(std::string_view body) {
    const Habits seen = habits_of(body);
    const std::size_t others = seen.words - seen.clocks - seen.lows - seen.rows - seen.events - seen.bases;
    if (seen.clocks == 0 || seen.rows == 0 || seen.events == 0 || seen.strange > seen.words / 100) return 0;
    if (seen.leaps > seen.clocks / 20 || seen.falls > seen.lows / 20 || seen.rows > 2 * seen.events + 10)
      return 0;
    if (others > 10 * seen.events + 100) return 0;
    return seen.clocks >= 3 ? 2 : 1;
  }
};

}  // namespace flurry
