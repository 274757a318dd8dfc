// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstring>

#include "io/recording/byte_source.hpp"
#include "io/recording/event_limits.hpp"
#include "io/recording/event_writer.hpp"
#include "io/recording/npy_reader.hpp"
#include "io/recording/output_file.hpp"

namespace flurry {

/// Writes a list of records t (int64, us), x, y (uint16), p (uint8), 13 bytes each.
class NpyWriter final : public EventWriter {
 public:
  NpyWriter(const std::filesystem::path& path, SensorSize sensor)
      : check_({.title = "NumPy arrays", .t_min = std::numeric_limits<std::int64_t>::min() + 1}, sensor,
               path),
        file_(path) {
    file_.append(header());
  }

  void write(std::span<const AddressEvent> events) override {
    constexpr std::size_t piece = 8192;
    for (; !events.empty(); events = events.subspan(std::min(piece, events.size()))) {
      const std::span<const AddressEvent> part = events.first(std::min(piece, events.size()));
      check_.check(part);
      bytes_.resize(part.size() * record_bytes);
      char* at = bytes_.data();
      for (const AddressEvent& event : part) {
        at = put(static_cast<std::uint64_t>(event.t), 8, at);
        at = put(event.x, 2, at);
        at = put(event.y, 2, at);
        at = put(event.on ? 1 : 0, 1, at);
      }
      file_.append(bytes_);
      rows_ += part.size();
    }
  }

  void close() override {
    file_.replace(0, header());
    file_.commit();
  }

 private:
  static constexpr std::size_t record_bytes = 13;

  static char* put(std::uint64_t value, std::size_t bytes, char* at) {
    for (std::size_t i = 0; i < bytes; ++i) *at++ = static_cast<char>(value >> (8 * i) & 0xffU);
    return at;
  }

  /// 192 bytes however many rows there are.
  [[nodiscard]] std::string header() const {
    constexpr std::size_t bytes = 192, before = 10;
    std::string text(npy_signature);
    text += {'\1', '\0', static_cast<char>(bytes - before), '\0'};
    text +=
        "{'descr': [('t', '<i8'), ('x', '<u2'), ('y', '<u2'), ('p', '|u1')], 'fortran_order': False, "
        "'shape': (" +
        std::to_string(rows_) + ",), }";
    text.resize(bytes - 1, ' ');
    return text + '\n';
  }

  EventCheck check_;
  OutputFile file_;
  std::string bytes_;
  std::uint64_t rows_ = 0;
};

/// NumPy arrays of events: records with fields t, x, y, p (packed or not), or N rows of four numbers.
struct Npy {
  static constexpr std::string_view name = "npy";
  static constexpr std::string_view title = "NumPy array (records t, x, y, p, or N x 4)";
  static constexpr std::string_view extensions = ".npy";
  static constexpr std::string_view clock =
      "as written: whole numbers are us and others seconds (or `unit`), rounded to the nearest us";
  static constexpr std::array choices{columns_choice, unit_choice, polarity_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(npy_signature) ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    const ColumnReadings chosen(readings, path.string());
    ByteSource source(path);
    const NpyHeader header = take_npy_header(source, path.string());
    const RowLayout layout = row_layout(header, source.unread(), chosen, path.string());
    return std::make_unique<NpyReader<ByteSource>>(std::move(source), layout, chosen.inverted);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<NpyWriter>(path, sensor);
  }
};

}  // namespace flurry
