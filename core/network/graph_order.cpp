// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/graph_order.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/cuthill_mckee_ordering.hpp>

namespace flurry {

std::vector<std::uint32_t> locality_order(std::uint32_t vertices,
                                          std::span<const std::pair<std::uint32_t, std::uint32_t>> edges) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                      boost::property<boost::vertex_color_t, boost::default_color_type,
                                                      boost::property<boost::vertex_degree_t, int>>>;
  Graph graph(vertices);
  for (const auto& [a, b] : edges) boost::add_edge(a, b, graph);
  std::vector<boost::graph_traits<Graph>::vertex_descriptor> order(vertices);
  boost::cuthill_mckee_ordering(graph, order.rbegin(), boost::get(boost::vertex_color, graph),
                                boost::make_degree_map(graph));
  return {order.begin(), order.end()};
}

}  // namespace flurry
