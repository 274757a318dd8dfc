// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/document.hpp"
#include "io/dataset/dataset.hpp"

namespace flurry {

/// Samples, classes and speakers with counts, channels, and the least, mean and largest of spikes and
/// duration (time of the last spike, s) over samples. Reads every sample, one at a time.
[[nodiscard]] Document dataset_info(Dataset& dataset, const DatasetProgress& progress);

/// The same for people.
[[nodiscard]] std::string dataset_info_text(const Document& info);

}  // namespace flurry
