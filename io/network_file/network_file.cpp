// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/network_file.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <utility>

#include "core/base/document.hpp"
#include "core/base/error.hpp"
#include "io/network_file/population_reader.hpp"
#include "io/network_file/projection_reader.hpp"
#include "io/network_file/quantity_reader.hpp"
#include "io/network_file/record_reader.hpp"
#include "io/network_file/setting.hpp"
#include "io/text/text_file.hpp"
#include "io/text/toml.hpp"

namespace flurry {
namespace {

// 0 where the place has no line.
std::uint64_t line_of(const Document& value) {
  const std::string& where = value.where();
  std::uint64_t line = 0;
  std::from_chars(where.data() + where.rfind(':') + 1, where.data() + where.size(), line);
  return line;
}

// Names of the tables in [populations] or [projections] as they stand in the file. Their order numbers the
// neurons.
std::vector<std::string> names_in_order(const Document& document, const std::string& section) {
  std::vector<std::pair<std::uint64_t, std::string>> lines;
  const Document* tables = document.find(section);
  if (tables == nullptr) return {};
  for (const auto& [name, table] : tables->table(section)) {
    (void)table.table("'" + name + "' in [" + section + "]");
    lines.emplace_back(line_of(table), name);
  }
  std::sort(lines.begin(), lines.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 && lines[i].first == lines[i - 1].first) {
      throw UsageError("'" + lines[i - 1].second + "' and '" + lines[i].second + "' stand on one line (" +
                       tables->find(lines[i].second)->where() +
                       "); give each its own, since their order counts");
    }
    names.push_back(lines[i].second);
  }
  return names;
}

// Tables added by --set come last.
void append_new(std::vector<std::string>& names, const Document& document, const std::string& section) {
  const Document* tables = document.find(section);
  if (tables == nullptr) return;
  for (const auto& [name, table] : tables->table(section))
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// Names become groups of HDF5 files and parts of --set paths.
void check_name(const std::string& name, const Document& table) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
  if (!plain || name.empty())
    throw UsageError("the name '" + name + "' (" + table.where() +
                     ") is not allowed; use letters, digits, _ and -");
}

void read_run(const Document& document, NetworkDescription& network) {
  const Document* run = document.find("run");
  if (run == nullptr) return;
  run->expect_keys("[run]", {"until", "seed", "resolution"});
  if (const Document* until = run->find("until"))
    network.duration = read_quantity_in(positive, *until, Dimension::time, "until of [run]");
  if (const Document* resolution = run->find("resolution"))
    network.resolution = read_quantity_in(positive, *resolution, Dimension::time, "resolution of [run]");
  if (const Document* seed = run->find("seed")) {
    network.seed = static_cast<std::uint64_t>(
        read_whole_number(*seed, 0, std::numeric_limits<std::int64_t>::max(), "seed of [run]"));
  }
}

std::string text_with_settings(const std::string& text, const std::vector<std::string>& settings) {
  std::string result = text;
  for (const std::string& setting : settings) {
    if (!result.empty() && result.back() != '\n') result += '\n';
    std::string line = "# --set " + setting;
    std::replace(line.begin(), line.end(), '\n', ' ');
    result += line + '\n';
  }
  return result;
}

}  // namespace

NetworkDescription parse_network_file(const std::string& text, const std::filesystem::path& origin,
                                      const Catalogue& catalogue, const std::vector<std::string>& settings) {
  Document document = parse_toml(text, origin.string());
  for (const char* section : {"run", "record"})
    std::get<Document::Table>(document.value()).try_emplace(section, Document::Table{}, origin.string());
  std::vector<std::string> populations = names_in_order(document, "populations");
  std::vector<std::string> projections = names_in_order(document, "projections");
  for (const std::string& setting : settings) apply_setting(setting, document);
  append_new(populations, document, "populations");
  append_new(projections, document, "projections");
  document.expect_keys("the network", {"run", "populations", "projections", "record", "resolution"});
  if (populations.empty())
    throw UsageError(origin.string() + " has no populations; expected at least one table [populations.NAME]");

  NetworkDescription network;
  network.text = text_with_settings(text, settings);
  network.origin = origin.string();
  if (const Document* resolution = document.find("resolution"))
    network.resolution = read_quantity_in(positive, *resolution, Dimension::time, "resolution");
  read_run(document, network);
  const std::filesystem::path folder = std::filesystem::absolute(origin).parent_path();
  for (const std::string& name : populations) {
    const Document& table = *document.find("populations")->find(name);
    check_name(name, table);
    network.populations.push_back(read_population(name, table, catalogue, folder));
  }
  for (const std::string& name : projections) {
    const Document& table = *document.find("projections")->find(name);
    check_name(name, table);
    network.projections.push_back(read_projection(name, table, network.populations, catalogue));
  }
  (void)read_records(document, network, catalogue);  // so that what is wrong there shows wherever it is read
  return network;
}

NetworkDescription read_network_file(const std::filesystem::path& path, const Catalogue& catalogue,
                                     const std::vector<std::string>& settings) {
  return parse_network_file(read_text_file(path), path, catalogue, settings);
}

}  // namespace flurry
