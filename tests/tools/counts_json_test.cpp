// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/counts_json.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "io/text/json.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

// Every field another number, so that no two can be mixed up.
ActivityCounts odd_counts() {
  ActivityCounts counts;
  counts.duration = 1234.5678901234567;
  counts.windows = 21;
  counts.state_bytes = 1ULL << 60U;
  PopulationCounts neurons;
  static_cast<Tally&>(neurons) = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  neurons.name = "E \"quoted\" \xc3\xa9";
  neurons.model = "lif_exp";
  neurons.size = 1;
  PopulationCounts source;
  source.name = "in";
  source.model = "poisson";
  source.is_source = true;
  counts.populations = {neurons, source};
  counts.projections = {{"in_E", "in", "E", 17, 18, 19, 20}};
  return counts;
}

}  // namespace

TEST_CASE("counts survive the way through JSON text") {
  const ActivityCounts before = odd_counts();
  const std::string text = counts_text(before);
  const ActivityCounts after = parse_counts(parse_json(text, "counts"));
  CHECK(after.duration == before.duration);
  CHECK(after.windows == 21);
  CHECK(after.state_bytes == 1ULL << 60U);
  REQUIRE(after.populations.size() == 2);
  const PopulationCounts& e = after.populations[0];
  CHECK(e.name == before.populations[0].name);
  CHECK(e.model == "lif_exp");
  CHECK(e.size == 1);
  CHECK(e.spikes == 2);
  CHECK(e.arrivals == 3);
  CHECK(e.arrivals_refractory == 4);
  CHECK(e.updates_input == 5);
  CHECK(e.updates_crossing == 6);
  CHECK(e.updates_idle == 7);
  CHECK(e.exponentials == 8);
  CHECK(e.crossing_searches == 9);
  CHECK(e.queue_pushes == 10);
  CHECK(e.queue_pops == 11);
  CHECK(e.crossings_stale == 12);
  CHECK(after.populations[1].is_source);
  REQUIRE(after.projections.size() == 1);
  CHECK(after.projections[0].source == "in");
  CHECK(after.projections[0].synapses == 17);
  CHECK(after.projections[0].arrivals == 18);
  CHECK(after.projections[0].in_flight == 19);
  CHECK(after.projections[0].bytes_per_synapse == 20);
  CHECK(counts_text(after) == text);
}

TEST_CASE("doctored counts are refused") {
  std::string text = counts_text(odd_counts());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return parse_json(changed, "counts");
  };
  CHECK_THROWS_AS((void)parse_counts(with("\"windows\":21", "\"windows\":-1")), UsageError);
  CHECK_THROWS_AS((void)parse_counts(with("\"windows\":21", "\"window\":21")), UsageError);
  CHECK_THROWS_AS((void)parse_counts(with("\"windows\":21", "\"windows\":2.5")), UsageError);
  CHECK_THROWS_AS((void)parse_counts(parse_json("[]", "counts")), UsageError);
}

TEST_CASE("JSON text reads back, keeps the largest integers and shows no number that is not one") {
  const Document document = json(Document::Table{{"a", json(std::nan(""))},
                                                 {"b", json(0.1)},
                                                 {"c", json(std::int64_t{9007199254740993})},
                                                 {"d", json("x\n\"")},
                                                 {"e", json(std::vector<double>{1.5, 2.0})},
                                                 {"f", json(true)}});
  const Document back = parse_json(json_text(document), "x");
  CHECK(back.at("a", "x").is_null());
  CHECK(back.at("b", "x").number("b") == 0.1);
  CHECK(back.at("c", "x").integer("c") == 9007199254740993);
  CHECK(back.at("d", "x").text("d") == "x\n\"");
  CHECK(back.at("e", "x").array("e").size() == 2);
  CHECK(back.at("f", "x").boolean("f"));
  CHECK(json_text(json("\xff\xfe")).size() > 2);  // bytes that are no text are replaced, not refused
}

}  // namespace flurry
