// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/spikes/spike_unit.hpp"

namespace flurry {

/// Which cell of a line of text holds what of a spike.
struct SpikeTextLayout {
  char separator = ' ';  // ' ': any run of spaces and tabs
  bool header = false;
  std::size_t columns = 0;
  std::size_t time = 0;
  std::size_t id = 0;
  std::optional<std::size_t> population;
  std::optional<std::string> unit;  // as written
  bool addresses = false;           // ids are addresses: times in us unless said otherwise
  bool nest = false;                // ids are called senders
};

/// What the first line that is no comment tells; nothing where it cannot be that of a list of spikes.
[[nodiscard]] std::optional<SpikeTextLayout> find_text_layout(std::string_view line);
/// Whether the line is a header of times in steps, which only the simulator's resolution makes times.
[[nodiscard]] bool counts_steps(std::string_view line);

/// The cells of a line, without spaces around them.
void split_cells(std::string_view line, char separator, std::vector<std::string_view>& cells);
/// The number that a cell is; nothing where it is none.
[[nodiscard]] std::optional<std::uint64_t> find_natural(std::string_view cell);
[[nodiscard]] std::optional<double> find_finite(std::string_view cell);

}  // namespace flurry
