// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/base/spike.hpp"
#include "core/network/network.hpp"
#include "core/network/partition.hpp"

namespace flurry {

/// Where the spikes of the elements that are here go: along rows here, and to ranks with targets of them, and
/// to no others. A rank is told of a spike by the number of its sender there, 12 bytes with its time.
class SpikeExchange {
 public:
  static constexpr std::uint32_t no_row = Members::elsewhere;

  /// What came from other ranks: spikes numbered by rows, by population.
  struct Arrived {
    std::vector<std::vector<Spike>> of_neurons;
    std::vector<std::vector<Spike>> of_sources;
  };
  /// What all ranks agreed on with an exchange.
  struct Agreement {
    std::int64_t next_window = 0;  // the first anyone asked for
    bool stop = false;             // anyone asked for it
  };

  /// Called by all ranks. `is_source`: by population; `lanes`: threads that send at once.
  SpikeExchange(const Network& network, const Share& share, std::vector<bool> is_source, std::size_t lanes);

  /// The row here of an element that is here, or no_row where it has no targets here.
  [[nodiscard]] std::uint32_t row(std::uint32_t population, std::uint32_t element) const {
    return populations_[population].rows[element];
  }
  /// Whether no spike of a population leaves this rank, and its rows are its elements.
  [[nodiscard]] bool stays_here(std::uint32_t population) const {
    return populations_[population].stays_here;
  }

  /// Has a spike of an element that is here sent to the ranks it goes to, with the next exchange.
  void send(std::size_t lane, std::uint32_t population, const Spike& spike);
  /// Begins to exchange what was sent; work may go on until end(). All ranks say which window they want next,
  /// and whether they want to stop after this one.
  void begin(std::int64_t next_window, bool stop);
  /// What came; holds until the next end().
  const Arrived& end();
  [[nodiscard]] const Agreement& agreed() const { return agreed_; }

  /// Spikes sent to other ranks so far, one for each rank they went to.
  [[nodiscard]] std::uint64_t spikes_sent() const;
  [[nodiscard]] std::uint64_t memory_bytes() const;
  [[nodiscard]] Communicator& communicator() const { return share_.communicator; }

 private:
  struct Route {
    std::uint32_t rank = 0;
    std::uint32_t sender = 0;  // there, counted over all populations
  };
  struct Routes {
    std::vector<std::uint32_t> rows;   // by element here
    std::vector<std::uint32_t> first;  // by element here: of its routes
    std::vector<Route> routes;
    std::uint32_t first_sender = 0;  // of this population, counted over all
    bool stays_here = false;
  };
  struct Lane {
    std::vector<Communicator::Bytes> outgoing;  // by rank
    std::uint64_t spikes = 0;
  };

  void tell_owners(const Network& network);
  void find_what_stays(const Network& network);
  void receive(const Communicator::Bytes& message);

  Share share_;
  std::vector<bool> is_source_;
  std::vector<Routes> populations_;
  std::vector<Lane> lanes_;
  std::vector<Communicator::Bytes> outgoing_;
  std::vector<Communicator::Bytes> incoming_;
  std::vector<Communicator::Notice> notices_;
  Arrived arrived_;
  Agreement agreed_;
};

}  // namespace flurry
