// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/network_file/network_file.hpp"

namespace flurry::testing {

/// Four models as the reader sees them, without any behaviour.
inline Catalogue small_catalogue() {
  ModelInfo lif;
  lif.name = "lif_exp";
  lif.weight = Dimension::current;
  lif.parameters = {
      {"tau_m", Dimension::time, 10.0, {}, positive, "membrane time constant", {}},
      {"V_th", Dimension::voltage, -50.0, {}, any_value, "threshold", {}},
      {"t_ref", Dimension::time, 2.0, {}, not_negative, "refractory time", {{"pynn", "tau_refrac", 1.0}}},
      {"leak", Dimension::number, 0.5, {}, Range{0.0, 1.0, false}, "a fraction", {}},
  };
  ModelInfo poisson;
  poisson.name = "poisson";
  poisson.is_source = true;
  poisson.parameters = {{"rate", Dimension::rate, 0.0, {}, not_negative, "rate", {}},
                        {"stop", Dimension::time, 0.0, {}, Range{}, "end", {}}};
  poisson.options = {{"profile", true, {Dimension::time, Dimension::rate}, "steps"}};
  ModelInfo recording;
  recording.name = "recording";
  recording.is_source = true;
  recording.options = {{"file", false, {}, "a recording"}, {"polarity", false, {}, "merge or separate"}};
  ModelInfo trains;
  trains.name = "spike_trains";
  trains.is_source = true;
  trains.options = {{"file", false, {}, "spikes"}, {"times", true, {Dimension::time}, "a list for each"}};
  return Catalogue(
      {NeuronModel{lif, nullptr}},
      {SourceModel{poisson, nullptr}, SourceModel{recording, nullptr}, SourceModel{trains, nullptr}});
}

inline NetworkDescription parse(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_network_file(text, "/data/n.toml", small_catalogue(), settings);
}

/// The message of the UsageError that parsing must end in; "" where it does not.
inline std::string refusal(const std::string& text, const std::vector<std::string>& settings = {}) {
  try {
    (void)parse(text, settings);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

/// The refusal of population E of ten neurons with one more line, which is line 4 of the file.
inline std::string refusal_of_line(const std::string& line) {
  return refusal("[populations.E]\nmodel = 'lif_exp'\nsize = 10\n" + line + "\n");
}

/// Population E of ten neurons with one more line.
inline PopulationDescription population_with(const std::string& line) {
  return parse("[populations.E]\nmodel = 'lif_exp'\nsize = 10\n" + line + "\n").populations.at(0);
}

/// Two populations A (4) and B (6) and a projection from A to B whose lines are given; the first of them is
/// line 13.
inline std::string with_projection(const std::string& lines) {
  return "[populations.A]\nmodel = 'lif_exp'\nsize = 4\nlayout = { grid = [2, 2] }\n"
         "[populations.B]\nmodel = 'lif_exp'\nsize = 6\n"
         "[populations.S]\nmodel = 'poisson'\nsize = 4\n"
         "[projections.AB]\nsource = 'A'\n" +
         lines + "\n";
}

}  // namespace flurry::testing
