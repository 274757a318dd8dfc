// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/spike_layout.hpp"

#include "core/base/error.hpp"

namespace flurry::spike_layout {

Hdf5Group create_spikes(Hdf5Group& root) {
  root.set_attribute("magic", magic);
  root.set_attribute("version", version);
  return root.create_group("spikes");
}

Hdf5Group create_group(Hdf5Group& spikes, const std::string& name, const char* sorting) {
  if (name.empty() || name == "." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos)
    throw UsageError("population '" + name +
                     "' cannot be stored in a spike file; its name must not be empty, '.' or contain '/'");
  Hdf5Group group = spikes.create_group(name);
  group.set_attribute("sorting", sorting);
  return group;
}

Lists create_population(Hdf5Group& spikes, const std::string& name, const char* sorting) {
  Hdf5Group group = create_group(spikes, name, sorting);
  Hdf5Dataset timestamps = group.create_list<double>("timestamps");
  timestamps.set_attribute("units", "ms");
  Hdf5Dataset node_ids = group.create_list<std::uint64_t>("node_ids");
  return {std::move(timestamps), std::move(node_ids)};
}

}  // namespace flurry::spike_layout
