// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/report/report_index.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_output_file.hpp"
#include "io/report/report_file.hpp"
#include "io/report/report_layout.hpp"
#include "io/spikes/spike_layout.hpp"

namespace flurry {
namespace {

struct Part {
  std::string file;
  std::string population;
  std::string variable;
  std::string units;
  std::vector<std::uint64_t> nodes;  // ascending
  std::uint64_t rows = 0;
  std::uint64_t dropped = 0;
  bool doubles = false;
};

Part look_at(const std::filesystem::path& path) {
  const ReportFile report(path);
  const ReportInfo& info = report.populations().at(0);
  const Hdf5File file = Hdf5File::open(path);
  const Hdf5Dataset data = file.root().group("report").group(info.population).dataset("data");
  return {path.filename().string(),
          info.population,
          info.variable,
          info.units,
          info.node_ids,
          data.shape().at(0),
          info.dropped,
          data.value_bytes() == sizeof(double)};
}

struct Whole {
  std::vector<std::vector<Part>> legs;
  std::vector<std::uint64_t> nodes;
  std::uint64_t rows = 0;
  std::uint64_t dropped = 0;
};

Whole look_at_all(std::span<const ReportParts> legs) {
  Whole whole;
  for (const ReportParts& leg : legs) {
    std::vector<Part>& parts = whole.legs.emplace_back();
    std::uint64_t rows = UINT64_MAX;
    for (const std::filesystem::path& path : leg) {
      parts.push_back(look_at(path));
      whole.nodes.insert(whole.nodes.end(), parts.back().nodes.begin(), parts.back().nodes.end());
      whole.dropped += parts.back().dropped;
      rows = std::min(rows, parts.back().rows);
    }
    for (Part& part : parts) part.rows = rows;  // of a run that was stopped one part may go further
    whole.rows += parts.empty() ? 0 : rows;
  }
  std::sort(whole.nodes.begin(), whole.nodes.end());
  whole.nodes.erase(std::unique(whole.nodes.begin(), whole.nodes.end()), whole.nodes.end());
  for (const std::vector<Part>& leg : whole.legs) {
    std::size_t nodes = 0;
    for (const Part& part : leg) nodes += part.nodes.size();
    if (nodes != whole.nodes.size())
      throw FormatError("the parts of the report beside '" + legs.back().back().string() + "' hold " +
                        std::to_string(nodes) + " of " + std::to_string(whole.nodes.size()) +
                        " neurons; a part is missing");
  }
  return whole;
}

// Columns of a part that stand side by side in the whole too are one piece.
void add_pieces(const Part& part, std::uint64_t first_row, const std::vector<std::uint64_t>& nodes,
                std::vector<Hdf5Piece>& pieces) {
  const auto column = [&](std::uint64_t node) {
    return static_cast<std::uint64_t>(std::lower_bound(nodes.begin(), nodes.end(), node) - nodes.begin());
  };
  for (std::uint64_t begin = 0; begin < part.nodes.size() && part.rows > 0;) {
    const std::uint64_t to = column(part.nodes[begin]);
    std::uint64_t width = 1;
    while (begin + width < part.nodes.size() && column(part.nodes[begin + width]) == to + width) ++width;
    pieces.push_back({part.file,
                      "/report/" + part.population + "/data",
                      {part.rows, part.nodes.size()},
                      {0, begin},
                      {part.rows, width},
                      {first_row, to}});
    begin += width;
  }
}

}  // namespace

void write_report_index(const std::filesystem::path& path, std::span<const ReportParts> legs,
                        const SampleTimes& times, double until, bool complete) {
  const Whole whole = look_at_all(legs);
  const Part* first = nullptr;
  std::vector<Hdf5Piece> pieces;
  std::vector<std::string> names;
  std::uint64_t row = 0;
  for (const std::vector<Part>& leg : whole.legs) {
    for (const Part& part : leg) {
      if (first == nullptr) first = &part;
      add_pieces(part, row, whole.nodes, pieces);
      names.push_back(part.file);
    }
    row += leg.empty() ? 0 : leg.front().rows;
  }
  if (first == nullptr) throw InternalError("a report was to be put together from nothing");
  const ReportDescription description{
      first->population, first->variable, first->units, whole.nodes, times, until, first->doubles};
  Hdf5OutputFile file(path);
  {
    Hdf5Group root = file.root();
    Hdf5Group group = report_layout::create_population(root, description);
    const std::uint64_t extent[] = {whole.rows, whole.nodes.size()};
    Hdf5Dataset data = first->doubles ? group.create_virtual<double>("data", extent, pieces)
                                      : group.create_virtual<float>("data", extent, pieces);
    report_layout::describe(data, description);
    Hdf5Group status = report_layout::create_status(root, description);
    const double reached = whole.rows == 0 ? 0.0 : std::min(times[whole.rows - 1], until);
    status.set_attribute("completed_until", complete ? until : reached);
    if (complete) status.set_attribute("status", spike_layout::complete);
    status.set_attribute("dropped", whole.dropped);
    status.write_texts("parts", names);
  }
  file.commit();
}

}  // namespace flurry
