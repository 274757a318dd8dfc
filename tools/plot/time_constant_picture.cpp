// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

std::string bin_rows(const ParameterReport& tau) {
  std::string rows;
  for (const ParameterBin& bin : tau.bins) {
    const double error =
        bin.rate.count > 1 ? bin.rate.sd / std::sqrt(static_cast<double>(bin.rate.count)) : 0.0;
    fmt::format_to(std::back_inserter(rows), "{:.6g} {:.6g} {:.6g}\n", bin.mean, bin.rate.mean, error);
  }
  return rows;
}

std::string time_rows(const TemporalProfile& profile) {
  std::string rows;
  for (std::size_t i = 0; i < profile.fast.rate_over_time.size(); ++i)
    fmt::format_to(std::back_inserter(rows), "{} {:.5g} {:.5g}\n",
                   (static_cast<double>(i) + 0.5) * profile.bin, profile.fast.rate_over_time[i],
                   profile.slow.rate_over_time[i]);
  return rows;
}

// Left: rate against every individual time constant of the population.
std::string left(const PopulationReport& population, std::string& data) {
  std::string plots;
  std::size_t shown = 0;
  for (const ParameterReport& parameter : population.parameters) {
    if (parameter.unit != "ms") continue;
    data += data_block(fmt::format("bins{}", shown), bin_rows(parameter));
    plots += fmt::format(
        "{} $bins{} using 1:2:3 with yerrorlines pointtype 7 pointsize 0.6 linewidth 1.5 linecolor rgb '{}' "
        "title {}",
        plots.empty() ? "plot" : ",", shown, population_colour(shown + 2), gnuplot_text(parameter.name));
    ++shown;
  }
  return plots;
}

std::string right(const PopulationReport& population, std::string& data) {
  const TemporalProfile& profile = *population.profile;
  data += data_block("quarters", time_rows(profile));
  const auto range = [&](const char* name, const GroupProfile& group) {
    return gnuplot_text(fmt::format("{} quarter, {:.3g} to {:.3g} ms", name, group.tau_low, group.tau_high));
  };
  return fmt::format(
      "set title {}\nset xlabel 'time (ms)'\nunset logscale x\nset xtics autofreq\nset xrange [0:*]\n"
      "plot $quarters using 1:2 with lines linewidth 1.5 linecolor rgb '#e69f00' title {}, "
      "$quarters using 1:3 with lines linewidth 1.5 linecolor rgb '#332288' title {}\n",
      gnuplot_text(fmt::format("{}: fast and slow cells by {} (bins of {:g} ms)", population.name,
                               population.tau, profile.bin)),
      range("fastest", profile.fast), range("slowest", profile.slow));
}

}  // namespace

std::optional<Picture> time_constant_picture(const RunReport& report) {
  const PopulationReport* shown = nullptr;
  for (const PopulationReport& population : report.populations)
    if (shown == nullptr && population.profile) shown = &population;
  if (shown == nullptr) return std::nullopt;
  std::string data;
  const std::string plots = left(*shown, data);
  const std::string second = right(*shown, data);
  Picture picture{"time_constants", data, 1100, 430};
  picture.script += "set multiplot layout 1,2\nset yrange [0:*]\nset ylabel 'spikes per neuron and second'\n";
  picture.script +=
      fmt::format("set title {}\n", gnuplot_text(shown->name + ": rate by time constant, equal groups"));
  picture.script += "set xlabel 'time constant (ms)'\nset logscale x\nset offsets 0,0,graph 0.25,0\n";
  picture.script +=
      "set xtics (1,2,5,10,20,50,100,200,500,1000)\n" + plots + "\n" + second + "unset multiplot\n";
  return picture;
}

}  // namespace flurry
