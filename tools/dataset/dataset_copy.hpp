// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "io/dataset/dataset.hpp"

namespace flurry {

/// UsageError where `output` would be written over the data set that is read.
void expect_another_file(const std::filesystem::path& input, const std::filesystem::path& output);

/// Writes all samples in the layout of SHD; returns the number of spikes. Interrupted if the user asks to
/// stop: then no file is left.
std::uint64_t write_dataset(Dataset& dataset, const std::filesystem::path& path,
                            const DatasetProgress& progress);

/// The same in two files, each sample in one of them: `for_test` says which. Each sample is read once.
void write_split(Dataset& dataset, const std::vector<bool>& for_test, const std::filesystem::path& train,
                 const std::filesystem::path& test, const DatasetProgress& progress);

}  // namespace flurry
