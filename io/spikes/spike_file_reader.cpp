// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "io/spikes/spike_layout.hpp"
#include "io/spikes/spike_unit.hpp"

namespace flurry {
namespace {

void expect_milliseconds(const Hdf5Dataset& timestamps) {
  const std::string units = timestamps.find_text("units").value_or("ms");
  const std::optional<SpikeUnit> unit = find_spike_unit(units);
  if (unit && unit->name == "ms") return;
  throw FormatError("'" + timestamps.where() + "' has units '" + units + "'; expected 'ms'");
}

PopulationSpikes read_columns(const Hdf5Group& group, bool cut) {
  const Hdf5Dataset timestamps = group.dataset("timestamps");
  expect_milliseconds(timestamps);
  const bool old_name = !group.has_dataset("node_ids") && group.has_dataset("gids");
  const Hdf5Dataset ids = group.dataset(old_name ? "gids" : "node_ids");
  PopulationSpikes spikes{timestamps.read_list<double>(), ids.read_list<std::uint64_t>()};
  if (!cut && spikes.times.size() != spikes.ids.size())
    throw FormatError("'" + timestamps.where() + "' holds " + std::to_string(spikes.times.size()) +
                      " values but '" + ids.where() + "' " + std::to_string(spikes.ids.size()) +
                      "; expected the same number");
  expect_finite_times(spikes, timestamps.where());
  return spikes;
}

// A run that was killed while it wrote may leave one column longer than the other, or chunks that read as
// zeros: keep what was in order.
void keep_whole_part(PopulationSpikes& spikes) {
  std::size_t whole = std::min(spikes.times.size(), spikes.ids.size());
  const auto end = spikes.times.begin() + static_cast<std::ptrdiff_t>(whole);
  whole = static_cast<std::size_t>(std::is_sorted_until(spikes.times.begin(), end) - spikes.times.begin());
  spikes.times.resize(whole);
  spikes.ids.resize(whole);
}

void read_provenance(const Hdf5Group& root, SpikeFile& file) {
  if (!root.has_group("provenance")) return;
  const Hdf5Group group = root.group("provenance");
  for (const char* name : {"program", "version", "command", "network_path", "status"})
    if (const auto text = group.find_text(name)) file.provenance[name] = *text;
  for (const char* name : {"until", "completed_until"})
    if (const auto number = group.find_number(name)) file.provenance[name] = shortest(*number);
  if (const auto seed = group.find_natural("seed")) file.provenance["seed"] = std::to_string(*seed);
  for (const char* name : {"network_text", "counts"}) {
    if (!group.has_dataset(name)) continue;
    const std::vector<std::string> texts = group.dataset(name).read_texts();
    if (!texts.empty())
      (name == std::string("counts") ? file.counts_json : file.provenance[name]) = texts.front();
  }
  const auto status = file.provenance.find("status");
  if (status == file.provenance.end()) return;
  file.status.known = true;
  file.status.complete = status->second == spike_layout::complete;
  file.status.until = group.find_number("completed_until").value_or(0.0);
}

}  // namespace

SpikeFile read_spike_file(const std::filesystem::path& path) {
  const Hdf5File file = Hdf5File::open(path);
  const Hdf5Group root = file.root();
  if (!root.has_group("spikes"))
    throw FormatError("'" + path.string() + "' is no spike file: it has no group '/spikes'");
  SpikeFile result;
  read_provenance(root, result);
  const bool cut = result.status.known && !result.status.complete;
  const Hdf5Group spikes = root.group("spikes");
  for (const std::string& name : spikes.members())
    if (spikes.has_group(name)) result.populations[name] = read_columns(spikes.group(name), cut);
  if (spikes.has_dataset("timestamps")) result.populations[""] = read_columns(spikes, cut);
  if (result.populations.empty() && !result.status.known)
    throw FormatError("'" + spikes.where() + "' holds no population and no 'timestamps'; expected spikes");
  const bool of_parts = root.has_group("provenance") && root.group("provenance").has_dataset("parts");
  if (cut && !of_parts)  // an index is written at the end or not at all
    for (auto& [name, population] : result.populations) keep_whole_part(population);
  return result;
}

bool is_spike_file(const std::filesystem::path& path) {
  try {
    return Hdf5File::is_hdf5(path) && Hdf5File::open(path).root().has_group("spikes");
  } catch (const Error&) {
    return false;
  }
}

}  // namespace flurry
