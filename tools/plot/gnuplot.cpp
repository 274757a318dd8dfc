// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/gnuplot.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int code = 0;
  std::string output;
};

Outcome run_shell(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw SystemError("cannot start a shell to run gnuplot");
  Outcome outcome;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    outcome.output.append(buffer.data(), got);
  const int status = pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  return outcome;
}

// A file that is gone when this is.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

enum class Terminal { svg, png, gif };

std::string terminal_text(const Picture& picture, Terminal terminal) {
  if (terminal == Terminal::gif)
    return fmt::format(
        "set terminal gif animate delay 8 loop 0 optimize noenhanced font 'DejaVu Sans,12' size {},{}\n",
        picture.width, picture.height);
  if (terminal == Terminal::png)
    return fmt::format("set terminal pngcairo noenhanced font 'DejaVu Sans,20' size {},{} linewidth 2\n",
                       2 * picture.width, 2 * picture.height);
  return fmt::format(
      "set terminal svg noenhanced font 'DejaVu Sans,Helvetica,sans-serif,13' size {},{} background "
      "'#ffffff'\n",
      picture.width, picture.height);
}

void draw_one(const Picture& picture, const fs::path& target, Terminal terminal) {
  const TemporaryFile script(target.string() + ".gp.partial");
  const TemporaryFile drawn(target.string() + ".partial");
  std::ofstream file(script.path());
  file << terminal_text(picture, terminal) << "set output " << gnuplot_text(drawn.path().string()) << "\n"
       << common_style() << picture.script << "unset output\n";
  file.close();
  if (!file) throw SystemError("cannot write " + script.path().string() + "; is the disk full?");
  const Outcome outcome = run_shell("gnuplot " + shell_quoted(script.path().string()) + " 2>&1");
  std::error_code failed;
  const bool something = fs::file_size(drawn.path(), failed) > 0 && !failed;
  if (outcome.code != 0 || !something)
    throw SystemError("gnuplot could not draw " + target.string() + ": " + outcome.output);
  fs::rename(drawn.path(), target, failed);
  if (failed) throw SystemError("cannot write " + target.string() + ": " + failed.message());
}

void check_place(const fs::path& folder) {
  if (!gnuplot_available())
    throw SystemError(
        "gnuplot is not installed, and pictures are drawn by it; install the package gnuplot-nox (or "
        "gnuplot)");
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw SystemError("cannot make the folder " + folder.string() + ": " + failed.message());
}

}  // namespace

bool gnuplot_available() { return run_shell("command -v gnuplot 2>/dev/null").code == 0; }

fs::path draw(const Picture& picture, const fs::path& folder) {
  check_place(folder);
  draw_one(picture, folder / (picture.name + ".svg"), Terminal::svg);
  fs::path png = folder / (picture.name + ".png");
  draw_one(picture, png, Terminal::png);
  return png;
}

fs::path draw_animation(const Picture& picture, const fs::path& folder) {
  check_place(folder);
  fs::path gif = folder / (picture.name + ".gif");
  draw_one(picture, gif, Terminal::gif);
  return gif;
}

std::string data_block(std::string_view name, std::string_view rows) {
  return fmt::format("${} << EOD\n{}EOD\n", name, rows);
}

std::string gnuplot_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c == '\n' ? ' ' : c);
  return result + "'";
}

std::string common_style() {
  return "set encoding utf8\n"
         "set border 3 linecolor rgb '#444444'\n"
         "set tics nomirror out scale 0.6 textcolor rgb '#222222'\n"
         "set grid ytics linecolor rgb '#e4e4e4' linewidth 1 linetype 1\n"
         "set key top right Left reverse opaque box linecolor rgb '#dddddd' samplen 2 spacing 1.2 width 1\n"
         "set title offset 0,-0.3\n";
}

}  // namespace flurry
