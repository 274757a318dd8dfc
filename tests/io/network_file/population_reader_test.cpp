// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/population_reader.hpp"

#include <doctest/doctest.h>

#include "tests/io/network_file/small_catalogue.hpp"

namespace flurry::testing {
namespace {

TEST_CASE("a population carries its model, size, parameters and place") {
  const PopulationDescription population = population_with("tau_m = 5\nV_th = '-0.05 V'");
  CHECK(population.name == "E");
  CHECK(population.model == "lif_exp");
  CHECK(population.size == 10);
  CHECK(population.where == "/data/n.toml:1");
  CHECK(population.parameters.size() == 2);
  CHECK_FALSE(population.layout.has_value());
}

TEST_CASE("a key the model does not have is refused with the nearest name, also under a foreign name") {
  CHECK(refusal_of_line("taum = 5") ==
        "unknown key 'taum' in population 'E' (/data/n.toml:4); did you mean 'tau_m'?");
  CHECK(refusal_of_line("tau_refrac = 5") ==
        "unknown key 'tau_refrac' in population 'E' (/data/n.toml:4); here it is called 't_ref'");
  CHECK(refusal_of_line("Size = 5").find("did you mean 'size'?") != std::string::npos);
  CHECK(refusal_of_line("elephants = 5").find("allowed: model size layout tau_m V_th t_ref leak") !=
        std::string::npos);
}

TEST_CASE("a missing or unknown model is refused") {
  CHECK(refusal("[populations.E]\nsize = 3") == "population 'E' (/data/n.toml:1) has no 'model'");
  CHECK(refusal("[populations.E]\nmodel = 'lif_ex'\nsize = 3") ==
        "unknown model 'lif_ex' in population 'E' (/data/n.toml:2); did you mean 'lif_exp'?");
}

TEST_CASE("a size is a whole number above 0 and must stand there") {
  const std::string head = "[populations.E]\nmodel = 'lif_exp'\n";
  CHECK(refusal(head) == "population 'E' (/data/n.toml:1) has no 'size'; expected a whole number > 0");
  CHECK(refusal(head + "size = 0") ==
        "size of population 'E' (/data/n.toml:3) is 0; allowed: 1 to 4294967295");
  for (const char* size : {"-1", "4294967296", "1.5", "'8'", "[3]"})
    CHECK(refusal(head + "size = " + size).find("size of population 'E' (/data/n.toml:3)") == 0);
}

TEST_CASE("a list whose length is not the size is refused") {
  CHECK(refusal_of_line("tau_m = [1, 2, 3]") ==
        "tau_m of population 'E' (/data/n.toml:4) lists 3 values; size is 10, and the two must be equal");
}

TEST_CASE("a source keeps its texts and tables, and may learn its size from its file") {
  const auto network = parse(
      "[populations.r]\nmodel = 'recording'\nfile = 'a/../b.raw'\npolarity = 'merge'\n"
      "[populations.p]\nmodel = 'poisson'\nsize = 2\nprofile = [[0, '10 Hz'], ['1 s', 20]]\n");
  const auto& recording = network.populations.at(0);
  CHECK(recording.size == 0);
  CHECK(recording.texts.at("file") == "/data/b.raw");
  CHECK(recording.texts.at("polarity") == "merge");
  CHECK(network.populations.at(1).tables.at("profile") ==
        std::vector<std::vector<double>>{{0.0, 10e-3}, {1000.0, 20e-3}});
  CHECK(parse("[populations.r]\nmodel = 'recording'\nfile = '/x/b.raw'").populations[0].texts.at("file") ==
        "/x/b.raw");
}

TEST_CASE("a list of times for each element may differ in length and gives the size") {
  const auto source =
      parse("[populations.s]\nmodel = 'spike_trains'\ntimes = [[1, '2 s'], [], [3]]").populations.at(0);
  CHECK(source.size == 3);
  CHECK(source.tables.at("times") == std::vector<std::vector<double>>{{1, 2000}, {}, {3}});
  CHECK(refusal("[populations.s]\nmodel = 'spike_trains'\ntimes = [1, 2]") ==
        "row 0 of times of population 's' (/data/n.toml:3) is the number 1; expected a list");
  CHECK(refusal("[populations.s]\nmodel = 'spike_trains'\ntimes = []").find("has no 'size'") !=
        std::string::npos);
}

TEST_CASE("a source without a file, and an option of the wrong type, are refused") {
  CHECK(refusal("[populations.r]\nmodel = 'recording'\npolarity = 'merge'").find("has no 'size'") !=
        std::string::npos);
  CHECK(refusal("[populations.r]\nmodel = 'recording'\nfile = 3") ==
        "file of population 'r' (/data/n.toml:3) is the number 3; expected a text");
  CHECK(refusal("[populations.r]\nmodel = 'recording'\nfile = ''").find("is empty") != std::string::npos);
  CHECK(refusal("[populations.p]\nmodel = 'poisson'\nsize = 2\nprofile = [[0, 1],\n[1]]") ==
        "row 1 of profile of population 'p' (/data/n.toml:5) has 1 values; expected 2");
  CHECK(refusal("[populations.p]\nmodel = 'poisson'\nsize = 2\nprofile = [[0, '1 ms']]").find("unit 'ms'") !=
        std::string::npos);
}

TEST_CASE("each layout is read and must have as many places as there are neurons") {
  const auto grid = population_with("layout = { grid = [5, 2], extent = [2.5, 1] }").layout.value();
  CHECK(grid.kind == Layout::Kind::grid);
  CHECK(grid.columns == 5);
  CHECK(grid.width == 2.5);
  CHECK(grid.height == 1.0);
  const auto random = population_with("layout = { random = [100, 50] }").layout.value();
  CHECK(random.kind == Layout::Kind::random);
  CHECK(random.width == 100.0);
  CHECK(random.height == 50.0);
  const auto list =
      parse("[populations.E]\nmodel = 'lif_exp'\nsize = 2\nlayout = { positions = [[0, 1], [2, -3.5]] }")
          .populations[0]
          .layout.value();
  CHECK(list.kind == Layout::Kind::list);
  CHECK(list.positions == std::vector<std::pair<double, double>>{{0, 1}, {2, -3.5}});
  CHECK(refusal_of_line("layout = { grid = [5, 3] }") ==
        "grid of layout of population 'E' (/data/n.toml:4) has 15 positions; size is 10, and the two must be "
        "equal");
  for (const std::string layout :
       {"{}", "{ grid = [5] }", "{ grid = [0, 10] }", "{ grid = [5, 2], random = [1, 1] }",
        "{ random = [1, 1], extent = [1, 1] }", "{ random = [1, 0] }", "{ random = [1, inf] }",
        "{ positions = [[1, 2]] }", "{ positions = [1, 2] }", "{ gird = [5, 2] }", "3"}) {
    CAPTURE(layout);
    CHECK(refusal_of_line("layout = " + layout).find("/data/n.toml:4") != std::string::npos);
  }
}

}  // namespace
}  // namespace flurry::testing
