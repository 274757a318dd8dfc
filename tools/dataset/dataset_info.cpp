// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/dataset_info.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"

namespace flurry {
namespace {

struct Spread {
  double least = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();
  double sum = 0.0;
  std::size_t count = 0;

  void add(double value) {
    least = std::min(least, value);
    largest = std::max(largest, value);
    sum += value;
    ++count;
  }
  [[nodiscard]] Document document() const {
    if (count == 0) return json(Document::Table{});
    return json(Document::Table{
        {"min", json(least)}, {"mean", json(sum / static_cast<double>(count))}, {"max", json(largest)}});
  }
};

Document counts(const std::vector<std::string>& names, const std::vector<std::uint64_t>& of) {
  Document::Array array;
  for (std::size_t i = 0; i < names.size(); ++i)
    array.push_back(json(Document::Table{{"name", json(names[i])}, {"samples", json(of[i])}}));
  return json(std::move(array));
}

std::string counts_text(const Document& counts) {
  std::string text;
  for (const Document& one : counts.array("counts"))
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", one.at("name", "count").text("name"),
                        one.at("samples", "count").integer("samples"));
  return text;
}

std::string range_text(const Document& range, int digits) {
  if (range.find("min") == nullptr) return "-";
  return fmt::format("{:.{}f} to {:.{}f}, mean {:.{}f}", range.at("min", "range").number("min"), digits,
                     range.at("max", "range").number("max"), digits, range.at("mean", "range").number("mean"),
                     digits);
}

}  // namespace

Document dataset_info(Dataset& dataset, const DatasetProgress& progress) {
  std::vector<std::uint64_t> of_class(dataset.classes().size());
  std::vector<std::uint64_t> of_speaker(dataset.speakers().size());
  Spread spikes;
  Spread duration;
  std::vector<bool> used(dataset.channels());
  SpikeSample sample;
  for (std::size_t i = 0; i < dataset.samples().size(); ++i) {
    const SampleEntry& entry = dataset.samples()[i];
    ++of_class[entry.label];
    if (entry.speaker) ++of_speaker[*entry.speaker];
    dataset.read(i, sample);
    spikes.add(static_cast<double>(sample.times.size()));
    duration.add(sample.times.empty() ? 0.0 : sample.times.back());
    for (const std::uint32_t channel : sample.channels) used[channel] = true;
    if (progress) progress(i + 1, dataset.samples().size());
  }
  return json(Document::Table{
      {"kind", json(dataset.kind())},
      {"samples", json(dataset.samples().size())},
      {"channels", json(dataset.channels())},
      {"channels_used", json(std::count(used.begin(), used.end(), true))},
      {"classes", counts(dataset.classes(), of_class)},
      {"speakers", counts(dataset.speakers(), of_speaker)},
      {"spikes", json(static_cast<std::uint64_t>(spikes.sum))},
      {"spikes_per_sample", spikes.document()},
      {"duration_s", duration.document()},
  });
}

std::string dataset_info_text(const Document& info) {
  const auto& at = [&info](const char* key) -> const Document& { return info.at(key, "info"); };
  const auto number = [&at](const char* key) {
    return grouped(static_cast<std::uint64_t>(at(key).integer(key)));
  };
  std::string text = fmt::format("data set of {} samples ({})\n", number("samples"), at("kind").text("kind"));
  const auto line = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<20} {}\n", name, value);
  };
  line("channels", fmt::format("{}, of which {} have spikes", number("channels"), number("channels_used")));
  line("classes", fmt::format("{}: {}", at("classes").array("classes").size(), counts_text(at("classes"))));
  if (!at("speakers").array("speakers").empty())
    line("speakers",
         fmt::format("{}: {}", at("speakers").array("speakers").size(), counts_text(at("speakers"))));
  line("spikes", number("spikes"));
  line("spikes per sample", range_text(at("spikes_per_sample"), 0));
  line("last spike after", range_text(at("duration_s"), 3) + " s");
  return text;
}

}  // namespace flurry
