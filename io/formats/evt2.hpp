// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/event_lanes.hpp"
#include "io/recording/evt2_clock.hpp"
#include "io/recording/evt2_encoder.hpp"
#include "io/recording/parallel_reader.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

/// Prophesee RAW EVT2: 32-bit little-endian words, the type in the top 4 bits.
///
/// 0 off and 1 on: low time bits 27..22, x 21..11, y 10..0. 8 TIME_HIGH: 28 bits, unit 64 us. A external
/// trigger. Time bits 0..5 of an event may run back by up to 62 us between two TIME_HIGH words: such events
/// keep that time.
class Evt2Decoder {
 public:
  static constexpr std::uint32_t off = 0, on = 1, time_high = Evt2Clock::time_high;
  static constexpr std::size_t word_bytes = 4;

  explicit Evt2Decoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 2048 : sensor.width), height_(sensor.height == 0 ? 2048 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    const char* word = bytes.data();
    const char* const end = word + bytes.size() / 4 * 4;
    AddressEvent* event = events.data();
    AddressEvent* const full = event + events.size();
    while (word != end && event != full) {
      if (clock_.runs()) take_lanes(word, end, event, full);
      if (word == end || event == full) break;
      event = take_word(load_le32(word), event, offset + distance(bytes, word), statistics);
      word += word_bytes;
    }
    return {distance(bytes, word), static_cast<std::size_t>(event - events.data())};
  }

  // For ParallelReader.
  static std::size_t count(std::string_view words) {
    return count_words<std::uint32_t>(words, [](std::uint32_t w) { return w >> 28U <= on ? 1U : 0U; });
  }
  static std::size_t next_split(std::string_view /*words*/) { return 0; }
  bool resume(std::string_view before) {
    if (!clock_.runs()) return false;
    const std::size_t last =
        last_word<std::uint32_t>(before, [](std::uint32_t w) { return w >> 28U == time_high; });
    if (last != no_word) clock_.jump(load_le32(before.data() + last) & Evt2Clock::high_mask);
    return true;
  }
  [[nodiscard]] std::int64_t epoch() const { return clock_.epoch(); }
  void advance(std::int64_t us) { clock_.advance(us); }

 private:
  static std::size_t distance(std::string_view bytes, const char* word) {
    return static_cast<std::size_t>(word - bytes.data());
  }

  static constexpr std::ptrdiff_t lanes_bytes = event_lanes * std::ptrdiff_t{word_bytes};

  /// Eight events at once, up to another word, one off the sensor, or until fewer are left.
  void take_lanes(const char*& word, const char* end, AddressEvent*& event, const AddressEvent* full) const {
    using Words [[gnu::vector_size(event_lanes * word_bytes)]] = std::uint32_t;
    const auto base = static_cast<std::uint64_t>(clock_.base());
    while (full - event >= event_lanes && end - word >= lanes_bytes) {
      Words words;
      std::memcpy(&words, word, sizeof(words));
      if constexpr (std::endian::native == std::endian::big) return;
      const EventLanes w = __builtin_convertvector(words, EventLanes);
      const EventLanes x = w >> 11 & 0x7ffU;
      const EventLanes y = w & 0x7ffU;
      put_events(event, (w >> 22 & 63U) + base, x | y << 16 | (w >> 28) << 32);
      const std::ptrdiff_t count =
          lanes_before(reinterpret_cast<EventLanes>((w >> 29 != 0) | (x >= width_) | (y >= height_)));
      if (count != event_lanes) {
        word += count * std::ptrdiff_t{word_bytes};
        event += count;
        return;
      }
      word += lanes_bytes;
      event += event_lanes;
    }
  }

  static void put(AddressEvent* event, std::uint32_t w, std::int64_t base) {
    put_event(event, base + (w >> 22U & 63U),
              packed_pixel(w >> 11U & 0x7ffU, w & 0x7ffU, (w >> 28U & 1U) != 0));
  }

  AddressEvent* take_word(std::uint32_t w, AddressEvent* event, std::uint64_t place,
                          ReadStatistics& statistics) {
    if (w >> 28U > on || !clock_.runs()) {
      clock_.take_other(w, place, statistics);
      return event;
    }
    put(event, w, clock_.base());
    if (event->x < width_ && event->y < height_) [[likely]]
      return event + 1;
    note_damage(statistics, place, "an event lies outside the sensor");
    return event;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  Evt2Clock clock_;
};

struct Evt2 {
  static constexpr std::string_view name = "evt2";
  static constexpr std::string_view title = "Prophesee RAW EVT2";
  static constexpr std::string_view extensions = ".raw";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: TIME_HIGH x 64 + 6 low bits, a fall of TIME_HIGH by more than half its "
      "range "
      "adds 2^34; events before the first TIME_HIGH are skipped";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    const RawHeader header = parse_raw_header(head);
    return recognise_raw_header(header, "EVT2").value_or(recognise_body(head.substr(header.bytes)));
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT2");
    return std::make_unique<StreamReader<Evt2Decoder>>(std::move(source), Evt2Decoder(header.sensor),
                                                       header.sensor);
  }

  static std::unique_ptr<EventReader> open_on(const std::filesystem::path& path, std::size_t threads) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT2");
    return std::make_unique<ParallelReader<Evt2Decoder>>(path, header.bytes, Evt2Decoder(header.sensor),
                                                         header.sensor, threads);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<Evt2Encoder>>(path, sensor);
  }

 private:
  /// 2 if TIME_HIGH words appear at least three times, 1 if once or twice; 0 if the words' types are not
  /// those of EVT2 or time does not rise.
  static int recognise_body(std::string_view body) {
    constexpr std::uint32_t known_types = 0xc503;  // 0 1 8 A E F
    std::size_t words = 0, strange = 0, clocks = 0, leaps = 0, events = 0, falls = 0, empty = 0;
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    for (std::size_t i = 0; i + 4 <= body.size(); i += 4, ++words) {
      const std::uint32_t w = load_le32(body.data() + i);
      const std::uint32_t type = w >> 28U;
      if ((known_types >> type & 1U) == 0) ++strange;
      if (type == Evt2Decoder::time_high) {
        const std::uint32_t step = ((w & 0xfffffffU) - high) & 0xfffffffU;
        if (clocks++ > 0 && step > 0xfffffU) ++leaps;  // back, or on by more than 67 s
        if (step != 0) low = 0;
        high = w & 0xfffffffU;
      } else if (type <= Evt2Decoder::on && clocks > 0) {
        const std::uint32_t next = (w >> 22U) & 63U;
        if (next < low) ++falls;
        if (w == 0) ++empty;
        low = next;
        ++events;
      }
    }
    const std::size_t others = words - clocks - events;
    if (clocks == 0 || events == 0 || strange > words / 100) return 0;
    if (leaps > clocks / 20 || falls > events / 20 || empty > events / 10 || others > 10 * events + 100)
      return 0;
    return clocks >= 3 ? 2 : 1;
  }
};

}  // namespace flurry
