// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <type_traits>
#include <utility>

#include "io/recording/hdf5_events.hpp"

namespace flurry {

namespace {

constexpr std::size_t chunk = 16384;

}  // namespace

Hdf5EventWriter::Hdf5EventWriter(std::filesystem::path path, SensorSize sensor)
    : check_({.title = "HDF5", .t_min = no_number + 1}, sensor, path), file_(std::move(path)) {
  Hdf5Group group = file_.root().create_group("events");
  group.set_attribute("width", sensor.width);
  group.set_attribute("height", sensor.height);
  lists_.push_back(group.create_list<std::int64_t>("t", chunk));
  lists_.push_back(group.create_list<std::uint16_t>("x", chunk));
  lists_.push_back(group.create_list<std::uint16_t>("y", chunk));
  lists_.push_back(group.create_list<std::uint8_t>("p", chunk));
}

void Hdf5EventWriter::write(std::span<const AddressEvent> events) {
  while (!events.empty()) {
    const std::span<const AddressEvent> part = events.first(std::min(chunk - pending_.size(), events.size()));
    check_.check(part);
    pending_.insert(pending_.end(), part.begin(), part.end());
    if (pending_.size() == chunk) put_pending();
    events = events.subspan(part.size());
  }
}

void Hdf5EventWriter::put_pending() {
  constexpr std::uint64_t chunks_a_flush = 256;
  const auto append = [this]<class T>(std::size_t list, T AddressEvent::*member) {
    std::vector<std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>> values;
    values.reserve(pending_.size());
    for (const AddressEvent& event : pending_) values.push_back(event.*member);
    lists_[list].append(std::span<const typename decltype(values)::value_type>(values));
  };
  append(0, &AddressEvent::t);
  append(1, &AddressEvent::x);
  append(2, &AddressEvent::y);
  append(3, &AddressEvent::on);
  pending_.clear();
  if (++chunks_ % chunks_a_flush == 0) file_.flush();  // tells of a full disk
}

void Hdf5EventWriter::close() {
  put_pending();
  lists_.clear();
  file_.commit();
}

}  // namespace flurry
