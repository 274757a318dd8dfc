// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_index.hpp"

#include <map>
#include <vector>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/spikes/spike_layout.hpp"

namespace flurry {
namespace {

constexpr const char* lists[] = {"timestamps", "node_ids"};

// By population: the pieces of both lists, and how long they are together.
struct Pieces {
  std::vector<Hdf5Piece> of[2];
  std::uint64_t size = 0;
};

void add_part(const std::filesystem::path& part, std::map<std::string, Pieces>& populations) {
  const Hdf5File file = Hdf5File::open(part);
  const Hdf5Group spikes = file.root().group("spikes");
  for (const std::string& name : spikes.members()) {
    const Hdf5Group group = spikes.group(name);
    const std::uint64_t size = group.dataset(lists[0]).size();
    if (group.dataset(lists[1]).size() != size)
      throw FormatError("'" + group.where() + "' has lists of different lengths");
    Pieces& pieces = populations[name];
    for (std::size_t i = 0; i < 2 && size > 0; ++i)
      pieces.of[i].push_back(
          {part.filename().string(), "/spikes/" + name + "/" + lists[i], {size}, {0}, {size}, {pieces.size}});
    pieces.size += size;
  }
}

void copy_provenance(const std::filesystem::path& part, Hdf5Group& to) {
  const Hdf5File file = Hdf5File::open(part);
  const Hdf5Group from = file.root().group("provenance");
  for (const char* name : {"program", "version", "command", "network_path"})
    to.set_attribute(name, from.find_text(name).value_or(""));
  to.set_attribute("seed", from.find_natural("seed").value_or(0));
  for (const char* name : {"until", "resolution"})
    to.set_attribute(name, from.find_number(name).value_or(0.0));
  const std::vector<std::string> network = from.dataset("network_text").read_texts();
  to.write_text("network_text", network.empty() ? "" : network.front());
}

}  // namespace

void write_spike_index(const std::filesystem::path& path, std::span<const std::filesystem::path> parts,
                       const SpikeIndexStatus& status) {
  std::map<std::string, Pieces> populations;
  for (const std::filesystem::path& part : parts) add_part(part, populations);
  Hdf5OutputFile file(path);
  {
    Hdf5Group root = file.root();
    Hdf5Group provenance = root.create_group("provenance");
    copy_provenance(parts.back(), provenance);
    provenance.set_attribute("completed_until", status.completed_until);
    provenance.set_attribute("status", status.complete ? spike_layout::complete : spike_layout::incomplete);
    provenance.write_text("counts", status.counts_json);
    std::vector<std::string> names;
    for (const std::filesystem::path& part : parts) names.push_back(part.filename().string());
    provenance.write_texts("parts", names);
    Hdf5Group spikes = spike_layout::create_spikes(root);
    for (const auto& [name, pieces] : populations) {
      Hdf5Group group = spike_layout::create_group(spikes, name, "none");
      const std::uint64_t extent[] = {pieces.size};
      Hdf5Dataset times = group.create_virtual<double>(lists[0], extent, pieces.of[0]);
      times.set_attribute("units", "ms");
      (void)group.create_virtual<std::uint64_t>(lists[1], extent, pieces.of[1]);
    }
  }
  file.commit();
}

}  // namespace flurry
