// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// What a network file or the command line asks to record of one population.
struct RecordDescription {
  std::string name;
  std::string population;
  std::vector<std::string> variables;                           // of the model's `recordables`, or "spikes"
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;  // first and last neuron; none: all
  std::optional<std::uint32_t> sample;                          // only so many of them, drawn at random
  std::uint64_t seed = 1;                                       // of the draw
  double interval = 1.0;                                        // ms
  double start = 0.0;                                           // ms
  std::optional<double> stop;                                   // ms; none: the end of the run
  std::vector<double> times;                                    // ms, instead of an interval
  bool double_precision = false;
  std::string where;  // for messages
};

/// The tables of [record]. UsageError naming file and line for what is not allowed or not there.
[[nodiscard]] std::vector<RecordDescription> read_records(const Document& document,
                                                          const NetworkDescription& network,
                                                          const Catalogue& catalogue);

/// The same from the text of a network file; `network`: as read from it, `origin` names it in messages.
[[nodiscard]] std::vector<RecordDescription> read_records(const std::string& text, const std::string& origin,
                                                          const std::vector<std::string>& settings,
                                                          const NetworkDescription& network,
                                                          const Catalogue& catalogue);

/// "E.V_m,neurons=0-99,interval=0.1ms", as on the command line.
[[nodiscard]] RecordDescription parse_record(const std::string& text, const NetworkDescription& network,
                                             const Catalogue& catalogue);

}  // namespace flurry
