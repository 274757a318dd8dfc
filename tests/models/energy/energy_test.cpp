// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/text/toml.hpp"
#include "models/energy/energy_model.hpp"

namespace flurry {
namespace {

EnergyProfile parsed(const std::string& text) { return parse_energy_profile(parse_toml(text, "p.toml")); }

EnergyProfile shipped(const std::string& name) {
  for (const EmbeddedText& file : energy_profiles())
    if (file.name == name) return parsed(std::string(file.text));
  FAIL("no profile " << name);
  return {};
}

const std::string head =
    "name = 'x'\nversion = 1\nchip = 'c'\nscope = 'op-only'\nevidence = 'derived'\ncitation = 'someone'\n";

// `sources` -> `targets`, dense, every source spiking `spikes` times in all.
ActivityCounts dense_layer(std::uint64_t sources, std::uint64_t targets, std::uint64_t spikes,
                           double duration) {
  ActivityCounts counts;
  counts.duration = duration;
  PopulationCounts in;
  in.name = "in";
  in.is_source = true;
  in.size = sources;
  in.spikes = spikes;
  PopulationCounts out;
  out.name = "out";
  out.size = targets;
  out.arrivals = spikes * targets;
  ProjectionCounts all;
  all.synapses = sources * targets;
  all.arrivals = spikes * targets;
  all.bytes_per_synapse = 4;
  counts.populations = {in, out};
  counts.projections = {all};
  return counts;
}

void expect_refused(const std::string& text, const std::string& part) {
  std::string message;
  try {
    (void)parsed(text);
  } catch (const UsageError& error) {
    message = error.what();
  }
  INFO(message);
  CHECK(message.find(part) != std::string::npos);
  CHECK(message.find("p.toml") != std::string::npos);
}

}  // namespace

TEST_CASE("every shipped profile parses, is named as its file and cites a source for every price") {
  CHECK(energy_profiles().size() >= 12);
  for (const EmbeddedText& file : energy_profiles()) {
    CAPTURE(file.name);
    const EnergyProfile profile = parsed(std::string(file.text));
    CHECK(profile.name == file.name);
    CHECK(profile.citation.size() > 10);
    for (const auto& [term, price] : profile.terms) {
      CAPTURE(term);
      CHECK(price.citation.size() > 5);
      CHECK(price.low <= price.value);
      CHECK(price.value <= price.high);
      CHECK(price.value > 0.0);
    }
    for (const auto& [term, reason] : profile.not_charged) CHECK(reason.size() > 10);
  }
}

TEST_CASE("an all-in profile charges nothing but its synaptic event") {
  for (const char* name : {"truenorth-allin", "odin-global", "odin-biological-time"}) {
    const EnergyProfile profile = shipped(name);
    CHECK(profile.terms.size() == 1);
    CHECK(profile.terms.contains("synaptic_event"));
    CHECK(profile.scope == "chip-total");
  }
}

TEST_CASE("KerasSpiking's own example: a dense layer 784 to 128 on a CPU costs 8.64e-4 J per inference") {
  const ActivityCounts counts = dense_layer(784, 128, 0, 1.0);
  const Workload work = dense_time_stepped(counts, 1.0);  // non-spiking devices: one step, every input active
  CHECK(work.count("synaptic_event") == 100352);
  CHECK(work.count("neuron_update") == 128);
  const double joules = price(work, shipped("keras-spiking-cpu")).total().value * 1e-12;
  CHECK(joules == doctest::Approx((100352 + 128) * 8.6e-9));
  CHECK(std::fabs(joules - 8.64e-4) < 0.005e-4);
}

TEST_CASE("KerasSpiking's custom device of 0.1 and 2 nJ gives 1.03e-5 J") {
  const EnergyProfile device = parsed(head +
                                      "[terms.synaptic_event]\nvalue = 100\ncitation = 'c'\n"
                                      "[terms.neuron_update]\nvalue = 2000\ncitation = 'c'\n"
                                      "[not_charged]\nsynapse_byte = 'arithmetic only'\n");
  const double joules =
      price(dense_time_stepped(dense_layer(784, 128, 0, 1.0), 1.0), device).total().value * 1e-12;
  CHECK(std::fabs(joules - 1.03e-5) < 0.005e-5);
}

TEST_CASE("KerasSpiking on Loihi: linear in steps, and a doubled step doubles the synaptic part only") {
  const EnergyProfile loihi = shipped("keras-spiking-loihi");
  const auto estimate = [&](double steps, double step) {
    const auto spikes = static_cast<std::uint64_t>(steps * step * 784.0);  // 1 kHz each
    return price(sparse_time_stepped(dense_layer(784, 128, spikes, steps * step), step), loihi);
  };
  CHECK(estimate(20, 1.0).total().value == doctest::Approx(2.0 * estimate(10, 1.0).total().value));
  const double neurons_part = 128 * 10 * 81.0;
  const double synapses_part = 784 * 10 * 128 * 27.1;
  CHECK(estimate(10, 1.0).total().value == doctest::Approx(neurons_part + synapses_part));
  CHECK(estimate(10, 2.0).total().value == doctest::Approx(neurons_part + 2.0 * synapses_part));
}

TEST_CASE("TrueNorth at 20 Hz and 128 synapses for a million neurons comes to the published 70 mW") {
  ActivityCounts counts;
  counts.duration = 1000.0;
  ProjectionCounts all;
  all.synapses = 4096ULL * 256 * 128;
  all.arrivals = all.synapses * 20;
  counts.projections = {all};
  const double milliwatts = price(counts, shipped("truenorth-allin")).total().value * 1e-9 / 1.0;
  CHECK(milliwatts > 69.0);
  CHECK(milliwatts < 72.0);
}

TEST_CASE("a term that happened and has no price refuses the total, and says which and how often") {
  const EnergyProfile bare = parsed(head + "[terms.synaptic_event]\nvalue = 2\ncitation = 'c'\n");
  ActivityCounts counts = dense_layer(2, 3, 1, 1.0);
  counts.projections[0].bytes_per_synapse = 0;
  counts.populations[0].spikes = 0;
  CHECK(price(counts, bare).total().value == 6.0);  // nothing else happened
  counts.populations[1].updates_input = 7;
  const EnergyEstimate refused = price(counts, bare);
  CHECK_FALSE(refused.has_total());
  CHECK(refused.unpriced == std::vector<std::string>{"neuron_update"});
  CHECK(refused.refusal() == "no total: x has no price for neuron_update (7 counted)");
  CHECK_THROWS_AS((void)refused.total(), UsageError);
}

TEST_CASE("what is declared not charged is listed with its reason and costs nothing") {
  const EnergyProfile profile = parsed(head +
                                       "[terms.synaptic_event]\nvalue = 2\ncitation = 'c'\n"
                                       "[not_charged]\nneuron_update = 'inside'\nsynapse_byte = 'inside'\n"
                                       "input_event = 'outside'\n");
  ActivityCounts counts = dense_layer(2, 3, 1, 1.0);
  counts.populations[1].updates_input = 5;
  const EnergyEstimate estimate = price(counts, profile);
  CHECK(estimate.total().value == 6.0);
  bool listed = false;
  for (const EnergyLine& line : estimate.lines)
    listed = listed || (line.term == "neuron_update" && line.kind == EnergyLine::Kind::not_charged &&
                        line.source == "inside" && line.count == 5);
  CHECK(listed);
}

TEST_CASE("the default band is a factor of three; a given band is kept") {
  const EnergyProfile profile =
      parsed(head +
             "[terms.spike]\nvalue = 3\ncitation = 'c'\n"
             "[terms.synaptic_event]\nvalue = 3\nlow = 2\nhigh = 100\ncitation = 'c'\n");
  CHECK(profile.terms.at("spike").low == 1.0);
  CHECK(profile.terms.at("spike").high == 9.0);
  CHECK(profile.terms.at("spike").default_band);
  CHECK(profile.terms.at("synaptic_event").high == 100.0);
  CHECK_FALSE(profile.terms.at("synaptic_event").default_band);
}

TEST_CASE("static power is charged for the duration and nothing else") {
  const EnergyProfile profile = parsed(head + "[terms]\n[static_power]\nvalue = 2\ncitation = 'c'\n");
  ActivityCounts counts;
  counts.duration = 500.0;
  CHECK(price(counts, profile).total().value == doctest::Approx(2e-3 * 0.5 * 1e12));
  counts.duration = 1000.0;
  CHECK(price(counts, profile).total().value == doctest::Approx(2e-3 * 1.0 * 1e12));
}

TEST_CASE("time-stepped equivalents follow their formulas for any counts") {
  RandomSequence random(3, Purpose::test, 0, 0);
  for (int round = 0; round < 200; ++round) {
    ActivityCounts counts =
        dense_layer(1 + random.below(50), 1 + random.below(50), random.below(1000), 100.0);
    counts.populations[1].updates_input = random.below(20000);
    counts.populations[1].updates_crossing = random.below(100);
    const double step = 0.1 * (1 + random.below(20));
    const std::uint64_t steps = time_steps(100.0, step);
    const std::uint64_t size = counts.populations[1].size;
    const Workload sparse = sparse_time_stepped(counts, step);
    const Workload dense = dense_time_stepped(counts, step);
    CHECK(sparse.count("neuron_update") + sparse.count("neuron_update_idle") == size * steps);
    CHECK(dense.count("neuron_update") == size * steps);
    CHECK(sparse.count("synaptic_event") == event_driven(counts).count("synaptic_event"));
    CHECK(dense.count("synaptic_event") == counts.projections[0].synapses * steps);
    CHECK(dense.count("synapse_byte") == 4 * counts.projections[0].synapses * steps);
    CHECK(sparse.count("queue_operation") == 0);
    CHECK(sparse.count("exponential") == 0);
  }
}

TEST_CASE("steps are counted without rounding up a whole number of them") {
  CHECK(time_steps(1000.0, 0.1) == 10000);
  CHECK(time_steps(1.0, 0.3) == 4);
  CHECK(time_steps(0.0, 1.0) == 0);
  CHECK_THROWS_AS((void)time_steps(1.0, 0.0), UsageError);
  CHECK_THROWS_AS((void)time_steps(1.0, std::nan("")), UsageError);
}

TEST_CASE("silence costs an event-driven run nothing and a time-stepped one idle updates") {
  ActivityCounts counts = dense_layer(2, 10, 0, 100.0);
  const EnergyProfile loihi = shipped("loihi1-table2");
  CHECK(price(event_driven(counts), loihi).total().value == 0.0);
  CHECK(price(sparse_time_stepped(counts, 1.0), loihi).total().value == doctest::Approx(1000 * 52.0));
}

TEST_CASE("an idle update costs as much as any where a profile knows no difference") {
  const EnergyProfile profile = parsed(head + "[terms.neuron_update]\nvalue = 5\ncitation = 'c'\n");
  CHECK(price(sparse_time_stepped(dense_layer(1, 10, 0, 10.0), 1.0), profile).total().value == 500.0);
}

TEST_CASE("a workload may count only what has a name: a misspelt term is not free") {
  Workload workload = event_driven(dense_layer(1, 10, 3, 10.0));
  workload.counts["synaptic_evnt"] = 1;
  CHECK_THROWS_WITH_AS((void)price(workload, shipped("loihi1-table2")),
                       doctest::Contains("did you mean 'synaptic_event'?"), UsageError);
}

TEST_CASE("a profile with a mistake is refused with the place") {
  const std::string term = "[terms.synaptic_event]\nvalue = 2\ncitation = 'c'\n";
  expect_refused(head + "colour = 'red'\n" + term, "colour");
  expect_refused(head + "[terms.synaptic_evnt]\nvalue = 2\ncitation = 'c'\n",
                 "did you mean 'synaptic_event'");
  expect_refused(head + "[terms.synaptic_event]\nvalue = 2\n", "citation");
  expect_refused(head + "[terms.synaptic_event]\nvalue = 2\ncitation = ''\n", "citation");
  expect_refused(head + "[terms.synaptic_event]\nvalue = -2\ncitation = 'c'\n", ">= 0");
  expect_refused(head + "[terms.synaptic_event]\nvalue = nan\ncitation = 'c'\n", ">= 0");
  expect_refused(head + "[terms.synaptic_event]\nvalue = 2\nlow = 3\ncitation = 'c'\n",
                 "outside its own band");
  expect_refused(head + term + "[not_charged]\nsynaptic_event = 'free'\n", "both priced and not charged");
  expect_refused(head + "[terms]\n", "prices nothing");
  std::string scope = head + term;
  scope.replace(scope.find("op-only"), 7, "chip");
  expect_refused(scope, "scope");
}

TEST_CASE("energies are written in the unit that suits them") {
  CHECK(energy_text(0.0) == "0 J");
  CHECK(energy_text(0.9) == "900 fJ");
  CHECK(energy_text(26.0) == "26 pJ");
  CHECK(energy_text(8.64e8) == "864 uJ");
  CHECK(energy_text(1e12) == "1 J");
}

}  // namespace flurry
