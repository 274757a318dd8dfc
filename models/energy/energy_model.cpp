// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/energy_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr double picojoules_per_milliwatt_millisecond = 1e6;

EnergyBand times(const EnergyPrice& price, double count) {
  return {price.low * count, price.value * count, price.high * count};
}

// An idle update falls back to the price, or the reason, of any update.
std::string_view priced_as(std::string_view term, const EnergyProfile& profile) {
  const bool known = profile.terms.contains(term) || profile.not_charged.contains(term);
  return term == "neuron_update_idle" && !known ? "neuron_update" : term;
}

EnergyLine line_of(const std::string& term, std::uint64_t count, const EnergyProfile& profile) {
  EnergyLine line{term, EnergyLine::Kind::unpriced, count, {}, ""};
  const std::string_view name = priced_as(term, profile);
  if (const auto found = profile.terms.find(name); found != profile.terms.end()) {
    line.kind = EnergyLine::Kind::priced;
    line.energy = times(found->second, static_cast<double>(count));
    line.source = found->second.citation;
  } else if (const auto reason = profile.not_charged.find(name); reason != profile.not_charged.end()) {
    line.kind = EnergyLine::Kind::not_charged;
    line.source = reason->second;
  }
  return line;
}

void add(EnergyEstimate& estimate, EnergyLine line) {
  estimate.sum.low += line.energy.low;
  estimate.sum.value += line.energy.value;
  estimate.sum.high += line.energy.high;
  if (line.kind == EnergyLine::Kind::unpriced) estimate.unpriced.push_back(line.term);
  estimate.lines.push_back(std::move(line));
}

}  // namespace

std::string EnergyEstimate::refusal() const {
  if (has_total()) return "";
  std::string text = "no total: " + profile + " has no price for";
  std::string separator = " ";
  for (const EnergyLine& line : lines) {
    if (line.kind != EnergyLine::Kind::unpriced) continue;
    text += separator + line.term + " (" + std::to_string(line.count) + " counted)";
    separator = ", ";
  }
  return text;
}

const EnergyBand& EnergyEstimate::total() const {
  if (!has_total()) throw UsageError(refusal());
  return sum;
}

EnergyEstimate price(const Workload& workload, const EnergyProfile& profile) {
  EnergyEstimate estimate;
  estimate.profile = profile.name;
  estimate.scope = profile.scope;
  for (const auto& [term, count] : workload.counts)
    if (std::find(energy_terms().begin(), energy_terms().end(), term) == energy_terms().end())
      throw UsageError(unknown_name("energy term", term, "a workload", energy_terms()));
  for (const std::string& term : energy_terms())
    if (const std::uint64_t count = workload.count(term); count > 0)
      add(estimate, line_of(term, count, profile));
  if (profile.static_power) {
    const double work = workload.duration * picojoules_per_milliwatt_millisecond;
    add(estimate, {"static_power", EnergyLine::Kind::priced, 0, times(*profile.static_power, work),
                   profile.static_power->citation});
  }
  return estimate;
}

EnergyEstimate price(const ActivityCounts& counts, const EnergyProfile& profile) {
  return price(event_driven(counts), profile);
}

std::string energy_text(double picojoules) {
  constexpr std::array<const char*, 7> units{"fJ", "pJ", "nJ", "uJ", "mJ", "J", "kJ"};
  double value = picojoules * 1e3;
  std::size_t unit = 0;
  while (std::fabs(value) >= 999.5 && unit + 1 < units.size()) {
    value /= 1e3;
    ++unit;
  }
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.3g %s", value, value == 0.0 ? "J" : units[unit]);
  return buffer.data();
}

}  // namespace flurry
