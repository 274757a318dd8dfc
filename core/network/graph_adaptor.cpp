// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/graph_adaptor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/pending/disjoint_sets.hpp>
#include <boost/property_map/property_map.hpp>

namespace flurry {
namespace {

/// A network seen as a directed graph: vertices are network-wide neuron numbers, edges are synapses. Nothing
/// is copied; it models BGL's IncidenceGraph and VertexListGraph.
struct NetworkGraph {
  struct Edge {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    friend bool operator==(const Edge&, const Edge&) = default;
  };

  /// Walks the rows a neuron owns in one projection after the other.
  class OutEdgeIterator
      : public boost::iterator_facade<OutEdgeIterator, Edge, boost::forward_traversal_tag, Edge> {
   public:
    OutEdgeIterator() = default;
    OutEdgeIterator(const NetworkGraph& graph, std::uint32_t neuron, bool at_end)
        : graph_(&graph), neuron_(neuron), outgoing_(&graph.outgoing[graph.network->population_of(neuron)]) {
      place_ = at_end ? outgoing_->size() : 0;
      enter();
    }

   private:
    friend class boost::iterator_core_access;

    void enter() {
      synapse_ = end_ = 0;
      for (; place_ < outgoing_->size(); ++place_) {
        const Projection& projection = current();
        const std::uint32_t row = neuron_ - graph_->network->populations()[projection.source].first;
        synapse_ = projection.rows[row];
        end_ = projection.rows[row + 1];
        if (synapse_ < end_) return;
      }
      synapse_ = end_ = 0;
    }
    [[nodiscard]] const Projection& current() const {
      return graph_->network->projections()[(*outgoing_)[place_]];
    }
    [[nodiscard]] Edge dereference() const {
      const Projection& projection = current();
      return {neuron_,
              graph_->network->populations()[projection.target].first + projection.targets[synapse_]};
    }
    [[nodiscard]] bool equal(const OutEdgeIterator& other) const {
      return place_ == other.place_ && synapse_ == other.synapse_;
    }
    void increment() {
      if (++synapse_ < end_) return;
      ++place_;
      enter();
    }

    const NetworkGraph* graph_ = nullptr;
    std::uint32_t neuron_ = 0;
    const std::vector<std::uint32_t>* outgoing_ = nullptr;
    std::size_t place_ = 0;
    std::uint64_t synapse_ = 0;
    std::uint64_t end_ = 0;
  };

  explicit NetworkGraph(const Network& n) : network(&n), outgoing(n.populations().size()) {
    for (std::uint32_t i = 0; i < n.projections().size(); ++i)
      outgoing[n.projections()[i].source].push_back(i);
  }

  const Network* network;
  std::vector<std::vector<std::uint32_t>> outgoing;  // projections leaving each population
};

// The free functions BGL looks for by argument-dependent lookup.
std::pair<NetworkGraph::OutEdgeIterator, NetworkGraph::OutEdgeIterator> out_edges(std::uint32_t v,
                                                                                  const NetworkGraph& g) {
  return {NetworkGraph::OutEdgeIterator(g, v, false), NetworkGraph::OutEdgeIterator(g, v, true)};
}
std::uint64_t out_degree(std::uint32_t v, const NetworkGraph& g) {
  std::uint64_t degree = 0;
  for (auto [edge, end] = out_edges(v, g); edge != end; ++edge) ++degree;
  return degree;
}
std::uint32_t source(const NetworkGraph::Edge& e, const NetworkGraph&) { return e.source; }
std::uint32_t target(const NetworkGraph::Edge& e, const NetworkGraph&) { return e.target; }
std::uint32_t num_vertices(const NetworkGraph& g) { return g.network->size(); }
std::pair<boost::counting_iterator<std::uint32_t>, boost::counting_iterator<std::uint32_t>> vertices(
    const NetworkGraph& g) {
  return {boost::counting_iterator<std::uint32_t>(0),
          boost::counting_iterator<std::uint32_t>(g.network->size())};
}

}  // namespace
}  // namespace flurry

template <>
struct boost::graph_traits<flurry::NetworkGraph> {
  using vertex_descriptor = std::uint32_t;
  using edge_descriptor = flurry::NetworkGraph::Edge;
  using directed_category = boost::directed_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  // NOLINTNEXTLINE(readability-identifier-naming): the name BGL looks for
  struct traversal_category : boost::incidence_graph_tag, boost::vertex_list_graph_tag {};
  using out_edge_iterator = flurry::NetworkGraph::OutEdgeIterator;
  using vertex_iterator = boost::counting_iterator<std::uint32_t>;
  using degree_size_type = std::uint64_t;
  using vertices_size_type = std::uint32_t;
  static vertex_descriptor null_vertex() { return std::numeric_limits<std::uint32_t>::max(); }
};

namespace flurry {
namespace {

std::vector<bool> reached(const NetworkGraph& graph, const std::vector<bool>& population_is_source) {
  const Network& network = *graph.network;
  std::vector<boost::default_color_type> colors(network.size(), boost::white_color);
  const auto color_map =
      boost::make_iterator_property_map(colors.begin(), boost::typed_identity_property_map<std::uint32_t>());
  boost::queue<std::uint32_t> queue;
  for (std::size_t p = 0; p < network.populations().size(); ++p) {
    if (!population_is_source[p]) continue;
    const Population& population = network.populations()[p];
    for (std::uint32_t v = population.first; v < population.first + population.size(); ++v)
      if (colors[v] == boost::white_color)
        boost::breadth_first_visit(graph, v, queue, boost::default_bfs_visitor(), color_map);
  }
  std::vector<bool> result(network.size());
  for (std::uint32_t v = 0; v < network.size(); ++v) result[v] = colors[v] != boost::white_color;
  return result;
}

}  // namespace

std::vector<bool> reached_from_sources(const Network& network,
                                       const std::vector<bool>& population_is_source) {
  return reached(NetworkGraph(network), population_is_source);
}

Reach reach_from_sources(const Network& network, const std::vector<bool>& population_is_source) {
  BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<NetworkGraph>));
  BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<NetworkGraph>));
  const NetworkGraph graph(network);
  const std::vector<bool> is_reached = reached(graph, population_is_source);
  Reach result;
  for (std::size_t p = 0; p < network.populations().size(); ++p) {
    if (population_is_source[p]) continue;
    const Population& population = network.populations()[p];
    for (std::uint32_t v = population.first; v < population.first + population.size(); ++v)
      ++(is_reached[v] ? result.neurons_reached : result.neurons_unreached);
  }
  // Parts: union-find over all synapses, whose direction does not matter here.
  std::vector<std::uint32_t> rank(network.size());
  std::vector<std::uint32_t> parent(network.size());
  boost::disjoint_sets<std::uint32_t*, std::uint32_t*> parts(rank.data(), parent.data());
  const auto [begin, end] = vertices(graph);
  for (auto v = begin; v != end; ++v) parts.make_set(*v);
  for (auto v = begin; v != end; ++v)
    for (auto [edge, last] = out_edges(*v, graph); edge != last; ++edge)
      parts.union_set(*v, target(*edge, graph));
  std::vector<std::uint64_t> sizes(network.size(), 0);
  for (auto v = begin; v != end; ++v) ++sizes[parts.find_set(*v)];
  for (const std::uint64_t size : sizes) {
    result.parts += size > 1 ? 1 : 0;
    result.largest_part = std::max(result.largest_part, size);
  }
  return result;
}

}  // namespace flurry
