// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/report/report_layout.hpp"

#include <algorithm>
#include <numeric>

#include "io/spikes/spike_layout.hpp"

namespace flurry::report_layout {
namespace {

void write_times(Hdf5Group& mapping, const ReportDescription& description) {
  const SampleTimes& times = description.times;
  if (times.is_regular()) {
    mapping.write("time", regular_times(description)).set_attribute("units", "ms");
  } else {
    mapping.write("times", times.list()).set_attribute("units", "ms");
  }
}

void write_mapping(Hdf5Group& group, const ReportDescription& description) {
  Hdf5Group mapping = group.create_group("mapping");
  const std::size_t neurons = description.node_ids.size();
  Hdf5Dataset ids = mapping.write("node_ids", description.node_ids);
  ids.set_attribute("sorted", std::uint32_t{1});
  std::vector<std::uint64_t> pointers(neurons + 1);
  std::iota(pointers.begin(), pointers.end(), 0U);
  mapping.write("index_pointers", pointers);
  mapping.write("element_ids", std::vector<std::uint32_t>(neurons, 0));
  write_times(mapping, description);
}

}  // namespace

std::vector<double> regular_times(const ReportDescription& description) {
  const SampleTimes& times = description.times;
  return {times.start(), std::min(times.stop(), description.until), times.interval()};
}

Hdf5Group create_population(Hdf5Group& root, const ReportDescription& description) {
  root.set_attribute("magic", spike_layout::magic);
  root.set_attribute("version", std::span<const std::uint32_t>(spike_layout::version));
  Hdf5Group report = root.create_group("report");
  Hdf5Group group = report.create_group(description.population);
  write_mapping(group, description);
  return group;
}

void describe(Hdf5Dataset& data, const ReportDescription& description) {
  data.set_attribute("units", description.units);
  data.set_attribute("variable", description.variable);
}

Hdf5Group create_status(Hdf5Group& root, const ReportDescription& description) {
  Hdf5Group status = root.create_group("provenance");
  status.set_attribute("program", "flurry");
  status.set_attribute("until", description.until);
  status.set_attribute("status", spike_layout::incomplete);
  status.set_attribute("completed_until", 0.0);
  status.set_attribute("dropped", std::uint64_t{0});
  return status;
}

}  // namespace flurry::report_layout
