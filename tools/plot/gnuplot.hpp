// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace flurry {

/// True where the program `gnuplot` can be run.
[[nodiscard]] bool gnuplot_available();

/// A picture as gnuplot is told to draw it; data stands in the script as named blocks.
struct Picture {
  std::string name;    // file name without extension
  std::string script;  // everything but terminal and output
  int width = 900;     // pixels
  int height = 520;
};

/// Draws a picture to FOLDER/NAME.svg and FOLDER/NAME.png; returns the path of the PNG. SystemError where
/// gnuplot is missing, naming the package, or refuses, quoting it. No half picture is left.
std::filesystem::path draw(const Picture& picture, const std::filesystem::path& folder);

/// Draws a picture of several plots, one after the other, to FOLDER/NAME.gif, twelve in a second; returns its
/// path. Errors as draw()'s.
std::filesystem::path draw_animation(const Picture& picture, const std::filesystem::path& folder);

/// A data block for a script: "$NAME << EOD ... EOD". `rows` are lines of numbers.
[[nodiscard]] std::string data_block(std::string_view name, std::string_view rows);

/// Text that gnuplot prints as it is: no markup, quotes kept.
[[nodiscard]] std::string gnuplot_text(std::string_view text);

/// Grid, borders and fonts common to all pictures.
[[nodiscard]] std::string common_style();

}  // namespace flurry
