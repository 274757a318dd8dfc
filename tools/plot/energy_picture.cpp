// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

constexpr double joules_per_picojoule = 1e-12;

void row(std::string& rows, double x, const EnergyEstimate& estimate) {
  const EnergyBand& total = estimate.total();
  fmt::format_to(std::back_inserter(rows), "{} {:.6g} {:.6g} {:.6g}\n", x, total.value * joules_per_picojoule,
                 total.low * joules_per_picojoule, total.high * joules_per_picojoule);
}

// Bars on a logarithmic axis need a floor: the decade below the smallest bar.
double floor_of(const std::vector<const EnergyReport*>& energies) {
  double lowest = 1e300;
  for (const EnergyReport* energy : energies)
    for (const EnergyEstimate* estimate :
         {&energy->event_driven, &energy->sparse_steps, &energy->dense_steps})
      if (estimate->total().low > 0.0)
        lowest = std::min(lowest, estimate->total().low * joules_per_picojoule);
  return std::pow(10.0, std::floor(std::log10(lowest)) - 1.0);
}

std::string bars(const char* block, const char* colour, const std::string& title) {
  return fmt::format(
      "${0} using 1:2:(0.24) with boxes fillcolor rgb '{1}' title {2}, ${0} using 1:2:3:4 with "
      "yerrorbars pointtype 0 linewidth 1 linecolor rgb '#333333' notitle",
      block, colour, gnuplot_text(title));
}

}  // namespace

std::optional<Picture> energy_picture(const RunReport& report) {
  std::vector<const EnergyReport*> shown;
  for (const EnergyReport& energy : report.energies)
    if (energy.event_driven.has_total() && energy.event_driven.total().value > 0.0) shown.push_back(&energy);
  if (shown.empty()) return std::nullopt;
  std::string event;
  std::string sparse;
  std::string dense;
  std::string tics;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto x = static_cast<double>(i);
    row(event, x - 0.26, shown[i]->event_driven);
    row(sparse, x, shown[i]->sparse_steps);
    row(dense, x + 0.26, shown[i]->dense_steps);
    tics +=
        fmt::format("{}{} {}", tics.empty() ? "" : ", ",
                    gnuplot_text(fmt::format("{} [{}]", shown[i]->profile.name, shown[i]->profile.scope)), i);
  }
  Picture picture{"energy",
                  data_block("event", event) + data_block("sparse", sparse) + data_block("dense", dense),
                  std::max(720, 260 + 110 * static_cast<int>(shown.size())), 600};
  picture.script +=
      "set title 'Estimated energy: exact counts x published prices (bars nominal, whiskers low to high)'\n"
      "set ylabel 'energy (J)'\nset logscale y\nset format y '10^{%T}'\nset termoption enhanced\n"
      "set style fill solid 0.9 noborder\nset key outside top center horizontal nobox width -4 maxrows "
      "1\nset xtics rotate by "
      "25 right\nset lmargin 16\nset bmargin 7\n";
  picture.script += fmt::format("set xtics ({}) noenhanced\nset xrange [-0.6:{}]\nset yrange [{}:*]\n", tics,
                                static_cast<double>(shown.size()) - 0.4, floor_of(shown));
  picture.script += "plot " + bars("event", "#0072b2", "event-driven (this run)") + ", " +
                    bars("sparse", "#e69f00", fmt::format("time-stepped, {:g} ms", report.step)) + ", " +
                    bars("dense", "#999999", fmt::format("dense time-stepped, {:g} ms", report.step)) + "\n";
  return picture;
}

}  // namespace flurry
