// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "io/recording/event_reader.hpp"
#include "tools/cli/file_info.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

// Sums of a whole recording: checksums that do not depend on order.
struct Extent {
  std::uint64_t events = 0;
  std::uint64_t on = 0;
  std::int64_t t_first = 0;  // of the first event in the file, us
  std::int64_t t_last = 0;
  std::int64_t t_min = std::numeric_limits<std::int64_t>::max();
  std::int64_t t_max = std::numeric_limits<std::int64_t>::min();
  std::uint32_t x_min = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t x_max = 0;
  std::uint32_t y_min = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t y_max = 0;
  std::uint64_t sum_x = 0;
  std::uint64_t sum_y = 0;
  std::uint64_t sum_t = 0;  // modulo 2^64

  void add(const AddressEvent& event) {
    if (events == 0) t_first = event.t;
    t_last = event.t;
    t_min = std::min(t_min, event.t);
    t_max = std::max(t_max, event.t);
    ++events;
    on += event.on ? 1U : 0U;
    x_min = std::min<std::uint32_t>(x_min, event.x);
    x_max = std::max<std::uint32_t>(x_max, event.x);
    y_min = std::min<std::uint32_t>(y_min, event.y);
    y_max = std::max<std::uint32_t>(y_max, event.y);
    sum_x += event.x;
    sum_y += event.y;
    sum_t += static_cast<std::uint64_t>(event.t);
  }
};

void add_extent(Document::Table& table, const Extent& extent) {
  table["events"] = json(extent.events);
  table["on"] = json(extent.on);
  table["off"] = json(extent.events - extent.on);
  table["sum_x"] = json(extent.sum_x);
  table["sum_y"] = json(extent.sum_y);
  table["sum_t_us"] = json(static_cast<std::int64_t>(extent.sum_t));
  for (const char* key :
       {"t_first_us", "t_last_us", "t_min_us", "t_max_us", "x_min", "x_max", "y_min", "y_max"})
    table[key] = Document{};
  if (extent.events == 0) return;
  table["t_first_us"] = json(extent.t_first);
  table["t_last_us"] = json(extent.t_last);
  table["t_min_us"] = json(extent.t_min);
  table["t_max_us"] = json(extent.t_max);
  table["x_min"] = json(extent.x_min);
  table["x_max"] = json(extent.x_max);
  table["y_min"] = json(extent.y_min);
  table["y_max"] = json(extent.y_max);
}

}  // namespace

Document recording_info(const std::filesystem::path& path, const std::string& format_name) {
  const EventFormat& format = recognise_recording(path, format_name);
  const std::unique_ptr<EventReader> reader = format.open(path);
  Extent extent;
  std::vector<AddressEvent> events(65536);
  while (const std::size_t count = reader->read(events))
    for (std::size_t i = 0; i < count; ++i) extent.add(events[i]);

  // As read_recording: where the header is silent, just large enough for the events.
  SensorSize sensor = reader->sensor();
  const bool silent = sensor.width == 0 || sensor.height == 0;
  if (silent && extent.events > 0) sensor = {extent.x_max + 1, extent.y_max + 1};
  const ReadStatistics& statistics = reader->statistics();
  Document::Table table{{"kind", json("recording")},
                        {"format", json(format.name)},
                        {"title", json(format.title)},
                        {"width", json(sensor.width)},
                        {"height", json(sensor.height)},
                        {"sensor_from", json(silent ? "events" : "header")},
                        {"triggers", json(statistics.triggers)},
                        {"skipped", json(statistics.skipped)},
                        {"damaged", json(statistics.damaged)},
                        {"damage", json(statistics.damage)},
                        {"bytes", json(statistics.bytes_read)}};
  add_extent(table, extent);
  return json(std::move(table));
}

}  // namespace flurry
