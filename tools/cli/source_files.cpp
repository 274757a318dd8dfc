// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/source_files.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "core/base/error.hpp"
#include "io/recording/event_reader.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/encoding/address_map.hpp"

namespace flurry {
namespace {

std::string place(const PopulationDescription& population) {
  return "population " + population.name + " (" + population.where + ")";
}

// "" where there is none
std::string text_of(const PopulationDescription& population, std::string_view key) {
  const auto found = population.texts.find(key);
  return found == population.texts.end() ? std::string() : found->second;
}

std::uint32_t whole(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return status == std::errc{} && end == text.data() + text.size() ? value : 0;
}

// "32x24"
void parse_grid(const std::string& text, const PopulationDescription& population,
                AddressMapOptions& options) {
  const std::size_t cross = text.find('x');
  if (cross != std::string::npos) {
    options.columns = whole(std::string_view(text).substr(0, cross));
    options.rows = whole(std::string_view(text).substr(cross + 1));
  }
  if (options.columns == 0 || options.rows == 0)
    throw UsageError("grid of " + place(population) + " is '" + text +
                     "'; expected WIDTHxHEIGHT, such as '32x24'");
}

// Element i of a plane in the middle of its pixels; off elements on the same places as on elements.
void place_elements(const AddressMap& map, const SensorSize& sensor, PopulationDescription& population) {
  if (population.layout && population.layout->kind != Layout::Kind::grid) return;
  Layout layout;
  layout.kind = Layout::Kind::list;
  layout.width = population.layout ? population.layout->width : static_cast<double>(sensor.width);
  layout.height = population.layout ? population.layout->height : static_cast<double>(sensor.height);
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const std::uint32_t in_plane = i % (map.columns() * map.rows());
    const std::uint32_t column = in_plane % map.columns(), row = in_plane / map.columns();
    layout.positions.emplace_back((column + 0.5) * layout.width / map.columns(),
                                  (row + 0.5) * layout.height / map.rows());
  }
  population.layout = std::move(layout);
}

void expect_size(const PopulationDescription& population, std::uint64_t found, const std::string& what) {
  if (found > std::numeric_limits<std::uint32_t>::max())
    throw FormatError(what + " needs " + std::to_string(found) + " elements; allowed: 4294967295");
  if (population.size != 0 && population.size < found)
    throw UsageError(place(population) + " has size " + std::to_string(population.size) + " but " + what +
                     " has " + std::to_string(found) + " elements; leave `size` out to take them all");
}

const PopulationSpikes& choose(const SpikeFile& file, const PopulationDescription& population,
                               const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [name, spikes] : file.populations) names.push_back(name);
  const std::string wanted = text_of(population, "population");
  if (wanted.empty()) {
    if (names.size() == 1) return file.populations.begin()->second;
    const auto same = file.populations.find(population.name);
    if (same != file.populations.end()) return same->second;
    throw UsageError(unknown_name(
        "population", population.name,
        path + ", read by " + place(population) + ", which must name one with `population`", names));
  }
  const auto found = file.populations.find(wanted);
  if (found == file.populations.end())
    throw UsageError(unknown_name("population", wanted, path + ", read by " + place(population), names));
  return found->second;
}

SpikeTrain spikes_of_file(PopulationDescription& population, const std::string& path) {
  const SpikeFile file = read_spike_file(path);
  const PopulationSpikes& spikes = choose(file, population, path);
  std::uint64_t needed = 0;
  for (const std::uint64_t id : spikes.ids) needed = std::max(needed, id + 1);
  expect_size(population, needed, "'" + path + "'");
  if (population.size == 0) population.size = static_cast<std::uint32_t>(needed);
  SpikeTrain train;
  train.reserve(spikes.times.size());
  for (std::size_t i = 0; i < spikes.times.size(); ++i)
    train.push_back({spikes.times[i], static_cast<std::uint32_t>(spikes.ids[i])});
  return train;
}

SpikeTrain spikes_of_table(PopulationDescription& population, const std::vector<std::vector<double>>& rows) {
  expect_size(population, rows.size(), "its table of times");
  if (population.size == 0) population.size = static_cast<std::uint32_t>(rows.size());
  SpikeTrain train;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const double time : rows[i]) train.push_back({time, static_cast<std::uint32_t>(i)});
  return train;
}

}  // namespace

void load_recording(PopulationDescription& population, std::vector<std::string>& notes) {
  const std::string path = text_of(population, "file");
  if (path.empty())
    throw UsageError(place(population) + " plays a recording and names none; add file = \"...\"");
  const auto recording = read_recording(path, text_of(population, "format"));
  AddressMapOptions options;
  options.width = recording.sensor.width;
  options.height = recording.sensor.height;
  if (const std::string polarity = text_of(population, "polarity"); !polarity.empty())
    options.polarity = parse_polarity(polarity, "polarity of " + place(population));
  if (const std::string grid = text_of(population, "grid"); !grid.empty())
    parse_grid(grid, population, options);
  const AddressMap map(options);
  expect_size(population, map.size(), "'" + path + "'");
  if (population.size == 0) population.size = map.size();
  if (population.size == map.size()) place_elements(map, recording.sensor, population);
  MappedSpikes mapped = map_events(recording.events, map);
  if (mapped.outside_sensor > 0)
    notes.push_back(path + ": " + std::to_string(mapped.outside_sensor) +
                    " events beyond the sensor were left out");
  if (recording.statistics.damaged > 0)
    notes.push_back(path + ": " + std::to_string(recording.statistics.damaged) +
                    " damaged words were left out; first: " + recording.statistics.damage);
  population.spikes = std::make_shared<const SpikeTrain>(std::move(mapped.spikes));
}

void load_spike_trains(PopulationDescription& population) {
  const std::string path = text_of(population, "file");
  const auto table = population.tables.find("times");
  const bool has_table = table != population.tables.end();
  if (path.empty() == !has_table)
    throw UsageError(place(population) + (has_table ? " has both a file and a table of times; give one"
                                                    : " has neither `file` nor `times`; give one"));
  SpikeTrain train =
      has_table ? spikes_of_table(population, table->second) : spikes_of_file(population, path);
  std::sort(train.begin(), train.end());
  population.spikes = std::make_shared<const SpikeTrain>(std::move(train));
}

}  // namespace flurry
