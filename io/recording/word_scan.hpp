// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "io/recording/byte_source.hpp"

namespace flurry {

/// Little-endian words of a stream, sixteen or thirty-two bits.
template <class Word>
Word load_le(const char* p) {
  if constexpr (sizeof(Word) == 2)
    return load_le16(p);
  else
    return load_le32(p);
}

/// The sum of value(word) over whole words. Loops of fixed length, so that they are vectorised.
template <class Word, class Value>
std::size_t count_words(std::string_view bytes, const Value& value) {
  constexpr std::size_t block = 128;
  std::size_t sum = 0;
  std::size_t at = 0;
  for (; bytes.size() - at >= block * sizeof(Word); at += block * sizeof(Word)) {
    Word part = 0;  // of a block: fits in a word
    for (std::size_t i = 0; i < block; ++i)
      part = static_cast<Word>(part + value(load_le<Word>(bytes.data() + at + i * sizeof(Word))));
    sum += part;
  }
  for (; bytes.size() - at >= sizeof(Word); at += sizeof(Word))
    sum += value(load_le<Word>(bytes.data() + at));
  return sum;
}

inline constexpr std::size_t no_word = static_cast<std::size_t>(-1);

/// Byte offset of the last whole word that fits; no_word if none does.
template <class Word, class Fits>
std::size_t last_word(std::string_view bytes, const Fits& fits) {
  constexpr std::size_t block = 128;
  std::size_t end = bytes.size() / sizeof(Word) * sizeof(Word);
  const auto any_fits = [&](std::size_t begin) {
    Word any = 0;
    for (std::size_t i = 0; i < block; ++i)
      any = static_cast<Word>(
          any | (fits(load_le<Word>(bytes.data() + begin + i * sizeof(Word))) ? Word{1} : Word{0}));
    return any != 0;
  };
  while (end >= block * sizeof(Word) && !any_fits(end - block * sizeof(Word))) end -= block * sizeof(Word);
  for (; end > 0; end -= sizeof(Word))
    if (fits(load_le<Word>(bytes.data() + end - sizeof(Word)))) return end - sizeof(Word);
  return no_word;
}

}  // namespace flurry
