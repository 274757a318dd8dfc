// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <optional>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/spikes/spike_file.hpp"
#include "io/spikes/spike_layout.hpp"

namespace flurry {
namespace {

constexpr std::size_t buffered_spikes = 65536;
constexpr std::chrono::seconds flush_interval{1};
constexpr std::uint64_t spare_bytes = 1U << 20U;  // what closing the file may take

using Clock = std::chrono::steady_clock;

// The two columns of one population and what waits to be written.
struct Columns {
  std::string name;
  std::uint32_t first = 0;  // network-wide number of its first neuron
  std::uint32_t size = 0;
  std::optional<Hdf5Dataset> timestamps;  // nothing for a source
  std::optional<Hdf5Dataset> node_ids;
  std::vector<double> times;
  std::vector<std::uint64_t> ids;

  void write() {
    if (times.empty()) return;
    timestamps->append(std::span<const double>(times));
    node_ids->append(std::span<const std::uint64_t>(ids));
    times.clear();
    ids.clear();
  }
};

Columns make_columns(Hdf5Group& spikes, const Population& population) {
  spike_layout::Lists lists = spike_layout::create_population(spikes, population.name(), "by_time");
  return {population.name(),
          population.first,
          population.whole_size(),
          std::move(lists.timestamps),
          std::move(lists.node_ids),
          {},
          {}};
}

void write_provenance(Hdf5Group& group, const Provenance& provenance) {
  group.set_attribute("program", provenance.program);
  group.set_attribute("version", provenance.version);
  group.set_attribute("command", provenance.command);
  group.set_attribute("network_path", provenance.network_path);
  group.set_attribute("seed", provenance.seed);
  group.set_attribute("until", provenance.until);
  group.set_attribute("resolution", provenance.resolution);
  group.set_attribute("completed_until", 0.0);
  group.set_attribute("status", spike_layout::incomplete);
  group.write_text("network_text", provenance.network_text);
}

}  // namespace

struct SpikeFileWriter::Content {
  Content(std::filesystem::path target, const Network& network, const std::vector<bool>& is_source,
          const Provenance& origin);
  Content(std::filesystem::path target, const Network& network, const std::vector<bool>& is_source,
          double until, const std::filesystem::path& log);
  void open_lists();
  void write_buffers();

  Hdf5OutputFile file;
  std::vector<bool> sources;
  std::optional<Hdf5Group> provenance;
  std::vector<Columns> populations;
  Clock::time_point last_flush = Clock::now();
  double last_time = 0.0;
  bool full = false;  // the disk: nothing more is written
  bool finished = false;
};

SpikeFileWriter::Content::Content(std::filesystem::path target, const Network& network,
                                  const std::vector<bool>& is_source, const Provenance& origin)
    : file(std::move(target), true), sources(is_source), provenance(file.root().create_group("provenance")) {
  if (is_source.size() != network.populations().size())
    throw InternalError("a spike file needs to know of every population whether it is a source");
  Hdf5Group root = file.root();
  write_provenance(*provenance, origin);
  Hdf5Group spikes = spike_layout::create_spikes(root);
  for (std::size_t i = 0; i < is_source.size(); ++i) {
    const Population& population = network.populations()[i];
    populations.push_back(
        is_source[i] ? Columns{population.name(), population.first, population.whole_size(), {}, {}, {}, {}}
                     : make_columns(spikes, population));
  }
  file.share();
}

SpikeFileWriter::Content::Content(std::filesystem::path target, const Network& network,
                                  const std::vector<bool>& is_source, double until,
                                  const std::filesystem::path& log)
    : file(std::move(target), log), sources(is_source) {
  for (const Population& population : network.populations())
    populations.push_back({population.name(), population.first, population.whole_size(), {}, {}, {}, {}});
  open_lists();
  last_time = provenance->find_number("completed_until").value_or(0.0);
  provenance->set_attribute("until", until);
  file.share();
}

// Of a file that was opened again.
void SpikeFileWriter::Content::open_lists() {
  provenance = file.root().group("provenance");
  const Hdf5Group spikes = file.root().group("spikes");
  for (std::size_t i = 0; i < populations.size(); ++i) {
    if (sources[i]) continue;
    const Hdf5Group group = spikes.group(populations[i].name);
    populations[i].timestamps = group.dataset("timestamps");
    populations[i].node_ids = group.dataset("node_ids");
  }
}

void SpikeFileWriter::Content::write_buffers() {
  std::uint64_t bytes = spare_bytes;
  for (const Columns& columns : populations)
    bytes += columns.times.size() * (sizeof(double) + sizeof(std::uint64_t));
  full = true;
  file.reserve(bytes);
  full = false;
  for (Columns& columns : populations) columns.write();
  provenance->set_attribute("completed_until", last_time);
  file.flush();
  last_flush = Clock::now();
}

SpikeFileWriter::SpikeFileWriter(std::filesystem::path path, const Network& network,
                                 const std::vector<bool>& is_source, const Provenance& provenance)
    : content_(std::make_unique<Content>(std::move(path), network, is_source, provenance)) {}

SpikeFileWriter::SpikeFileWriter(std::filesystem::path path, const Network& network,
                                 const std::vector<bool>& is_source, double until,
                                 const std::filesystem::path& log)
    : content_(std::make_unique<Content>(std::move(path), network, is_source, until, log)) {}

SpikeFileWriter::~SpikeFileWriter() = default;

std::uint64_t SpikeFileWriter::seal(const std::filesystem::path& log) {
  Content& content = *content_;
  content.write_buffers();
  const std::uint64_t size = content.file.seal(log);
  content.open_lists();
  content.file.share();
  return size;
}

void SpikeFileWriter::record(std::span<const Spike> spikes) {
  std::vector<Columns>& all = content_->populations;
  bool full = false;
  for (const Spike& spike : spikes) {
    const auto after =
        std::upper_bound(all.begin(), all.end(), spike.neuron,
                         [](std::uint32_t neuron, const Columns& c) { return neuron < c.first; });
    if (after == all.begin()) throw InternalError("a spike of no population was to be recorded");
    Columns& columns = *(after - 1);
    const std::uint32_t local = spike.neuron - columns.first;
    if (local >= columns.size || !columns.timestamps)
      throw InternalError("a spike of a source or of no population was to be recorded");
    columns.times.push_back(spike.time);
    columns.ids.push_back(local);
    full = full || columns.times.size() >= buffered_spikes;
  }
  if (!spikes.empty()) content_->last_time = spikes.back().time;
  if (full || Clock::now() - content_->last_flush >= flush_interval) content_->write_buffers();
}

void SpikeFileWriter::finish(double until, bool complete, const std::string& counts_json) {
  Content& content = *content_;
  if (content.finished) throw InternalError("a spike file was finished twice");
  if (!content.full) {
    content.last_time = std::max(content.last_time, until);
    content.write_buffers();
  }
  content.provenance.reset();
  content.populations.clear();
  content.file.reopen();
  Hdf5Group provenance = content.file.root().group("provenance");
  provenance.write_text("counts", counts_json);
  if (complete && !content.full) provenance.set_attribute("status", spike_layout::complete);
  content.file.commit();
  content.finished = true;
}

}  // namespace flurry
