// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/checksum.hpp"

#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "io/recording/byte_source.hpp"

namespace flurry {
namespace {

constexpr std::size_t block_bytes = 64;

/// Hands whole blocks of `rest` + `bytes` to `add_block`; keeps what is left in `rest`.
template <class AddBlock>
void take_blocks(std::string& rest, std::string_view bytes, const AddBlock& add_block) {
  if (!rest.empty()) {
    const std::size_t wanted = std::min(block_bytes - rest.size(), bytes.size());
    rest += bytes.substr(0, wanted);
    bytes.remove_prefix(wanted);
    if (rest.size() < block_bytes) return;
    add_block(rest.data());
    rest.clear();
  }
  for (; bytes.size() >= block_bytes; bytes.remove_prefix(block_bytes)) add_block(bytes.data());
  rest += bytes;
}

/// A one bit, zeros, and the number of bits: what both sums append before they end.
std::string padding(std::uint64_t bytes, bool most_significant_first) {
  std::string text(1, '\x80');
  text.append((block_bytes + 55 - bytes % block_bytes) % block_bytes, '\0');
  const std::uint64_t bits = bytes * 8;
  for (unsigned i = 0; i < 8; ++i)
    text += static_cast<char>(bits >> 8U * (most_significant_first ? 7 - i : i) & 0xffU);
  return text;
}

std::uint32_t load_be32(const char* p) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(p[i]);
  return value;
}

/// floor(2^32 |sin(i)|), i from 1.
std::array<std::uint32_t, 64> sine_table() {
  std::array<std::uint32_t, 64> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] =
        static_cast<std::uint32_t>(std::floor(0x1p32 * std::abs(std::sin(static_cast<double>(i + 1)))));
  return table;
}

/// The first 32 bits of the fractions of the cube roots of the first 64 primes.
std::array<std::uint32_t, 64> cube_root_table() {
  std::array<std::uint32_t, 64> table{};
  std::uint64_t prime = 1;
  for (std::uint32_t& entry : table) {
    for (bool found = false; !found;) {
      found = true;
      ++prime;
      for (std::uint64_t d = 2; d * d <= prime; ++d) found = found && prime % d != 0;
    }
    // long double has 64 bits: 3 before the point, 61 behind, more than the 32 that count.
    const long double root = std::cbrt(static_cast<long double>(prime));
    entry = static_cast<std::uint32_t>(static_cast<std::uint64_t>(root * 0x1p32L));
  }
  return table;
}

}  // namespace

void Md5::add(std::string_view bytes) {
  bytes_ += bytes.size();
  take_blocks(rest_, bytes, [this](const char* block) { add_block(block); });
}

void Md5::add_block(const char* block) {
  static const std::array<std::uint32_t, 64> sines = sine_table();
  static constexpr std::array<std::array<int, 4>, 4> turns{
      {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};
  static constexpr std::array<std::array<unsigned, 2>, 4> order{{{1, 0}, {5, 1}, {3, 5}, {7, 0}}};
  auto [a, b, c, d] = state_;
  for (unsigned i = 0; i < 64; ++i) {
    const unsigned round = i / 16;
    std::uint32_t mixed = 0;
    switch (round) {
      case 0:
        mixed = (b & c) | (~b & d);
        break;
      case 1:
        mixed = (d & b) | (~d & c);
        break;
      case 2:
        mixed = b ^ c ^ d;
        break;
      default:
        mixed = c ^ (b | ~d);
    }
    const unsigned word = (order[round][0] * i + order[round][1]) % 16;
    const std::uint32_t sum = a + mixed + sines[i] + load_le32(block + std::size_t{4} * word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, turns[round][i % 4]);
  }
  state_ = {state_[0] + a, state_[1] + b, state_[2] + c, state_[3] + d};
}

std::string Md5::finish() {
  add(padding(bytes_, false));
  std::string text;
  for (const std::uint32_t word : state_)
    for (unsigned i = 0; i < 4; ++i) text += fmt::format("{:02x}", word >> 8U * i & 0xffU);
  return text;
}

void Sha256::add(std::string_view bytes) {
  bytes_ += bytes.size();
  take_blocks(rest_, bytes, [this](const char* block) { add_block(block); });
}

void Sha256::add_block(const char* block) {
  static const std::array<std::uint32_t, 64> roots = cube_root_table();
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i) w[i] = load_be32(block + 4 * i);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3U;
    const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10U;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t first = h + s1 + ((e & f) ^ (~e & g)) + roots[i] + w[i];
    const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t second = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  state_ = {state_[0] + a, state_[1] + b, state_[2] + c, state_[3] + d,
            state_[4] + e, state_[5] + f, state_[6] + g, state_[7] + h};
}

std::string Sha256::finish() {
  add(padding(bytes_, true));
  std::string text;
  for (const std::uint32_t word : state_) text += fmt::format("{:08x}", word);
  return text;
}

namespace {

template <class Sum>
std::string sum_of(const std::filesystem::path& path) {
  ByteSource source(path);
  Sum sum;
  while (source.refill()) {
    sum.add(source.unread());
    source.consume(source.unread().size());
  }
  return sum.finish();
}

}  // namespace

std::string file_checksum(const std::filesystem::path& path, std::string_view like) {
  return like.size() == 32 ? sum_of<Md5>(path) : sum_of<Sha256>(path);
}

}  // namespace flurry
