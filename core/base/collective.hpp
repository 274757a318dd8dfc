// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/base/error.hpp"

namespace flurry {

/// Sends messages[r] to rank r and returns what all ranks sent here, by rank. Called by all ranks.
inline std::vector<Communicator::Bytes> exchange_messages(Communicator& communicator,
                                                          const std::vector<Communicator::Bytes>& messages) {
  std::vector<Communicator::Notice> notices;
  std::vector<Communicator::Bytes> incoming;
  communicator.begin_exchange({}, messages);
  communicator.end_exchange(notices, incoming);
  return incoming;
}

template <class T>
requires std::is_trivially_copyable_v<T>
void append_bytes(Communicator::Bytes& bytes, const T& value) {
  const auto* begin = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), begin, begin + sizeof value);
}
template <class T>
requires std::is_trivially_copyable_v<T> std::vector<T> values_from(const Communicator::Bytes& bytes) {
  if (bytes.size() % sizeof(T) != 0) throw InternalError("a message between ranks has been cut");
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

/// Every rank's values, by rank: all ranks call with the values they have.
template <class T>
std::vector<std::vector<T>> gather_all(Communicator& communicator, std::span<const T> values) {
  Communicator::Bytes message(values.size_bytes());
  if (!message.empty()) std::memcpy(message.data(), values.data(), message.size());
  std::vector<std::vector<T>> result;
  for (const auto& bytes : exchange_messages(communicator, std::vector(communicator.ranks(), message)))
    result.push_back(values_from<T>(bytes));
  return result;
}

/// values[i] becomes combine(of rank 0, of rank 1, ...) on all ranks, which call with as many values.
template <class T, class Combine>
void reduce_all(Communicator& communicator, std::span<T> values, const Combine& combine) {
  if (communicator.ranks() == 1) return;
  const auto all = gather_all<T>(communicator, values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = all.front().at(i);
    for (std::size_t rank = 1; rank < all.size(); ++rank) values[i] = combine(values[i], all[rank].at(i));
  }
}
template <class T>
void sum_all(Communicator& communicator, std::span<T> values) {
  reduce_all(communicator, values, [](T a, T b) { return a + b; });
}
template <class T>
void largest_of_all(Communicator& communicator, std::span<T> values) {
  reduce_all(communicator, values, [](T a, T b) { return std::max(a, b); });
}
template <class T>
void smallest_of_all(Communicator& communicator, std::span<T> values) {
  reduce_all(communicator, values, [](T a, T b) { return std::min(a, b); });
}
/// Whether it is true on any rank.
inline bool any_rank(Communicator& communicator, bool here) {
  std::uint8_t value = here ? 1 : 0;
  largest_of_all(communicator, std::span(&value, 1));
  return value != 0;
}

}  // namespace flurry
