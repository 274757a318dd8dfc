// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <doctest/doctest.h>

#include "core/network/network_builder.hpp"
#include "io/network_file/network_file.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {
namespace {

const std::filesystem::path examples = std::filesystem::path(FLURRY_SOURCE_DIR) / "examples";

TEST_CASE("the first example is a valid network of the size it says") {
  const NetworkDescription network = read_network_file(examples / "first.toml", catalogue());
  validate(network, catalogue());
  Executor one;
  const Network built = build(network, one);
  CHECK(built.size() == 2000);
  CHECK(built.synapses() == 1000 * (100 + 80 + 20));
  CHECK(built.smallest_delay() == 1.0);
}

TEST_CASE("the main example is a valid network once its recording is known") {
  NetworkDescription network = read_network_file(examples / "heterogeneous.toml", catalogue());
  CHECK(network.populations.at(0).texts.at("file") == (examples / "scene.raw").string());
  CHECK(network.populations.at(0).size == 0);
  network.populations[0].size = 48 * 36;
  validate(network, catalogue());
  double synapses = 0.0;
  for (const ProjectionDescription& projection : network.projections) {
    CHECK(projection.weight.is_random());
    CHECK(projection.delay.is_random());
    synapses += expected_synapses(projection, 1, projection.target == "E" ? 8000 : 2000);
  }
  CHECK(synapses == 10000 * (20 + 80 + 20));
}

}  // namespace
}  // namespace flurry::testing
