// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/text_spikes.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "core/base/units.hpp"
#include "io/recording/byte_source.hpp"
#include "io/recording/output_file.hpp"
#include "io/spikes/text_layout.hpp"

namespace flurry {
namespace {

constexpr std::size_t longest_line = 65536;
constexpr std::size_t text_buffer_bytes = std::size_t{1} << 20U;
constexpr std::size_t flush_bytes = std::size_t{1} << 18U;

/// The lines of a file, one after another, numbered from 1.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& path) : source_(path, text_buffer_bytes) {}

  /// False at the end. The line is good until the next call.
  bool next(std::string_view& line) {
    source_.consume(used_);
    used_ = 0;
    std::size_t end = source_.unread().find('\n');
    if (end == std::string_view::npos) {
      source_.fill();
      end = source_.unread().find('\n');
    }
    const std::string_view rest = source_.unread();
    if (rest.empty()) return false;
    ++number_;
    line = rest.substr(0, end);
    if (line.size() > longest_line)
      throw FormatError(where() + " is longer than " + std::to_string(longest_line) +
                        " bytes; expected one spike a line");
    used_ = std::min(rest.size(), end == std::string_view::npos ? rest.size() : end + 1);
    return true;
  }
  /// The next line that is neither empty nor a comment.
  bool next_content(std::string_view& line) {
    while (next(line)) {
      line = trimmed(line);
      if (!line.empty() && line.front() != '#') return true;
    }
    return false;
  }
  [[nodiscard]] std::string where() const { return source_.path().string() + ":" + std::to_string(number_); }

 private:
  ByteSource source_;
  std::size_t used_ = 0;
  std::uint64_t number_ = 0;
};

[[noreturn]] void refuse_cell(const Lines& lines, std::string_view cell, const char* what) {
  throw FormatError(lines.where() + ": '" + std::string(cell.substr(0, 40)) + "' is no " + what);
}

/// Puts lines into populations.
class SpikeTable {
 public:
  SpikeTable(SpikeTextLayout layout, SpikeUnit unit) : layout_(std::move(layout)), unit_(unit) {}

  void add(std::string_view line, const Lines& lines) {
    split_cells(line, layout_.separator, cells_);
    if (cells_.size() != layout_.columns)
      throw FormatError(lines.where() + ": " + std::to_string(cells_.size()) + " cells; expected " +
                        std::to_string(layout_.columns) + " as in the first line");
    const auto id = find_natural(cells_[layout_.id]);
    if (!id) refuse_cell(lines, cells_[layout_.id], "id; expected a whole number, 0 or more");
    const auto time = find_finite(cells_[layout_.time]);
    if (!time) refuse_cell(lines, cells_[layout_.time], "time; expected a finite number");
    PopulationSpikes& spikes = population(layout_.population ? cells_[*layout_.population] : "");
    spikes.times.push_back(unit_.milliseconds(*time));
    spikes.ids.push_back(*id);
  }
  [[nodiscard]] SpikeFile take() {
    if (!layout_.population) file_.populations[""];  // also where there is no spike
    return std::move(file_);
  }

 private:
  PopulationSpikes& population(std::string_view name) {
    if (last_ == nullptr || name != last_name_) {
      last_name_ = name;
      last_ = &file_.populations[last_name_];
    }
    return *last_;
  }

  SpikeTextLayout layout_;
  SpikeUnit unit_;
  SpikeFile file_;
  std::vector<std::string_view> cells_;
  std::string last_name_;
  PopulationSpikes* last_ = nullptr;
};

SpikeTextLayout layout_of(std::string_view line, const Lines& lines) {
  if (counts_steps(line))
    throw UsageError(lines.where() +
                     ": times are counted in steps of a resolution that the file does not "
                     "name; write them in ms (NEST: time_in_steps = false)");
  std::optional<SpikeTextLayout> layout = find_text_layout(line);
  if (!layout)
    throw FormatError(lines.where() + ": '" + std::string(line.substr(0, 40)) +
                      "' begins no list of spikes; expected a header such as 'time_ms,id', or lines of an id "
                      "and a time with a space between them");
  return *std::move(layout);
}

bool is_text_throughout(std::string_view head) {
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 32 || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

// A whole number and a time.
bool is_plain_row(std::string_view line, const SpikeTextLayout& layout) {
  std::vector<std::string_view> cells;
  split_cells(line, layout.separator, cells);
  return cells.size() == 2 && find_natural(cells[0]) && find_finite(cells[1]);
}

void expect_cell(const std::string& population) {
  if (population.find_first_of(",;\"\n\r#") != std::string::npos || trimmed(population) != population)
    throw UsageError("population '" + population +
                     "' cannot be written to a CSV file; its name must not "
                     "contain commas, semicolons, quotes, '#', ends of lines or spaces at its ends");
}

/// Lines of text into a file that is there whole or not at all.
class LineFile {
 public:
  explicit LineFile(const std::filesystem::path& path) : file_(path) {}
  void add(const std::string& line) {
    bytes_ += line;
    bytes_ += '\n';
    if (bytes_.size() >= flush_bytes) flush();
  }
  void close() {
    flush();
    file_.commit();
  }

 private:
  void flush() {
    file_.append(bytes_);
    bytes_.clear();
  }
  OutputFile file_;
  std::string bytes_;
};

// The format where the first line that is no comment decides it: a header, or what begins no list.
std::optional<std::string_view> format_by_first(std::string_view line,
                                                const std::optional<SpikeTextLayout>& layout) {
  if (!layout) return counts_steps(line) ? "gdf" : "";
  if (!layout->header) return std::nullopt;
  return layout->nest && layout->separator == ' ' ? "gdf" : "csv";
}

}  // namespace

std::string_view recognise_text_spikes(std::string_view head) {
  if (!is_text_throughout(head)) return "";
  std::optional<SpikeTextLayout> layout;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const bool whole = end < head.size();  // or the head was cut within the line
    const std::string_view line = trimmed(head.substr(0, end));
    head.remove_prefix(std::min(end + 1, head.size()));
    if (line.empty() || line.front() == '#') continue;
    if (!layout) {
      layout = find_text_layout(line);
      if (const auto format = format_by_first(line, layout)) return *format;
    } else if (whole && !is_plain_row(line, *layout)) {
      return "";
    }
  }
  return layout ? "gdf" : "";
}

SpikeFile read_text_spikes(const std::filesystem::path& path, std::string_view format,
                           const std::string& unit) {
  Lines lines(path);
  std::string_view line;
  if (!lines.next_content(line))
    throw FormatError(path.string() + " is empty; expected a list of spikes, one a line");
  const SpikeTextLayout layout = layout_of(line, lines);
  const bool addresses = layout.addresses || (format == "aer" && !layout.header);
  SpikeTable table(layout, choose_spike_unit(layout.unit, unit, addresses ? "us" : "ms", path.string()));
  if (!layout.header) table.add(line, lines);
  while (lines.next_content(line)) table.add(line, lines);
  return table.take();
}

void write_csv_spikes(const std::filesystem::path& path, const SpikeFile& file) {
  const bool named = file.populations.size() > 1 ||
                     (file.populations.size() == 1 && !file.populations.begin()->first.empty());
  for (const auto& [name, spikes] : file.populations) expect_cell(name);
  LineFile lines(path);
  lines.add(named ? "time_ms,population,id" : "time_ms,id");
  for (const auto& [name, spikes] : file.populations)
    for (std::size_t i = 0; i < spikes.times.size(); ++i)
      lines.add(shortest(spikes.times[i]) + ',' + (named ? name + ',' : "") + std::to_string(spikes.ids[i]));
  lines.close();
}

void write_gdf_spikes(const std::filesystem::path& path, const SpikeFile& file) {
  if (file.populations.size() > 1)
    throw UsageError("a GDF file holds one population, not " + std::to_string(file.populations.size()) +
                     "; write CSV or SONATA instead");
  LineFile lines(path);
  for (const auto& [name, spikes] : file.populations)
    for (std::size_t i = 0; i < spikes.times.size(); ++i)
      lines.add(std::to_string(spikes.ids[i]) + '\t' + shortest(spikes.times[i]));
  lines.close();
}

}  // namespace flurry
