// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/report/report_file.hpp"

namespace flurry {
namespace {

// Elements of one node follow each other.
std::vector<std::uint64_t> nodes_of_elements(const Hdf5Group& mapping, std::uint64_t elements) {
  const std::vector<std::uint64_t> nodes = mapping.dataset("node_ids").read_list<std::uint64_t>();
  const char* name = mapping.has_dataset("index_pointers") ? "index_pointers" : "index_pointer";
  const Hdf5Dataset list = mapping.dataset(name);
  const std::vector<std::uint64_t> pointers = list.read_list<std::uint64_t>();
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < nodes.size() && i < pointers.size(); ++i) {
    const std::uint64_t end = i + 1 < pointers.size() ? pointers[i + 1] : elements;
    if (end < pointers[i] || end > elements)
      throw FormatError("'" + list.where() + "' points to element " + std::to_string(end) + "; there are " +
                        std::to_string(elements));
    result.insert(result.end(), end - pointers[i], nodes[i]);
  }
  if (result.size() != elements)
    throw FormatError("'" + mapping.where() + "' tells the nodes of " + std::to_string(result.size()) +
                      " elements; the data has " + std::to_string(elements));
  return result;
}

std::vector<double> times_of_rows(const Hdf5Group& mapping, std::uint64_t rows) {
  std::vector<double> times;
  if (mapping.has_dataset("times")) {
    times = mapping.dataset("times").read_list<double>();
    if (times.size() < rows)
      throw FormatError("'" + mapping.where() + "' lists " + std::to_string(times.size()) +
                        " times; the data has " + std::to_string(rows));
    times.resize(rows);
    return times;
  }
  const Hdf5Dataset list = mapping.dataset("time");
  const std::vector<double> time = list.read_list<double>();
  if (time.size() != 3 || !(time[2] > 0.0) || !(time[0] >= 0.0))
    throw FormatError("'" + list.where() + "' is no start, stop and step > 0");
  const SampleTimes regular = SampleTimes::every(time[2], time[0]);
  for (std::uint64_t row = 0; row < rows; ++row) times.push_back(regular[row]);
  return times;
}

}  // namespace

struct ReportFile::Content {
  explicit Content(const std::filesystem::path& path) : file(Hdf5File::open(path)) {}
  Hdf5File file;
  std::vector<Hdf5Dataset> data;
  std::vector<ReportInfo> populations;
};

ReportFile::ReportFile(const std::filesystem::path& path) : content_(std::make_unique<Content>(path)) {
  const Hdf5Group root = content_->file.root();
  if (!root.has_group("report"))
    throw FormatError("'" + path.string() + "' is no report: it has no group '/report'");
  const Hdf5Group report = root.group("report");
  for (const std::string& name : report.members()) {
    if (!report.has_group(name)) continue;
    const Hdf5Group group = report.group(name);
    Hdf5Dataset data = group.dataset("data");
    const std::vector<std::uint64_t> shape = data.shape();
    if (shape.size() != 2) throw FormatError("'" + data.where() + "' is no matrix; expected time x element");
    const Hdf5Group mapping = group.group("mapping");
    ReportInfo info;
    info.population = name;
    info.variable = data.find_text("variable").value_or("");
    info.units = data.find_text("units").value_or("");
    info.node_ids = nodes_of_elements(mapping, shape[1]);
    info.times = times_of_rows(mapping, shape[0]);
    if (root.has_group("provenance")) {
      const Hdf5Group provenance = root.group("provenance");
      info.status = provenance.find_text("status").value_or("");
      info.completed_until = provenance.find_number("completed_until").value_or(0.0);
      info.dropped = provenance.find_natural("dropped").value_or(0);
    }
    content_->data.push_back(std::move(data));
    content_->populations.push_back(std::move(info));
  }
}

ReportFile::~ReportFile() = default;

const std::vector<ReportInfo>& ReportFile::populations() const { return content_->populations; }

std::vector<double> ReportFile::rows(std::size_t population, std::uint64_t first, std::uint64_t count) const {
  std::vector<double> values(count * content_->populations[population].node_ids.size());
  content_->data[population].read_rows<double>(first, values);
  return values;
}

bool is_report_file(const std::filesystem::path& path) {
  try {
    return Hdf5File::is_hdf5(path) && Hdf5File::open(path).root().has_group("report");
  } catch (const Error&) {
    return false;
  }
}

}  // namespace flurry
