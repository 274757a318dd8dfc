// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/engine_network.hpp"

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

/// One input spike drives neurons that differ in everything, for as long as the sample lasts: slow currents.
LearnedNetwork driven(std::uint32_t size, double resolution) {
  LearnedLayer layer;
  layer.name = "hidden";
  layer.size = size;
  layer.spiking = true;
  for (std::uint32_t n = 0; n < size; ++n) {
    const double x = n / static_cast<double>(size);
    layer.w_in.push_back(1.5 + 10.0 * x);
    layer.tau_m.push_back(5.0 + 20.0 * (1.0 - x));
    layer.tau_syn.push_back(400.0 + 200.0 * x);
  }
  layer.threshold.assign(size, 1.0);
  layer.reset.assign(size, 0.0);
  layer.t_ref.assign(size, resolution);
  LearnedNetwork network;
  network.inputs = 1;
  network.classes.assign(size, "");
  for (std::uint32_t n = 0; n < size; ++n) network.classes[n] = std::to_string(n);
  network.layers.push_back(layer);
  network.resolution = resolution;
  network.delay = resolution;
  network.duration = 400.0;
  return network;
}

double spikes_of(const LearnedNetwork& network, bool on_grid) {
  SpikeInput input;
  input.times.push_back(0.0);
  input.channels.push_back(0);
  const EngineSample sample = EngineRunner(network, on_grid).run(input);
  REQUIRE_FALSE(sample.ran_away);
  return static_cast<double>(sample.spikes.front().size());
}

}  // namespace

TEST_CASE("in exact time neurons learnt on a grid keep their rates") {
  const LearnedNetwork network = driven(200, 2.0);
  const double on_grid = spikes_of(network, true);
  REQUIRE(on_grid > 2000.0);
  CHECK(spikes_of(network, false) == doctest::Approx(on_grid).epsilon(0.02));
  LearnedNetwork untouched = network;
  for (double& t_ref : untouched.layers.front().t_ref) t_ref -= 1.0;
  CHECK(spikes_of(untouched, false) > 1.1 * on_grid);
}

TEST_CASE("what no model of the engine does is refused") {
  LearnedNetwork network = driven(5, 1.0);
  network.layers.front().rule = ResetRule::by_subtraction;
  CHECK_THROWS_WITH_AS((void)engine_description(network, true, {}),
                       doctest::Contains("resets by subtraction"), UsageError);
}

}  // namespace flurry
