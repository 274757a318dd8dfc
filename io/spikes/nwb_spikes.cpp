// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/nwb_spikes.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "core/base/error.hpp"
#include "io/spikes/spike_unit.hpp"

namespace flurry {
namespace {

SpikeUnit unit_of(const Hdf5Dataset& times, const std::string& asked) {
  std::optional<std::string> written = times.find_text("unit");
  if (!written) written = times.find_text("units");
  return choose_spike_unit(written, asked, "s", times.where());
}

// Version 2 ------------------------------------------------------------------------------------------------

std::vector<Hdf5Range> ranges_of(const Hdf5Dataset& index) {
  if (index.is_regions()) return index.read_regions();
  std::vector<Hdf5Range> ranges;
  std::uint64_t first = 0;
  for (const std::uint64_t end : index.read_list<std::uint64_t>()) {
    ranges.push_back({first, end});
    first = end;
  }
  return ranges;
}

std::vector<std::uint64_t> unit_ids(const Hdf5Group& units, const Hdf5Dataset& index, std::size_t count) {
  std::vector<std::uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), 0);
  if (!units.has_dataset("id")) return ids;
  ids = units.dataset("id").read_list<std::uint64_t>();
  if (ids.size() != count)
    throw FormatError("'" + units.where() + "/id' holds " + std::to_string(ids.size()) + " values but '" +
                      index.where() + "' " + std::to_string(count) + "; expected the same number");
  return ids;
}

PopulationSpikes read_units(const Hdf5Group& units, const std::string& asked) {
  const Hdf5Dataset times = units.dataset("spike_times");
  const Hdf5Dataset index = units.dataset("spike_times_index");
  const SpikeUnit unit = unit_of(times, asked);
  const std::vector<double> all = times.read_list<double>();
  const std::vector<Hdf5Range> ranges = ranges_of(index);
  const std::vector<std::uint64_t> ids = unit_ids(units, index, ranges.size());
  PopulationSpikes spikes;
  spikes.times.reserve(all.size());
  spikes.ids.reserve(all.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto [first, end] = ranges[i];
    // Together no more than there are: regions might overlap without end.
    if (end < first || end > all.size() || end - first > all.size() - spikes.times.size())
      throw FormatError("'" + index.where() + "' value " + std::to_string(i) + " names spikes " +
                        std::to_string(first) + " to " + std::to_string(end) +
                        "; expected parts, each once, of the " + std::to_string(all.size()) + " there are");
    for (std::uint64_t k = first; k < end; ++k) spikes.times.push_back(unit.milliseconds(all[k]));
    spikes.ids.insert(spikes.ids.end(), end - first, ids[i]);
  }
  if (spikes.times.size() != all.size())
    throw FormatError("'" + times.where() + "' holds " + std::to_string(all.size()) + " values but '" +
                      index.where() + "' names " + std::to_string(spikes.times.size()));
  return spikes;
}

// Version 1 ------------------------------------------------------------------------------------------------

struct UnitPlace {
  const char* group;
  const char* list;
};
constexpr UnitPlace places[] = {{"UnitTimes", "times"}, {"spike_train", "data"}};

struct Train {
  std::uint64_t id = 0;
  Hdf5Dataset times;
};

// "unit_12" and "12" are 12.
std::uint64_t id_of(const std::string& name, const std::string& where) {
  const std::size_t last = name.find_last_not_of("0123456789");
  const std::string digits = last == std::string::npos ? name : name.substr(last + 1);
  std::uint64_t id = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (digits.empty() || status != std::errc{})
    throw FormatError("'" + where + "/" + name +
                      "' has no number; expected a unit's name that ends with one");
  return id;
}

std::vector<Train> trains_of(const Hdf5Group& group, const char* list) {
  std::vector<Train> trains;
  for (const std::string& name : group.members()) {
    if (!group.has_group(name) || !group.group(name).has_dataset(list)) continue;
    trains.push_back({id_of(name, group.where()), group.group(name).dataset(list)});
  }
  std::sort(trains.begin(), trains.end(), [](const Train& a, const Train& b) { return a.id < b.id; });
  return trains;
}

PopulationSpikes read_trains(const std::vector<Train>& trains, const std::string& asked) {
  PopulationSpikes spikes;
  for (const Train& train : trains) {
    const SpikeUnit unit = unit_of(train.times, asked);
    const std::vector<double> times = train.times.read_list<double>();
    for (const double time : times) spikes.times.push_back(unit.milliseconds(time));
    spikes.ids.insert(spikes.ids.end(), times.size(), train.id);
  }
  return spikes;
}

// Calls visit(module, list's name, group of units) for each place with trains.
template <class Visit>
void visit_modules(const Hdf5Group& root, const Visit& visit) {
  if (!root.has_group("processing")) return;
  const Hdf5Group processing = root.group("processing");
  for (const std::string& module : processing.members()) {
    if (!processing.has_group(module)) continue;
    for (const UnitPlace& place : places)
      if (processing.group(module).has_group(place.group))
        visit(module, place.list, processing.group(module).group(place.group));
  }
}

bool has_units(const Hdf5Group& root) {
  if (!root.has_group("units")) return false;
  const Hdf5Group units = root.group("units");
  return units.has_dataset("spike_times") && units.has_dataset("spike_times_index");
}

}  // namespace

bool holds_nwb_spikes(const Hdf5Group& root) {
  bool found = has_units(root);
  visit_modules(root, [&](const std::string&, const char*, const Hdf5Group&) { found = true; });
  return found;
}

SpikeFile read_nwb_spikes(const Hdf5Group& root, const std::string& unit) {
  SpikeFile file;
  if (has_units(root)) file.populations["units"] = read_units(root.group("units"), unit);
  visit_modules(root, [&](const std::string& module, const char* list, const Hdf5Group& group) {
    const std::vector<Train> trains = trains_of(group, list);
    if (!trains.empty()) file.populations[module] = read_trains(trains, unit);
  });
  if (file.populations.empty())
    throw FormatError("'" + root.where() +
                      "' holds no spike times; expected /units/spike_times with its index, "
                      "or lists of units under /processing");
  for (const auto& [name, spikes] : file.populations) expect_finite_times(spikes, root.file() + ":" + name);
  return file;
}

}  // namespace flurry
