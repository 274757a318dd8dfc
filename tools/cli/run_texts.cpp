// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_texts.hpp"

#include <charconv>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

std::uint64_t natural(const std::string& text, const std::string& name) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size())
    throw FormatError("the checkpoint has '" + text + "' for " + name);
  return value;
}

void take(RunRequest& request, const std::string& name, const std::string& value) {
  if (name == "input")
    request.input = value;
  else if (name == "output")
    request.output = value;
  else if (name == "seed")
    request.seed = natural(value, name);
  else if (name == "until")
    request.until = parse_quantity(value, Dimension::time, name);
  else if (name == "resolution")
    request.resolution = parse_quantity(value, Dimension::time, name);
  else if (name == "drop")
    request.drop_when_slow = value == "yes";
  else if (name == "partition")
    request.partition = parse_partition(value);
  else if (name == "command")
    request.command = value;
  else if (name == "checkpoint")
    request.checkpoints = parse_checkpoint_plan(value, request.checkpoints.keep);
  else if (name == "keep")
    request.checkpoints.keep = natural(value, name);
  else if (name == "set")
    request.settings.push_back(value);
  else if (name == "record")
    request.record_texts.push_back(value);
  else
    throw FormatError("the checkpoint has an unknown entry '" + name + "'");
}

}  // namespace

Partition::Kind parse_partition(const std::string& text) {
  if (text == "round-robin") return Partition::Kind::round_robin;
  if (text == "locality") return Partition::Kind::locality;
  throw UsageError("--partition is '" + text + "'; allowed: round-robin, locality");
}

std::vector<std::pair<std::string, std::string>> run_texts(const RunRequest& request, std::uint64_t seed) {
  std::vector<std::pair<std::string, std::string>> texts{
      {"input", std::filesystem::absolute(request.input).string()},
      {"output", request.output.filename().string()},
      {"seed", std::to_string(seed)},
      {"drop", request.drop_when_slow ? "yes" : "no"},
      {"partition", request.partition == Partition::Kind::locality ? "locality" : "round-robin"},
      {"command", request.command},
      {"keep", std::to_string(request.checkpoints.keep)}};
  if (request.checkpoints.every) texts.emplace_back("checkpoint", every_text(request.checkpoints));
  if (request.until) texts.emplace_back("until", shortest(*request.until));
  if (request.resolution) texts.emplace_back("resolution", shortest(*request.resolution));
  for (const std::string& setting : request.settings) texts.emplace_back("set", setting);
  for (const std::string& record : request.record_texts) texts.emplace_back("record", record);
  return texts;
}

RunRequest request_from(std::shared_ptr<const Checkpoint> checkpoint, const std::filesystem::path& folder) {
  RunRequest request;
  for (const auto& [name, value] : checkpoint->run) take(request, name, value);
  request.output = folder / request.output;
  request.from = std::move(checkpoint);
  request.checkpoints.when_stopped = true;
  return request;
}

}  // namespace flurry
