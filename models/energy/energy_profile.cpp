// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/energy_profile.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr double default_band = 3.0;

std::string text_of(const Document& table, std::string_view key, const std::string& what, bool required) {
  const Document* member = required ? &table.at(key, what) : table.find(key);
  if (member == nullptr) return "";
  const std::string& text = member->text(what + "." + std::string(key));
  if (required && text.empty())
    throw UsageError(what + "." + std::string(key) + " (" + member->where() +
                     ") is empty; it must say something");
  return text;
}

std::string choice_of(const Document& table, std::string_view key, const std::string& what,
                      const std::vector<std::string>& allowed) {
  std::string text = text_of(table, key, what, true);
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
    throw UsageError(unknown_name(key, text, what + " (" + table.at(key, what).where() + ")", allowed));
  return text;
}

double amount(const Document& number, const std::string& what) {
  const double value = number.number(what);
  if (!std::isfinite(value) || value < 0.0)
    throw UsageError(what + " (" + number.where() + ") is " + number.describe() + "; allowed: >= 0");
  return value;
}

EnergyPrice parse_price(const Document& table, const std::string& what) {
  table.expect_keys(what, {"value", "low", "high", "citation", "conditions", "includes", "excludes"});
  EnergyPrice price;
  price.value = amount(table.at("value", what), what + ".value");
  const Document* low = table.find("low");
  const Document* high = table.find("high");
  price.low = low != nullptr ? amount(*low, what + ".low") : price.value / default_band;
  price.high = high != nullptr ? amount(*high, what + ".high") : price.value * default_band;
  price.default_band = low == nullptr && high == nullptr;
  if (price.low > price.value || price.value > price.high)
    throw UsageError(what + " (" + table.where() +
                     ") has its value outside its own band; low <= value <= high");
  price.citation = text_of(table, "citation", what, true);
  price.conditions = text_of(table, "conditions", what, false);
  price.includes = text_of(table, "includes", what, false);
  price.excludes = text_of(table, "excludes", what, false);
  return price;
}

void check_term(const std::string& term, const std::string& what, const Document& member) {
  const std::vector<std::string>& known = energy_terms();
  if (std::find(known.begin(), known.end(), term) == known.end())
    throw UsageError(unknown_name("energy term", term, what + " (" + member.where() + ")", known));
}

void parse_terms(const Document& document, const std::string& what, EnergyProfile& profile) {
  const std::string in_terms = what + " terms";
  for (const auto& [term, price] : document.at("terms", what).table(in_terms)) {
    check_term(term, in_terms, price);
    profile.terms[term] = parse_price(price, what + " terms." + term);
  }
  const Document* free = document.find("not_charged");
  if (free == nullptr) return;
  const std::string in_free = what + " not_charged";
  for (const auto& [term, reason] : free->table(in_free)) {
    check_term(term, in_free, reason);
    if (profile.terms.contains(term))
      throw UsageError("'" + term + "' (" + reason.where() + ") is both priced and not charged in " + what);
    profile.not_charged[term] = text_of(*free, term, in_free, true);
  }
}

}  // namespace

const std::vector<std::string>& energy_terms() {
  static const std::vector<std::string> terms{
      "synaptic_event", "neuron_update",   "neuron_update_idle", "spike",        "input_event",
      "exponential",    "crossing_search", "queue_operation",    "synapse_byte", "state_byte"};
  return terms;
}

const std::vector<std::string>& energy_scopes() {
  static const std::vector<std::string> scopes{"op-only", "active", "chip-total", "board", "metabolic"};
  return scopes;
}

const std::vector<std::string>& energy_evidences() {
  static const std::vector<std::string> evidences{"simulated", "post-layout", "measured", "derived"};
  return evidences;
}

EnergyProfile parse_energy_profile(const Document& document) {
  const std::string what = "energy profile";
  document.expect_keys(what, {"name", "version", "chip", "node_nm", "scope", "evidence", "citation", "notes",
                              "terms", "not_charged", "static_power"});
  EnergyProfile profile;
  profile.name = text_of(document, "name", what, true);
  const std::string named = what + " '" + profile.name + "'";
  profile.version = document.at("version", named).integer(named + " version");
  profile.chip = text_of(document, "chip", named, true);
  if (const Document* node = document.find("node_nm")) profile.node_nm = amount(*node, named + " node_nm");
  profile.scope = choice_of(document, "scope", named, energy_scopes());
  profile.evidence = choice_of(document, "evidence", named, energy_evidences());
  profile.citation = text_of(document, "citation", named, true);
  profile.notes = text_of(document, "notes", named, false);
  parse_terms(document, named, profile);
  if (const Document* power = document.find("static_power"))
    profile.static_power = parse_price(*power, named + " static_power");
  if (profile.terms.empty() && !profile.static_power)
    throw UsageError(named + " (" + document.where() + ") prices nothing; give at least one term");
  return profile;
}

}  // namespace flurry
