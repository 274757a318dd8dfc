// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace flurry {

/// One file of a public data set.
struct PublicFile {
  std::string_view name;
  std::string_view url;
  std::string_view checksum;  // MD5 (32 digits) or SHA-256 (64) as published; "" where none is
  std::uint64_t bytes = 0;    // 0 where not known
};

struct PublicDataset {
  std::string_view name;  // "shd"
  std::string_view title;
  std::string_view page;   // of its owners: terms of use, citation
  std::string_view after;  // what to do with the files
  bool by_hand = false;    // the owners ask for consent in a browser
  std::span<const PublicFile> files;
};

/// Data sets that `flurry dataset fetch` knows, with the checksums in use by the field's loaders.
[[nodiscard]] std::span<const PublicDataset> public_datasets();

}  // namespace flurry
