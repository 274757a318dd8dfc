// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

constexpr double most_rows = 600.0;  // neurons shown
constexpr double fewest_rows = 60.0;
constexpr std::size_t spikes_in_all =
    30'000;  // dots shown; fewer neurons first, then less time, to keep to it

struct Band {
  std::string name;
  std::string sorted_by;  // "" where not sorted
  std::size_t first = 0;  // row
  std::size_t rows = 0;
};

// Which neurons of a population are shown, bottom to top: evenly spaced among those sorted by time constant.
std::vector<std::size_t> shown(const PopulationReport& population, std::size_t rows) {
  std::vector<std::size_t> order = everyone(population.trains);
  for (const ParameterReport& parameter : population.parameters)
    if (parameter.name == population.tau) order = order_by(parameter.values);
  std::vector<std::size_t> sample;
  for (std::size_t i = 0; i < rows; ++i) sample.push_back(order[i * order.size() / rows]);
  return sample;
}

// Rows in all: as many as their spikes leave room for.
double rows_in_all(const RunReport& report, double neurons) {
  double spikes = 0.0;
  for (const PopulationReport& population : report.populations)
    spikes += static_cast<double>(population.statistics.spikes);
  const double room = static_cast<double>(spikes_in_all) * neurons / std::max(spikes, 1.0);
  return std::clamp(room, fewest_rows, most_rows);
}

std::size_t share(const PopulationReport& population, double neurons, double rows) {
  const auto own = static_cast<std::size_t>(static_cast<double>(population.trains.size()) / neurons * rows);
  return std::min(population.trains.size(), std::max<std::size_t>(own, 20));
}

// Dots of one population; `until` ms is as far as the picture goes.
std::string dots(const PopulationReport& population, const Band& band, double until) {
  std::string rows;
  const std::vector<std::size_t> sample = shown(population, band.rows);
  for (std::size_t row = 0; row < sample.size(); ++row)
    for (const double time : population.trains[sample[row]])
      if (time <= until) fmt::format_to(std::back_inserter(rows), "{:.3f} {}\n", time, band.first + row);
  return rows;
}

double time_shown(const RunReport& report, const std::vector<Band>& bands) {
  std::vector<double> times;
  for (std::size_t i = 0; i < bands.size(); ++i)
    for (const std::size_t neuron : shown(report.populations[i], bands[i].rows))
      times.insert(times.end(), report.populations[i].trains[neuron].begin(),
                   report.populations[i].trains[neuron].end());
  if (times.size() <= spikes_in_all) return report.duration;
  const auto cut = times.begin() + static_cast<std::ptrdiff_t>(spikes_in_all);
  std::nth_element(times.begin(), cut, times.end());
  return *cut;
}

std::vector<Band> bands_of(const RunReport& report) {
  double neurons = 1e-9;
  for (const PopulationReport& population : report.populations)
    neurons += static_cast<double>(population.trains.size());
  const double in_all = rows_in_all(report, neurons);
  std::vector<Band> bands;
  std::size_t next = 0;
  for (const PopulationReport& population : report.populations) {
    const std::size_t rows = share(population, neurons, in_all);
    bands.push_back({population.name, population.tau, next, rows});
    next += rows + (rows > 0 ? 4 : 0);
  }
  return bands;
}

}  // namespace

std::optional<Picture> raster_picture(const RunReport& report) {
  const std::vector<Band> bands = bands_of(report);
  std::size_t top = 0;
  std::string data;
  std::string labels;
  std::string plots;
  const double until = time_shown(report, bands);
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const std::string rows = dots(report.populations[i], bands[i], until);
    if (bands[i].rows == 0) continue;
    top = bands[i].first + bands[i].rows;
    const double middle = static_cast<double>(bands[i].first) + 0.5 * static_cast<double>(bands[i].rows);
    labels += fmt::format("{} {}", labels.empty() ? "set ytics (" : ", ", gnuplot_text(bands[i].name)) +
              fmt::format(" {}", middle);
    if (rows.empty()) continue;
    data += data_block(fmt::format("spikes{}", i), rows);
    plots += fmt::format(
        "{} $spikes{} using 1:2 with points pointtype 7 pointsize 0.12 linecolor rgb '{}' notitle",
        plots.empty() ? "plot" : ",", i, population_colour(i));
  }
  if (plots.empty()) return std::nullopt;
  const bool sorted =
      std::any_of(bands.begin(), bands.end(), [](const Band& band) { return !band.sorted_by.empty(); });
  Picture picture{"raster", data, 900, 560};
  picture.script +=
      fmt::format("set title 'Spikes{}'\n",
                  sorted ? ", neurons sorted by membrane time constant: fast below, slow above" : "");
  picture.script += "set xlabel 'time (ms)'\nset ylabel 'neurons (sample)'\n";
  picture.script += labels + ")\nunset grid\nunset key\n";
  picture.script += fmt::format("set xrange [0:{}]\nset yrange [-4:{}]\n", until, top + 4);
  picture.script += plots + "\n";
  return picture;
}

}  // namespace flurry
