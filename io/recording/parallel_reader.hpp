// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/parallel/thread_executor.hpp"
#include "io/recording/file_slices.hpp"
#include "io/recording/stream_reader.hpp"
#include "io/recording/word_scan.hpp"

namespace flurry {

/// Reads a stream of words on several threads: the events and statistics of StreamReader, whatever the
/// number.
///
/// A round of slices, as many words as events were asked for, is read from the file and decoded side by side,
/// straight into the block if its events fit. The decoder for each slice is resumed from the words before it;
/// where those do not tell its state, the slice waits for the one before. A wrap of the clock in a slice is
/// carried to the later ones afterwards. Besides what StreamReader needs, `Decoder` has
/// - `word_bytes`, and `count(words)`: how many events these words give at most;
/// - `next_split(words)`: where the first good place to split is, words.size() if there is none;
/// - `resume(before)`: becomes what the decoder would be after `before`, in the same epoch; false if that
///   cannot be told;
/// - `epoch()` and `advance(us)`: the sum of wraps so far, and adding to it.
template <class Decoder>
class ParallelReader final : public EventReader {
 public:
  /// `body`: byte offset of the first word.
  ParallelReader(const std::filesystem::path& path, std::uint64_t body, Decoder decoder, SensorSize sensor,
                 std::size_t threads, std::size_t slice_bytes = std::size_t{1} << 18U)
      : file_(path),
        executor_(threads),
        decoder_(std::move(decoder)),
        sensor_(sensor),
        offset_(body),
        most_slice_bytes_(slice_bytes / Decoder::word_bytes * Decoder::word_bytes),
        bytes_(slices_per_thread * threads * most_slice_bytes_),
        slices_(slices_per_thread * threads, Slice{decoder_}) {}

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }

  std::size_t read(std::span<AddressEvent> events) override {
    std::size_t count = hand_out(events);
    while (count == 0 && !events.empty() && load(events.size())) {
      const std::size_t most = place_slices();
      if (most <= events.size()) {
        count = decode(events.first(most));
      } else {
        if (spill_.size() < most) spill_.resize(most);
        spilled_ = std::span(spill_).first(decode(std::span(spill_).first(most)));
        count = hand_out(events);
      }
    }
    statistics_.bytes_read = offset_;
    return count;
  }

 private:
  static constexpr std::size_t slices_per_thread = 2;  // so that a late thread is not waited for too long
  static constexpr std::size_t least_words = 1024;  // of a slice; fewer cost more to hand out than to decode

  struct Slice {
    Decoder decoder;
    std::size_t got = 0;    // bytes read at its nominal place
    std::size_t begin = 0;  // in bytes_
    std::size_t end = 0;
    std::size_t most = 0;   // events
    std::size_t first = 0;  // event of the round, if every slice before gives its most
    std::size_t count = 0;  // events
    bool resumed = false;
    ReadStatistics statistics = {};
  };

  std::size_t hand_out(std::span<AddressEvent> events) {
    const std::size_t count = std::min(events.size(), spilled_.size());
    std::copy_n(spilled_.begin(), count, events.begin());
    spilled_ = spilled_.subspan(count);
    return count;
  }

  /// Reads the next round, no larger than `room` events of a word each; false at the end of the file.
  bool load(std::size_t room) {
    const std::size_t fitting = std::max(room / slices_.size(), least_words) * Decoder::word_bytes;
    slice_bytes_ = std::min(most_slice_bytes_, fitting);
    executor_.for_each(slices_.size(), [&](std::size_t i, std::size_t) {
      const std::span<char> place = std::span(bytes_).subspan(i * slice_bytes_, slice_bytes_);
      slices_[i].got = file_.read(offset_ + i * slice_bytes_, place);
      slices_[i].most = Decoder::count({place.data(), slices_[i].got});
    });
    round_bytes_ = 0;
    for (std::size_t i = 0; i < slices_.size() && round_bytes_ == i * slice_bytes_; ++i)
      round_bytes_ += slices_[i].got;
    const std::size_t rest = round_bytes_ % Decoder::word_bytes;
    round_bytes_ -= rest;
    if (round_bytes_ > 0) return true;
    note_cut_word(statistics_, offset_, rest);
    offset_ += rest;
    return false;
  }

  [[nodiscard]] std::string_view words(std::size_t begin, std::size_t end) const {
    return {bytes_.data() + begin, end - begin};
  }

  /// Chooses where each slice begins and ends; returns how many events all give at most.
  std::size_t place_slices() {
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      Slice& slice = slices_[i];
      const std::size_t nominal = std::min(i * slice_bytes_, round_bytes_);
      slice.end = std::min(nominal + slice_bytes_, round_bytes_);
      slice.begin = i == 0 ? 0 : nominal + Decoder::next_split(words(nominal, slice.end));
      if (nominal + slice.got > round_bytes_) slice.most = Decoder::count(words(nominal, slice.end));
      if (i == 0) continue;
      const std::size_t moved = Decoder::count(words(nominal, slice.begin));
      slice.most -= moved;
      slices_[i - 1].most += moved;
      slices_[i - 1].end = slice.begin;
    }
    std::size_t most = 0;
    for (Slice& slice : slices_) {
      slice.first = most;
      most += slice.most;
    }
    return most;
  }

  /// Decodes the round to the front of `events`; returns how many.
  std::size_t decode(std::span<AddressEvent> events) {
    executor_.for_each(slices_.size(), [&](std::size_t i, std::size_t) {
      Slice& slice = slices_[i];
      slice.decoder = decoder_;
      slice.resumed = i == 0 || slice.decoder.resume(words(0, slice.begin));
      if (slice.resumed) decode_slice(slice, events);
    });
    std::size_t count = 0;
    const std::int64_t epoch = decoder_.epoch();
    for (Slice& slice : slices_) {
      if (!slice.resumed) {
        slice.decoder = decoder_;
        decode_slice(slice, events);
      } else if (const std::int64_t wraps = decoder_.epoch() - epoch; wraps != 0) {
        slice.decoder.advance(wraps);
        for (AddressEvent& event : events.subspan(slice.first, slice.count)) event.t += wraps;
      }
      if (slice.first != count)
        std::copy_n(events.begin() + static_cast<std::ptrdiff_t>(slice.first), slice.count,
                    events.begin() + static_cast<std::ptrdiff_t>(count));
      count += slice.count;
      decoder_ = slice.decoder;
      add(slice.statistics);
    }
    offset_ += round_bytes_;
    return count;
  }

  void decode_slice(Slice& slice, std::span<AddressEvent> events) const {
    slice.statistics = {};
    const std::string_view bytes = words(slice.begin, slice.end);
    Decoded step = slice.decoder.decode(bytes, offset_ + slice.begin, events.subspan(slice.first, slice.most),
                                        slice.statistics);
    slice.count = step.events;
    AddressEvent none;  // what follows the last event still counts
    for (std::size_t at = step.bytes; at < bytes.size() && (step.bytes > 0 || at == 0); at += step.bytes)
      step = slice.decoder.decode(bytes.substr(at), offset_ + slice.begin + at, std::span(&none, 1),
                                  slice.statistics);
  }

  void add(const ReadStatistics& part) {
    statistics_.triggers += part.triggers;
    statistics_.skipped += part.skipped;
    if (statistics_.damaged == 0) statistics_.damage = part.damage;
    statistics_.damaged += part.damaged;
  }

  FileSlices file_;
  ThreadExecutor executor_;
  Decoder decoder_;  // as it is at offset_
  SensorSize sensor_;
  std::uint64_t offset_;
  std::size_t most_slice_bytes_;
  std::size_t slice_bytes_ = 0;  // of this round
  std::vector<char> bytes_;      // of a round
  std::size_t round_bytes_ = 0;
  std::vector<Slice> slices_;
  std::vector<AddressEvent> spill_;  // of a round too large for the block asked for
  std::span<const AddressEvent> spilled_;
  ReadStatistics statistics_;
};

}  // namespace flurry
