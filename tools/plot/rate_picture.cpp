// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <fmt/format.h>

#include "tools/plot/pictures.hpp"

namespace flurry {

std::optional<Picture> rate_picture(const RunReport& report) {
  const double bin = round_bin(report.duration, 200.0);
  std::string data;
  std::string plots;
  for (std::size_t i = 0; i < report.populations.size(); ++i) {
    const PopulationReport& population = report.populations[i];
    const std::vector<double> rate =
        rate_over_time(population.trains, everyone(population.trains), report.duration, bin);
    if (rate.empty()) continue;
    std::string rows;
    for (std::size_t j = 0; j < rate.size(); ++j)
      fmt::format_to(std::back_inserter(rows), "{} {:.5g}\n", (static_cast<double>(j) + 0.5) * bin, rate[j]);
    data += data_block(fmt::format("rate{}", i), rows);
    plots +=
        fmt::format("{} $rate{} using 1:2 with lines linewidth 1.6 linecolor rgb '{}' title {}",
                    plots.empty() ? "plot" : ",", i, population_colour(i), gnuplot_text(population.name));
  }
  if (plots.empty()) return std::nullopt;
  Picture picture{"rate", data, 900, 400};
  picture.script += "set title 'Population rate'\nset xlabel 'time (ms)'\n";
  picture.script += fmt::format("set ylabel 'spikes per neuron and second (bins of {:g} ms)'\n", bin);
  picture.script += fmt::format("set xrange [0:{}]\nset yrange [0:*]\nset offsets 0,0,graph 0.2,0\n{}\n",
                                report.duration, plots);
  return picture;
}

}  // namespace flurry
