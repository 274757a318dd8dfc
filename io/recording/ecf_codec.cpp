// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/ecf_codec.hpp"

#include <array>
#include <bit>

#include "io/recording/byte_source.hpp"
#include "io/recording/packed_event.hpp"

namespace flurry {
namespace {

constexpr std::size_t header_bytes = 12;

/// The bytes of a chunk, front to back; past the end all reads give 0 and `ended` tells.
class ChunkBytes {
 public:
  explicit ChunkBytes(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t byte() {
    const char* p = take(1);
    return p == nullptr ? 0U : static_cast<unsigned char>(*p);
  }
  std::uint32_t half_word() {
    const char* p = take(2);
    return p == nullptr ? 0U : load_le16(p);
  }
  /// The next `count` bytes; null if there are not so many.
  const char* take(std::size_t count) {
    if (bytes_.size() - at_ < count) [[unlikely]] {
      ended_ = true;
      return nullptr;
    }
    at_ += count;
    return bytes_.data() + at_ - count;
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

/// Sets `length` values of a column of which `count` are to come; false where so many are not left. Short
/// runs are written `Step` at once, whatever their length.
template <std::size_t Step, class T>
bool fill(T* column, std::size_t& at, std::size_t count, std::size_t length, T value) {
  if (length > count - at) [[unlikely]]
    return false;
  T* put = column + at;
  for (std::size_t i = 0; i < Step; ++i) put[i] = value;
  for (std::size_t done = Step; done < length; done += Step)
    for (std::size_t i = 0; i < Step; ++i) put[done + i] = value;
  at += length;
  return true;
}

bool decode_times(ChunkBytes& bytes, std::uint64_t time, std::int64_t* t, std::size_t count) {
  for (std::size_t at = 0; at < count;) {
    std::uint32_t code = bytes.byte();
    std::uint64_t gap = 0;  // beyond 14 us: four bits a byte, lowest first
    for (unsigned shift = 0; code >> 4U == 15; shift += 4, code = bytes.byte())
      if (shift < 64) gap |= std::uint64_t{code & 15U} << shift;
    time += gap + (code >> 4U);
    const std::uint32_t run = (code & 15U) == 15 ? bytes.half_word() : code & 15U;
    if (bytes.ended() || !fill<16>(t, at, count, run, static_cast<std::int64_t>(time))) return false;
  }
  return true;
}

bool decode_rows(ChunkBytes& bytes, std::uint16_t* y, std::size_t count) {
  for (std::size_t at = 0; at < count;) {
    const std::uint32_t code = bytes.half_word();
    const std::uint32_t run = (code & 31U) == 31 ? bytes.half_word() : code & 31U;
    if (bytes.ended() || !fill<32>(y, at, count, run, static_cast<std::uint16_t>(code >> 5U))) return false;
  }
  return true;
}

bool decode_polarities(ChunkBytes& bytes, std::uint8_t* on, std::size_t count) {
  for (std::size_t at = 0; at < count;) {
    const std::uint32_t code = bytes.byte();
    const std::uint32_t run = (code & 127U) == 127 ? bytes.half_word() : code & 127U;
    if (bytes.ended() || !fill<64>(on, at, count, run, static_cast<std::uint8_t>(code >> 7U))) return false;
  }
  return true;
}

/// For each mask, how far its pixels are to the right of the first, which is always there.
constexpr auto mask_steps = [] {
  std::array<std::array<std::uint16_t, 8>, 32> steps{};
  for (std::uint32_t mask = 0; mask < 32; ++mask) {
    std::size_t count = 1;
    for (std::uint16_t step = 1; step <= 5; ++step)
      if ((mask & 32U >> step) != 0) steps[mask][count++] = step;
  }
  return steps;
}();

// Writers may set bits of the last mask beyond the last event.
bool decode_masked_columns(ChunkBytes& bytes, std::uint16_t* x, std::size_t count) {
  for (std::size_t at = 0; at < count;) {
    const std::uint32_t code = bytes.half_word();
    if (bytes.ended()) return false;
    const std::array<std::uint16_t, 8>& steps = mask_steps[code & 31U];
    for (std::size_t i = 0; i < steps.size(); ++i)
      x[at + i] = static_cast<std::uint16_t>((code >> 5U) + steps[i]);
    at += 1 + static_cast<std::size_t>(std::popcount(code & 31U));
  }
  return true;
}

// Four events in three 16-bit words; the last four are always whole.
bool decode_packed_columns(ChunkBytes& bytes, std::uint16_t* x, std::uint8_t* on, std::size_t count) {
  for (std::size_t i = 0; i < count; i += 4) {
    const char* words = bytes.take(6);
    if (words == nullptr) return false;
    const std::uint32_t a = load_le16(words);
    const std::uint32_t b = load_le16(words + 2);
    const std::uint32_t c = load_le16(words + 4);
    const std::array<std::uint32_t, 4> codes{a >> 4U, (a & 0xfU) | b >> 8U << 4U,
                                             (b & 0xffU) | c >> 12U << 8U, c & 0xfffU};
    for (std::size_t k = 0; k < 4; ++k) {
      x[i + k] = static_cast<std::uint16_t>(codes[k] >> 1U);
      on[i + k] = codes[k] & 1U;
    }
  }
  return true;
}

// Four events in three 32-bit words.
bool decode_packed_pixels(ChunkBytes& bytes, std::uint16_t* x, std::uint16_t* y, std::uint8_t* on,
                          std::size_t count) {
  for (std::size_t i = 0; i < count; i += 4) {
    const char* words = bytes.take(12);
    if (words == nullptr) return false;
    const std::uint32_t a = load_le32(words);
    const std::uint32_t b = load_le32(words + 4);
    const std::uint32_t c = load_le32(words + 8);
    const std::array<std::uint32_t, 4> codes{a >> 8U, (a & 0xffU) | b >> 16U << 8U,
                                             (b & 0xffffU) | c >> 24U << 16U, c & 0xffffffU};
    for (std::size_t k = 0; k < 4; ++k) {
      y[i + k] = static_cast<std::uint16_t>(codes[k] >> 12U & 0x7ffU);
      x[i + k] = static_cast<std::uint16_t>(codes[k] >> 1U & 0x7ffU);
      on[i + k] = codes[k] & 1U;
    }
  }
  return true;
}

}  // namespace

std::uint32_t ecf_count(std::string_view chunk) {
  return chunk.size() < header_bytes ? 0 : load_le32(chunk.data()) >> 2U;
}

bool EcfDecoder::decode(std::string_view chunk, std::span<AddressEvent> events) {
  const std::size_t count = events.size();
  if (chunk.size() < header_bytes || count > most_events) return false;
  const std::uint32_t header = load_le32(chunk.data());
  ChunkBytes bytes(chunk.substr(header_bytes));
  if (!decode_times(bytes, load_le64(chunk.data() + 4), t_.data(), count)) return false;
  const bool packed_pixels = (header & 2U) != 0, packed_columns = (header & 1U) != 0;
  bool whole = packed_pixels ? decode_packed_pixels(bytes, x_.data(), y_.data(), on_.data(), count)
                             : decode_rows(bytes, y_.data(), count);
  if (whole && !packed_pixels)
    whole = packed_columns ? decode_packed_columns(bytes, x_.data(), on_.data(), count)
                           : decode_masked_columns(bytes, x_.data(), count) &&
                                 decode_polarities(bytes, on_.data(), count);
  if (!whole) return false;
  for (std::size_t i = 0; i < count; ++i)
    put_event(&events[i], t_[i], x_[i] | std::uint64_t{y_[i]} << 16U | std::uint64_t{on_[i]} << 32U);
  return true;
}

}  // namespace flurry
