// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/report_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

constexpr std::size_t most_traces = 5;
constexpr std::size_t most_trace_rows = 2000;   // beyond, the beginning is shown
constexpr std::size_t most_band_rows = 500;     // beyond, every n-th row
constexpr std::size_t least_for_a_band = 10;    // neurons
constexpr std::size_t most_values = 1U << 20U;  // read at once

std::vector<std::size_t> shown_neurons(std::size_t neurons) {
  const std::size_t count = std::min(neurons, most_traces);
  std::vector<std::size_t> shown(count);
  for (std::size_t i = 0; i < count; ++i) shown[i] = i * neurons / count;
  return shown;
}

// Time, then the shown neurons.
std::string trace_rows(const ReportFile& report, std::size_t population,
                       const std::vector<std::size_t>& shown) {
  const ReportInfo& info = report.populations()[population];
  const std::size_t rows = std::min(info.times.size(), most_trace_rows);
  const std::size_t neurons = info.node_ids.size();
  const std::size_t at_once = std::max<std::size_t>(1, most_values / neurons);
  std::vector<double> values;
  std::string text;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % at_once == 0) values = report.rows(population, row, std::min(at_once, rows - row));
    fmt::format_to(std::back_inserter(text), "{}", info.times[row]);
    for (const std::size_t neuron : shown)
      fmt::format_to(std::back_inserter(text), " {:.6g}", values[row % at_once * neurons + neuron]);
    text += '\n';
  }
  return text;
}

// The value that a share of `sorted` lies below.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

// Time, 10 %, median, 90 %; a gap where rows are missing.
std::string band_rows(const ReportFile& report, std::size_t population) {
  const ReportInfo& info = report.populations()[population];
  const std::size_t step = (info.times.size() + most_band_rows - 1) / most_band_rows;
  std::string text;
  for (std::size_t row = 0; row < info.times.size(); row += step) {
    std::vector<double> values = report.rows(population, row, 1);
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) {
      text += '\n';
      continue;
    }
    std::sort(values.begin(), values.end());
    fmt::format_to(std::back_inserter(text), "{} {:.6g} {:.6g} {:.6g}\n", info.times[row],
                   quantile(values, 0.1), quantile(values, 0.5), quantile(values, 0.9));
  }
  return text;
}

std::string axis(const ReportInfo& info) {
  if (info.units.empty()) return info.variable;
  return fmt::format("{} ({})", info.variable, info.units);
}

std::string trace_plots(const ReportInfo& info, const std::vector<std::size_t>& shown) {
  std::string plots;
  for (std::size_t i = 0; i < shown.size(); ++i)
    plots += fmt::format("{} $traces using 1:{} with lines linewidth 1.2 linecolor rgb '{}' title {}",
                         i == 0 ? "plot" : ",", i + 2, population_colour(i),
                         gnuplot_text(fmt::format("neuron {}", info.node_ids[shown[i]])));
  return plots;
}

Picture picture_of(const ReportFile& report, std::size_t population, const std::string& name) {
  const ReportInfo& info = report.populations()[population];
  const std::vector<std::size_t> shown = shown_neurons(info.node_ids.size());
  const std::size_t neurons = info.node_ids.size();
  const bool has_band = neurons >= least_for_a_band && info.times.size() > 1;
  std::string data = data_block("traces", trace_rows(report, population, shown));
  if (has_band) data += data_block("band", band_rows(report, population));
  Picture picture{name, data, 1000, has_band ? 640 : 380};
  const bool cut = info.times.size() > most_trace_rows;
  if (has_band) picture.script += "set multiplot layout 2,1\n";
  picture.script += fmt::format(
      "set title {}\nset xlabel 'time (ms)'\nset ylabel {}\nset key outside right top\nset rmargin 20\n{}\n",
      gnuplot_text(fmt::format(
          "{}: {}{}", info.population, info.variable,
          cut ? fmt::format(", the first {:g} ms", info.times[most_trace_rows] - info.times[0]) : "")),
      gnuplot_text(axis(info)), trace_plots(info, shown));
  if (!has_band) return picture;
  picture.script += fmt::format(
      "set title {}\nplot $band using 1:2:4 with filledcurves linecolor rgb '#c6d9ec' title '80 % of "
      "neurons',"
      " $band using 1:3 with lines linewidth 1.4 linecolor rgb '{}' title 'median'\nunset multiplot\n",
      gnuplot_text(fmt::format("all {} neurons recorded", grouped(neurons))), population_colour(0));
  return picture;
}

}  // namespace

std::vector<Picture> report_pictures(const ReportFile& report) {
  std::vector<Picture> pictures;
  const std::vector<ReportInfo>& populations = report.populations();
  for (std::size_t i = 0; i < populations.size(); ++i)
    if (!populations[i].times.empty() && !populations[i].node_ids.empty())
      pictures.push_back(
          picture_of(report, i, populations.size() == 1 ? "traces" : "traces_" + populations[i].population));
  if (pictures.empty()) throw UsageError("the report holds no samples, so there is nothing to draw");
  return pictures;
}

}  // namespace flurry
