// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// "csv" or "gdf" where text that begins with `head` is a list of spikes: a header that names a column of
/// times and one of ids, or rows of a whole number and a time; "" where it is none.
[[nodiscard]] std::string_view recognise_text_spikes(std::string_view head);

/// A list of spikes as text, one a line, cells separated by commas, semicolons, or spaces and tabs; '#' opens
/// a comment. Read in bounded memory but for the spikes themselves.
///
/// With a header: a column of times (`time`, `t`, `timestamps`, ...), one of ids (`id`, `i`, `sender`,
/// `node_ids`, ...), perhaps `population`, others are passed over; the unit stands behind the name
/// (`time_ms`, `t [s]`), else times are in ms, beside `address` in us. Without a header: `id time`, in ms
/// (GDF, as NEST writes), or for the format "aer" `address time` in us; a separator other than space and tab
/// needs a header.
///
/// FormatError naming the line for what does not fit; UsageError for times in steps.
[[nodiscard]] SpikeFile read_text_spikes(const std::filesystem::path& path, std::string_view format,
                                         const std::string& unit);

/// `time_ms,id`, with `population` between them where a population has a name.
void write_csv_spikes(const std::filesystem::path& path, const SpikeFile& file);
/// `id<tab>time`, in ms, without a header. UsageError for more than one population.
void write_gdf_spikes(const std::filesystem::path& path, const SpikeFile& file);

}  // namespace flurry
