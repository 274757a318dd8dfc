// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/pictures.hpp"

#include <array>

namespace flurry {

std::string population_colour(std::size_t index) {
  // After Okabe and Ito (2008), Color Universal Design.
  constexpr std::array<const char*, 6> colours{"#0072b2", "#d55e00", "#009e73",
                                               "#cc79a7", "#56b4e9", "#e69f00"};
  return colours[index % colours.size()];
}

std::vector<Picture> all_pictures(const RunReport& report) {
  std::vector<Picture> pictures;
  for (const auto& picture :
       {raster_picture(report), rate_picture(report), time_constant_picture(report), energy_picture(report)})
    if (picture) pictures.push_back(*picture);
  return pictures;
}

}  // namespace flurry
