// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_formats.hpp"

#include <algorithm>
#include <array>

#include "core/base/error.hpp"
#include "io/dataset/shd_dataset.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/recording/byte_source.hpp"
#include "io/recording/content_description.hpp"
#include "io/spikes/nwb_spikes.hpp"
#include "io/spikes/shd_spikes.hpp"
#include "io/spikes/spike_layout.hpp"
#include "io/spikes/spike_unit.hpp"
#include "io/spikes/text_spikes.hpp"

namespace flurry {
namespace {

constexpr std::size_t spike_head_bytes = 65536;

constexpr std::array formats{
    SpikeFormat{"sonata", "SONATA spikes (HDF5)", ".h5", true},
    SpikeFormat{"nwb", "Neurodata Without Borders 1 and 2, sorted units (HDF5)", ".nwb", false},
    SpikeFormat{"shd", "samples as in the Spiking Heidelberg Digits (HDF5)", ".shd", true},
    SpikeFormat{"csv", "text with a header: time_ms,id", ".csv .txt", true},
    SpikeFormat{"gdf", "text, id and time in ms, as NEST writes", ".gdf .dat", true},
    SpikeFormat{"aer", "text, address and time in us", ".txt", false},
};

const SpikeFormat& named(std::string_view name) {
  for (const SpikeFormat& format : formats)
    if (format.name == name) return format;
  std::vector<std::string> known;
  known.reserve(formats.size());
  for (const SpikeFormat& format : formats) known.emplace_back(format.name);
  throw UsageError(unknown_name("spike format", name, "", known));
}

std::string_view name_of_hdf5(const std::filesystem::path& path) {
  if (ShdDataset::holds(path)) return "shd";
  const Hdf5File file = Hdf5File::open(path);
  const Hdf5Group root = file.root();
  if (root.has_group("spikes")) return "sonata";
  return holds_nwb_spikes(root) ? "nwb" : "";
}

std::string_view name_by_content(const std::filesystem::path& path) {
  if (Hdf5File::is_hdf5(path)) return name_of_hdf5(path);
  ByteSource source(path, spike_head_bytes);
  source.fill();
  return recognise_text_spikes(source.unread());
}

std::string described(const std::filesystem::path& path) {
  if (Hdf5File::is_hdf5(path))
    return "it is HDF5 without '/spikes' (SONATA), '/units/spike_times' or unit times under '/processing' "
           "(NWB)";
  ByteSource source(path, spike_head_bytes);
  source.fill();
  return "it looks like " + describe_content(source.unread());
}

void write_sonata(const std::filesystem::path& path, const SpikeFile& spikes) {
  Hdf5OutputFile file(path);
  Hdf5Group root = file.root();
  Hdf5Group group = spike_layout::create_spikes(root);
  for (const auto& [name, population] : spikes.populations) {
    const bool sorted = std::is_sorted(population.times.begin(), population.times.end());
    spike_layout::Lists lists =
        spike_layout::create_population(group, name.empty() ? "default" : name, sorted ? "by_time" : "none");
    lists.timestamps.append(std::span(population.times));
    lists.node_ids.append(std::span(population.ids));
    file.flush();
  }
  file.commit();
}

}  // namespace

std::span<const SpikeFormat> spike_formats() { return formats; }

const SpikeFormat* recognise_spikes(const std::filesystem::path& path) {
  try {
    const std::string_view name = name_by_content(path);
    return name.empty() ? nullptr : &named(name);
  } catch (const Error&) {
    return nullptr;
  }
}

SpikeFile read_spikes(const std::filesystem::path& path, const SpikeReading& reading) {
  const std::string_view name = reading.format.empty() ? name_by_content(path) : named(reading.format).name;
  if (name.empty()) throw FormatError("'" + path.string() + "' is no spike file: " + described(path));
  if (name == "nwb") return read_nwb_spikes(Hdf5File::open(path).root(), reading.unit);
  if (name != "sonata" && name != "shd") return read_text_spikes(path, name, reading.unit);
  const std::string unit = name == "shd" ? "s" : "ms";
  static_cast<void>(choose_spike_unit(unit, reading.unit, unit, path.string()));
  return name == "shd" ? read_shd_spikes(path) : read_spike_file(path);
}

void write_spikes(const std::filesystem::path& path, std::string_view format, const SpikeFile& file) {
  if (!named(format).written)
    throw UsageError("the spike format '" + std::string(format) +
                     "' is only read; write sonata, shd, csv or gdf");
  if (format == "shd") return write_shd_spikes(path, file);
  if (format == "sonata") return write_sonata(path, file);
  return format == "csv" ? write_csv_spikes(path, file) : write_gdf_spikes(path, file);
}

}  // namespace flurry
