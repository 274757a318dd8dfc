// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/network_file.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/io/network_file/small_catalogue.hpp"

namespace flurry::testing {
namespace {

const char* const two =
    "[run]\nuntil = '1 s'\nseed = 7\n"
    "[populations.Z]\nmodel = 'lif_exp'\nsize = 2\ntau_m = { gamma = { mean = 20, shape = 3 }, min = 2 }\n"
    "[populations.A]\nmodel = 'lif_exp'\nsize = 3\n"
    "[projections.last]\nsource = 'Z'\ntarget = 'A'\nrule = 'all_to_all'\nweight = 1\n"
    "[projections.first]\nsource = 'A'\ntarget = 'Z'\nrule = 'all_to_all'\nweight = 2\n";

TEST_CASE("populations and projections come in the order of the file") {
  const NetworkDescription network = parse(two);
  REQUIRE(network.populations.size() == 2);
  CHECK(network.populations[0].name == "Z");
  CHECK(network.populations[1].name == "A");
  CHECK(network.projections[0].name == "last");
  CHECK(network.projections[1].name == "first");
  CHECK(network.projections[1].weight.constant_value() == 2.0);
  CHECK(network.projections[1].where == "/data/n.toml:16");
}

TEST_CASE("seed and duration are read, and have defaults") {
  CHECK(parse(two).seed == 7);
  CHECK(parse(two).duration == 1000.0);
  const NetworkDescription plain = parse("[populations.E]\nmodel = 'lif_exp'\nsize = 1\n");
  CHECK(plain.seed == 1);
  CHECK_FALSE(plain.duration.has_value());
  const std::string rest = "\n[populations.E]\nmodel = 'lif_exp'\nsize = 1\n";
  for (const std::string line : {"until = 0", "until = '-1 s'", "until = '1 mV'", "until = inf", "seed = -1",
                                 "seed = 1.5", "sed = 1"}) {
    CAPTURE(line);
    CHECK(refusal("[run]\n" + line + rest).find("/data/n.toml:2") != std::string::npos);
  }
}

TEST_CASE("unknown sections, empty networks, odd names and tables on one line are refused") {
  CHECK(refusal("[population.E]\nmodel = 'lif_exp'\nsize = 1\n") ==
        "unknown key 'population' in the network (/data/n.toml:1); did you mean 'populations'?");
  CHECK(refusal("") == "/data/n.toml has no populations; expected at least one table [populations.NAME]");
  CHECK(refusal("populations = 3").find("(/data/n.toml:1) is the number 3; expected a table") !=
        std::string::npos);
  CHECK(refusal("[populations]\nE = 3").find("'E' in [populations] (/data/n.toml:2) is the number 3") == 0);
  CHECK(refusal("[populations.'a/b']\nmodel = 'lif_exp'\nsize = 1\n").find("use letters, digits, _ and -") !=
        std::string::npos);
  CHECK(refusal("populations = { B = { model = 'lif_exp', size = 1 }, A = { model = 'lif_exp', size = 1 } }")
            .find("stand on one line") != std::string::npos);
  CHECK_THROWS_AS((void)parse(std::string(two) + "[populations.A]\nsize = 2\n"), FormatError);
}

TEST_CASE("a setting replaces a value, reaches into distributions, and adds a missing key") {
  const auto network =
      parse(two, {"populations.A.tau_m=30 ms", "run.until=0.5 s", "run.seed=9", "projections.first.delay=2.5",
                  "populations.Z.tau_m.gamma.mean=40", "populations.A.V_th = { uniform = [-60, -50] }"});
  CHECK(network.populations[1].parameters.at("tau_m").constant_value() == 30.0);
  CHECK(network.populations[0].parameters.at("tau_m").mean() == doctest::Approx(40.0));
  CHECK(network.duration == 500.0);
  CHECK(network.seed == 9);
  CHECK(network.projections[1].delay.constant_value() == 2.5);
}

TEST_CASE("a setting can add [run] and whole tables, and keeps the order of the file") {
  const std::string bare =
      "[populations.Z]\nmodel = 'lif_exp'\nsize = 1\n[populations.B]\nmodel = 'lif_exp'\nsize = 1\n";
  CHECK(parse(bare, {"run.seed=3"}).seed == 3);
  const auto network = parse(bare, {"populations.A={ model = 'lif_exp', size = 4 }",
                                    "populations.Z={ model = 'lif_exp', size = 5 }"});
  REQUIRE(network.populations.size() == 3);
  CHECK(network.populations[0].name == "Z");
  CHECK(network.populations[0].size == 5);
  CHECK(network.populations[2].name == "A");
}

TEST_CASE("a setting that leads nowhere or is out of range is refused and names itself") {
  CHECK(refusal(two, {"population.A.size=3"}) ==
        "unknown key 'population' in --set population.A.size; did you mean 'populations'?");
  CHECK(refusal(two, {"populations.AA.size=3"}).find("did you mean 'A'?") != std::string::npos);
  CHECK(refusal(two, {"populations.A.taum=3"}) ==
        "unknown key 'taum' in population 'A' (--set populations.A.taum); did you mean 'tau_m'?");
  CHECK(refusal(two, {"populations.A.tau_m=-3"}) ==
        "tau_m of population 'A' (--set populations.A.tau_m) is -3 ms; allowed: > 0 ms");
  CHECK(refusal(two, {"populations.A.size.x=3"}).find("there is no 'x' in the number 3 (/data/n.toml:10)") !=
        std::string::npos);
  for (const std::string setting :
       {"", "x", "=3", "populations.A.=3", "populations.A.tau_m={ gamma = ", "populations.A.tau_m="}) {
    CAPTURE(setting);
    CHECK(refusal(two, {setting}).find("--set ") != std::string::npos);
  }
}

TEST_CASE("the network keeps its text, its settings as comments, and its origin") {
  CHECK(parse(two).text == two);
  CHECK(parse(two).origin == "/data/n.toml");
  const auto changed = parse(two, {"run.seed=9", "populations.A.tau_m=30 ms"});
  CHECK(changed.text == std::string(two) + "# --set run.seed=9\n# --set populations.A.tau_m=30 ms\n");
  CHECK(parse(changed.text).populations.size() == 2);
}

TEST_CASE("paths are relative to the file, those of settings to the current directory") {
  const std::string text = "[populations.r]\nmodel = 'recording'\nfile = 'x.raw'\n";
  CHECK(parse(text).populations[0].texts.at("file") == "/data/x.raw");
  CHECK(parse(text, {"populations.r.file=y.raw"}).populations[0].texts.at("file") ==
        (std::filesystem::current_path() / "y.raw").string());
  const auto here = parse_network_file(text, "n.toml", small_catalogue()).populations[0].texts.at("file");
  CHECK(here == (std::filesystem::current_path() / "x.raw").string());
}

TEST_CASE("a network file reads as its text does, and a missing one is a SystemError") {
  const auto path =
      std::filesystem::temp_directory_path() / ("flurry_network_file_test_" + std::to_string(getpid()));
  std::ofstream(path) << two;
  const NetworkDescription network = read_network_file(path, small_catalogue(), {"run.seed=4"});
  std::filesystem::remove(path);
  CHECK(network.seed == 4);
  CHECK(network.origin == path.string());
  CHECK(network.populations.size() == 2);
  CHECK_THROWS_AS((void)read_network_file(path, small_catalogue()), SystemError);
}

TEST_CASE("a network file cut anywhere is read or refused, and never anything else") {
  const std::string whole = two;
  int refused = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    try {
      const NetworkDescription network = parse(whole.substr(0, length));
      CHECK_FALSE(network.populations.empty());
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(refused > 100);
}

}  // namespace
}  // namespace flurry::testing
