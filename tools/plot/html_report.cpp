// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/plot/html_report.hpp"

#include "io/text/text_file.hpp"
#include "tools/analysis/report_text.hpp"
#include "tools/cli/text_output.hpp"
#include "tools/plot/pictures.hpp"

namespace flurry {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

// The <svg> element alone: an XML declaration has no place within HTML.
std::string svg_element(const std::string& text) {
  const std::size_t begin = text.find("<svg");
  return begin == std::string::npos ? "" : text.substr(begin);
}

}  // namespace

void write_html_report(const RunReport& report, const std::filesystem::path& path) {
  const std::filesystem::path folder = path.string() + ".pictures.partial";
  std::string body;
  for (const Picture& picture : all_pictures(report)) {
    draw(picture, folder);
    body += "<figure>" + svg_element(read_text_file(folder / (picture.name + ".svg"))) + "</figure>\n";
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  write_text(path,
             "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Flurry report</title>\n"
             "<style>body{font-family:sans-serif;max-width:72rem;margin:2rem auto;color:#222}"
             "pre{background:#f6f6f6;padding:1rem;overflow-x:auto}figure{margin:1rem 0}"
             "svg{max-width:100%;height:auto}</style></head>\n<body><h1>Flurry report</h1>\n" +
                 body + "<pre>" + escaped(report_text(report)) + "</pre>\n</body></html>\n");
}

}  // namespace flurry
