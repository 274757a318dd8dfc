// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/executor.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_builder.hpp"
#include "io/network_file/network_file.hpp"
#include "io/text/json.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {

TEST_CASE("every standard network is valid, and an unknown one is refused with the nearest name") {
  for (const StandardNetwork& network : standard_networks()) {
    CAPTURE(network.name);
    CHECK_NOTHROW(validate(network.describe(), catalogue()));
    CHECK(&find_standard_network(std::string(network.name)) == &network);
  }
  CHECK_THROWS_WITH_AS((void)find_standard_network("silense"), doctest::Contains("silence"), UsageError);
}

TEST_CASE("what is measured adds up") {
  const StandardNetwork small{"small", "", [] { return balanced_exact(Synapses::delta, 500); }, 20.0, 50.0};
  Communicator alone;
  const Measurement m = measure(small, 2, alone);
  CHECK(m.threads == 2);
  CHECK(m.neurons == 500);
  CHECK(m.synapses == 500 * (25 + 6) + 500);
  CHECK(m.bytes_per_synapse == 8.0);
  // 500 sources of 20 kHz for 50 ms.
  CHECK(static_cast<double>(m.external_events) == doctest::Approx(500'000.0).epsilon(0.01));
  CHECK(m.events > m.external_events);
  // A neuron's spike reaches 31 synapses on average.
  CHECK(static_cast<double>(m.events - m.external_events) ==
        doctest::Approx(31.0 * static_cast<double>(m.spikes)).epsilon(0.05));
  CHECK(m.rate() == doctest::Approx(static_cast<double>(m.spikes) / 500.0 / 0.05));
  CHECK(m.ns_per_event() == doctest::Approx(1e9 * m.seconds / static_cast<double>(m.events)));
  const Document document = measurement_document({m});
  for (const char* key :
       {"name", "threads", "events", "seconds", "ns_per_event", "bytes_per_synapse", "build_seconds"})
    CHECK(document.array("measurements").at(0).find(key) != nullptr);
}

TEST_CASE("the microcircuit has the sizes, synapses and drive of NEST's at a tenth") {
  const NetworkDescription network = microcircuit(0.1);
  REQUIRE(network.resolution.has_value());
  CHECK(*network.resolution == 0.1);
  CHECK(network.populations[0].size == 2068);
  CHECK(network.populations[5].size == 106);
  CHECK(network.populations[7].size == 295);
  CHECK(network.populations[0].parameters.at("I_e").constant_value() ==
        doctest::Approx(29.035).epsilon(1e-3));
  CHECK(network.populations[5].parameters.at("I_e").constant_value() ==
        doctest::Approx(151.68).epsilon(1e-3));
  for (const ProjectionDescription& p : network.projections) {
    const auto* total = std::get_if<FixedTotalNumber>(&p.rule);
    if (p.name == "L23E_L23E") CHECK(std::abs(static_cast<double>(total->count) - 454'998.0) < 100.0);
    if (p.name == "L23I_L23E") CHECK(p.weight.mean() == doctest::Approx(-1110.7).epsilon(1e-3));
    if (p.name == "L4E_L23E") CHECK(p.weight.mean() == doctest::Approx(555.35).epsilon(1e-3));
    if (p.name == "external_L5I") CHECK(p.weight.mean() == doctest::Approx(277.67).epsilon(1e-3));
  }
  CHECK_THROWS_AS(microcircuit(0.0), UsageError);
  CHECK_THROWS_AS(microcircuit(2.0), UsageError);
}

TEST_CASE("the example of the microcircuit is the standard network") {
  const NetworkDescription network = microcircuit(0.1);
  const NetworkDescription example = read_network_file(
      std::filesystem::path(FLURRY_SOURCE_DIR) / "examples" / "microcircuit.toml", catalogue());
  validate(example, catalogue());
  CHECK(example.resolution == network.resolution);
  REQUIRE(example.populations.size() == network.populations.size());
  for (std::size_t i = 0; i < network.populations.size(); ++i) {
    const PopulationDescription& a = network.populations[i];
    const PopulationDescription& b = example.populations[i];
    CAPTURE(a.name);
    CHECK(b.name == a.name);
    CHECK(b.model == a.model);
    CHECK(b.size == a.size);
    REQUIRE(b.parameters.size() == a.parameters.size());
    for (const auto& [name, value] : a.parameters)
      CHECK(b.parameters.at(name).mean() == doctest::Approx(value.mean()).epsilon(1e-12));
  }
  REQUIRE(example.projections.size() == network.projections.size());
  for (const ProjectionDescription& a : network.projections) {
    CAPTURE(a.name);
    const auto found = std::find_if(example.projections.begin(), example.projections.end(),
                                    [&](const ProjectionDescription& b) { return b.name == a.name; });
    REQUIRE(found != example.projections.end());
    CHECK(found->source == a.source);
    CHECK(found->target == a.target);
    CHECK(describe(found->rule) == describe(a.rule));
    CHECK(found->weight.mean() == doctest::Approx(a.weight.mean()).epsilon(1e-12));
    CHECK(found->delay.mean() == doctest::Approx(a.delay.mean()).epsilon(1e-12));
    CHECK(found->delay.is_random() == a.delay.is_random());
  }
}

}  // namespace flurry
