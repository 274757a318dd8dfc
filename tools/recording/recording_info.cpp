// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/recording_info.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"

namespace flurry {
namespace {

constexpr std::size_t most_bins = 60;

std::string digits(WideSum number) {
  const bool negative = number < 0;
  std::string text;
  for (; number != 0 || text.empty(); number /= 10) {
    const int digit = static_cast<int>(number % 10);
    text.insert(text.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
  }
  return negative ? "-" + text : text;
}

// Events per second in a bin.
double rate_of(const RateCurve::Bin& bin, std::uint64_t width) {
  return 1e6 * static_cast<double>(bin.events()) / static_cast<double>(width);
}

Document curve_document(const RateCurve::Curve& curve) {
  Document::Array on;
  Document::Array off;
  for (const RateCurve::Bin& bin : curve.bins) {
    on.push_back(json(bin.on));
    off.push_back(json(bin.off));
  }
  return json(Document::Table{{"start_us", json(curve.start)},
                              {"bin_us", json(curve.width)},
                              {"on", json(std::move(on))},
                              {"off", json(std::move(off))}});
}

void add_extent(Document::Table& table, const RecordingSurvey& survey) {
  for (const char* key :
       {"t_first_us", "t_last_us", "t_min_us", "t_max_us", "x_min", "x_max", "y_min", "y_max"})
    table[key] = Document{};
  if (survey.events == 0) return;
  table["t_first_us"] = json(survey.t_first);
  table["t_last_us"] = json(survey.t_last);
  table["t_min_us"] = json(survey.t_min);
  table["t_max_us"] = json(survey.t_max);
  table["x_min"] = json(survey.x_min);
  table["x_max"] = json(survey.x_max);
  table["y_min"] = json(survey.y_min);
  table["y_max"] = json(survey.y_max);
}

// "▁▃█": one mark for each bin, the highest for the largest.
std::string spark_line(const RateCurve::Curve& curve) {
  constexpr std::array<const char*, 8> marks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::uint64_t most = 1;
  for (const RateCurve::Bin& bin : curve.bins) most = std::max(most, bin.events());
  std::string line;
  for (const RateCurve::Bin& bin : curve.bins) {
    const double height =
        static_cast<double>(bin.events()) / static_cast<double>(most) * static_cast<double>(marks.size());
    const auto mark = static_cast<std::size_t>(height);
    line += bin.events() == 0 ? " " : marks[std::min(mark, marks.size() - 1)];
  }
  return line;
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6 && per_second < 1e9) return fmt::format("{:.3g} million events/s", 1e-6 * per_second);
  return fmt::format("{} events/s", grouped(static_cast<std::uint64_t>(per_second)));
}

std::string line(std::string_view key, const std::string& text) {
  return fmt::format("{:<10} {}\n", key, text);
}

std::string extent_text(const RecordingSurvey& survey) {
  std::string text = line("events", fmt::format("{} ({} on, {} off)", grouped(survey.events),
                                                grouped(survey.on), grouped(survey.events - survey.on)));
  if (survey.events == 0) return text;
  text += line("time", fmt::format("first {} us, last {} us, duration {}", survey.t_first, survey.t_last,
                                   duration_text(survey.duration())));
  text += line("x", fmt::format("{} to {}", survey.x_min, survey.x_max));
  text += line("y", fmt::format("{} to {}", survey.y_min, survey.y_max));
  const RateCurve::Curve curve = survey.rate.curve(most_bins);
  double peak = 0.0;
  for (const RateCurve::Bin& bin : curve.bins) peak = std::max(peak, rate_of(bin, curve.width));
  const double seconds = 1e-6 * static_cast<double>(std::max<std::uint64_t>(survey.duration(), 1));
  text += line("rate", fmt::format("mean {}, peak {} in bins of {}",
                                   rate_text(static_cast<double>(survey.events) / seconds), rate_text(peak),
                                   duration_text(curve.width)));
  return text + line("", "|" + spark_line(curve) + "|");
}

}  // namespace

RecordingInfo survey_recording(const RecordingOptions& options) {
  RecordingInput input(options, "reading");
  RecordingInfo info;
  std::vector<AddressEvent> events;
  while (input.read(events)) info.survey.add(events);
  info.file = input.file();
  info.format = &input.format();
  info.sensor = input.sensor();
  info.sensor_told = info.sensor.width > 0 && info.sensor.height > 0;
  if (!info.sensor_told && info.survey.events > 0)
    info.sensor = {info.survey.x_max + 1U, info.survey.y_max + 1U};
  info.statistics = input.statistics();
  info.backward = input.backward();
  info.late = input.late();
  return info;
}

std::string recording_json(const RecordingInfo& info) {
  constexpr const char* large_sum = "\"sum_t_us\": ";
  const RecordingSurvey& survey = info.survey;
  const ReadStatistics& statistics = info.statistics;
  Document::Table table{{"kind", json("recording")},
                        {"format", json(info.format->name)},
                        {"title", json(info.format->title)},
                        {"width", json(info.sensor.width)},
                        {"height", json(info.sensor.height)},
                        {"sensor_from", json(info.sensor_told ? "header" : "events")},
                        {"events", json(survey.events)},
                        {"on", json(survey.on)},
                        {"off", json(survey.events - survey.on)},
                        {"duration_us", json(survey.duration())},
                        {"rate", curve_document(survey.rate.curve(most_bins))},
                        {"sum_x", json(survey.sum_x)},
                        {"sum_y", json(survey.sum_y)},
                        {"sum_t_us", json(digits(survey.sum_t))},
                        {"triggers", json(statistics.triggers)},
                        {"skipped", json(statistics.skipped)},
                        {"damaged", json(statistics.damaged)},
                        {"damage", json(statistics.damage)},
                        {"backward_steps", json(info.backward.count)},
                        {"backward_largest_us", json(info.backward.largest)},
                        {"late", json(info.late)},
                        {"bytes", json(statistics.bytes_read)}};
  add_extent(table, survey);
  std::string text = json_text(json(std::move(table)));
  // A Document holds 64-bit integers, JSON any: the digits lose their quotes here.
  const std::size_t quote = text.find(large_sum) + std::string_view(large_sum).size();
  text.erase(text.find('"', quote + 1), 1);
  return text.erase(quote, 1);
}

std::string recording_text(const RecordingInfo& info) {
  const ReadStatistics& statistics = info.statistics;
  std::string text = line("format", fmt::format("{} ({})", info.format->name, info.format->title));
  text += line("sensor", fmt::format("{}x{}, from the {}", info.sensor.width, info.sensor.height,
                                     info.sensor_told ? "header" : "events"));
  text += extent_text(info.survey);
  text += line("clock", std::string(info.format->clock));
  text += line("backward", info.backward.count == 0
                               ? std::string("never")
                               : fmt::format("{} steps back in time, the largest by {} us",
                                             grouped(info.backward.count), info.backward.largest));
  if (info.late > 0)
    text += line("late", fmt::format("{} events left out by --order drop", grouped(info.late)));
  text += line("triggers", grouped(statistics.triggers));
  text += line("skipped", grouped(statistics.skipped));
  text += line("damaged", grouped(statistics.damaged) +
                              (statistics.damage.empty() ? "" : "; the first: " + statistics.damage));
  return text + line("bytes", grouped(statistics.bytes_read));
}

std::string duration_text(std::uint64_t us) {
  const auto value = static_cast<double>(us);
  if (us < 1000) return fmt::format("{} us", us);
  if (us < 1'000'000) return fmt::format("{:.4g} ms", 1e-3 * value);
  if (us < 100'000'000) return fmt::format("{:.4g} s", 1e-6 * value);
  return waiting_text(1e-6 * value);
}

}  // namespace flurry
