// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/prophesee_hdf5_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/error.hpp"
#include "io/recording/ecf_codec.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {
namespace {

constexpr int ecf_filter = 0x8ECF;
constexpr int last_own_filter = 6;              // of HDF5 itself: gzip, shuffle, checksum and the like
constexpr std::uint64_t longest_piece = 65536;  // events

/// An event as the list holds it.
struct StoredEvent {
  std::uint16_t x;
  std::uint16_t y;
  std::int16_t p;
  std::int64_t t;
};
constexpr std::array fields{
    Hdf5Field{"x", offsetof(StoredEvent, x), 2, false}, Hdf5Field{"y", offsetof(StoredEvent, y), 2, false},
    Hdf5Field{"p", offsetof(StoredEvent, p), 2, true}, Hdf5Field{"t", offsetof(StoredEvent, t), 8, true}};

Hdf5Records open_events(const Hdf5File& file) {
  Hdf5Records events(file.root().group("CD").dataset("events"));
  if (!events.has_fields({"x", "y", "p", "t"}))
    throw FormatError("'" + events.where() + "' is no list of records with whole numbers x, y, p and t");
  return events;
}

bool is_compressed(const Hdf5Records& events) {
  const std::vector<int> filters = events.filters();
  if (filters == std::vector<int>{ecf_filter}) return true;
  for (const int filter : filters)
    if (filter > last_own_filter)
      throw FormatError("'" + events.where() + "' is compressed with the HDF5 filter " +
                        std::to_string(filter) + "; read are " + std::to_string(ecf_filter) +
                        " (ECF) alone and HDF5's own");
  return false;
}

}  // namespace

PropheseeHdf5Reader::PropheseeHdf5Reader(const std::filesystem::path& path)
    : file_(Hdf5File::open(path)),
      events_(open_events(file_)),
      size_(events_.size()),
      piece_(events_.chunk_length()),
      compressed_(is_compressed(events_)) {
  if (compressed_ && piece_ > EcfDecoder::most_events)
    throw FormatError("'" + events_.where() + "' has chunks of " + std::to_string(piece_) +
                      " events; ECF holds at most " + std::to_string(EcfDecoder::most_events));
  if (piece_ == 0 || piece_ > longest_piece) piece_ = longest_piece;
  if (const auto geometry = file_.root().find_text("geometry"))
    sensor_ = parse_raw_header("% geometry " + *geometry + "\n").sensor;
  if (file_.root().has_group("EXT_TRIGGER") && file_.root().group("EXT_TRIGGER").has_dataset("events"))
    statistics_.triggers = file_.root().group("EXT_TRIGGER").dataset("events").size();
}

std::size_t PropheseeHdf5Reader::read(std::span<AddressEvent> events) {
  std::size_t count = 0;
  while (count < events.size()) {
    const std::size_t part = std::min(events.size() - count, rest_.size());
    std::copy_n(rest_.begin(), part, events.begin() + static_cast<std::ptrdiff_t>(count));
    rest_ = rest_.subspan(part);
    count += part;
    if (!rest_.empty()) break;
    if (next_ == size_) {
      std::error_code error;
      statistics_.bytes_read = std::filesystem::file_size(events_.file(), error);
      break;
    }
    count += next_piece(events.subspan(count));
  }
  return count;
}

std::size_t PropheseeHdf5Reader::next_piece(std::span<AddressEvent> room) {
  const std::uint64_t length = std::min(piece_, size_ - next_);
  std::size_t count = 0;
  try {
    count = compressed_ ? take_chunk(length, room) : take_records(length, room);
  } catch (const FormatError& error) {
    note_damage(statistics_, offset_, std::string(error.what()) + ", after the chunk");
  }
  next_ += length;
  return count;
}

std::span<AddressEvent> PropheseeHdf5Reader::place(std::size_t count, std::span<AddressEvent> room) {
  if (count <= room.size()) return room.first(count);
  if (block_.size() < count) block_.resize(count);
  return std::span(block_).first(count);
}

std::size_t PropheseeHdf5Reader::take_chunk(std::uint64_t length, std::span<AddressEvent> room) {
  const auto chunk = events_.find_chunk(next_);
  if (!chunk || !chunk->filtered) return take_records(length, room);
  offset_ = chunk->offset;
  events_.read_chunk(next_, *chunk, bytes_);
  statistics_.bytes_read = std::max(statistics_.bytes_read, chunk->offset + chunk->bytes);
  const std::uint32_t count = ecf_count(bytes_);
  if (count < length || count > piece_) {
    note_damage(statistics_, offset_,
                "a chunk holds " + std::to_string(count) + " events instead of " + std::to_string(length));
    return 0;
  }
  const std::span<AddressEvent> events = place(count, room);
  if (!decoder_.decode(bytes_, events)) {
    note_damage(statistics_, offset_, "an ECF chunk contradicts itself");
    return 0;
  }
  const std::size_t kept = keep_on_sensor(events.first(length));
  if (events.data() == room.data()) return kept;
  rest_ = events.first(kept);
  return 0;
}

std::size_t PropheseeHdf5Reader::take_records(std::uint64_t length, std::span<AddressEvent> room) {
  std::vector<StoredEvent> records(length);
  events_.read_records(next_, length, fields, sizeof(StoredEvent), records.data());
  const std::span<AddressEvent> events = place(length, room);
  std::transform(records.begin(), records.end(), events.begin(), [](const StoredEvent& record) {
    return AddressEvent{record.t, record.x, record.y, record.p > 0};
  });
  statistics_.bytes_read = std::max(statistics_.bytes_read, offset_);
  const std::size_t kept = keep_on_sensor(events);
  if (events.data() == room.data()) return kept;
  rest_ = events.first(kept);
  return 0;
}

std::size_t PropheseeHdf5Reader::keep_on_sensor(std::span<AddressEvent> events) {
  if (sensor_.width == 0 || sensor_.height == 0) return events.size();
  const auto is_off = [this](const AddressEvent& event) {
    return event.x >= sensor_.width || event.y >= sensor_.height;
  };
  const auto kept = std::remove_if(events.begin(), events.end(), is_off);
  for (auto lost = kept; lost != events.end(); ++lost)
    note_damage(statistics_, offset_, "an event lies outside the sensor, in the chunk");
  return static_cast<std::size_t>(kept - events.begin());
}

}  // namespace flurry
