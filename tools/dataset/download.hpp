// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace flurry {

/// Told how many bytes are there and how many there will be (0: not known).
using DownloadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Downloads into `partial`. Bytes already there are kept where the server can go on behind them (HTTP range
/// requests), else fetched anew. SystemError: no network, an answer other than success, a full disk;
/// Interrupted if the user asks to stop. In each case what came so far stays.
void download(const std::string& url, const std::filesystem::path& partial, const DownloadProgress& progress);

}  // namespace flurry
