// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace flurry {

/// A picture in grey: row by row from the top, 0 (black) to 1 (white).
struct NetpbmImage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<float> values;
};

/// Reads a binary PGM (P5) or PPM (P6) of 8 or 16 bits (netpbm.sourceforge.net/doc/pgm.html); of colours the
/// luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B. SystemError: missing, unreadable; FormatError: another
/// format (named where it is known), a header that does not fit the size of the file.
[[nodiscard]] NetpbmImage read_netpbm(const std::filesystem::path& path);

}  // namespace flurry
