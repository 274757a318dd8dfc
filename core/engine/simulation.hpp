// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/executor.hpp"
#include "core/engine/block.hpp"
#include "core/engine/calendar.hpp"
#include "core/engine/delivery.hpp"
#include "core/engine/engine_state.hpp"
#include "core/engine/event_queue.hpp"
#include "core/engine/grid_stepping.hpp"
#include "core/engine/processors.hpp"
#include "core/engine/spike_exchange.hpp"
#include "core/engine/spike_recorder.hpp"
#include "core/engine/state_sampling.hpp"
#include "core/engine/window_grid.hpp"

namespace flurry {

struct SimulationOptions {
  // Neurons whose arrivals are ordered together; rounded up to a power of two, at most 1024 in exact time and
  // 4096 on a grid. 0: as many as leave every thread some blocks.
  std::uint32_t block_size = 0;
  double longest_window = 8.0;  // ms; windows are never longer than the smallest delay
  GridOptions on_grid{};
};

/// The fast engine. Time runs in windows no longer than the smallest delay, within which nothing sent can
/// arrive: blocks of neurons share nothing and run side by side. Every window is three verbs:
///
///   advance  each block that has arrivals, a predicted crossing or a source spike in the window: order,
///            update, emit
///   record   the spikes of the window, ordered by time and neuron
///   deliver  each spike to the bins (window, block) of its targets
///
/// On a grid busy blocks are stepped instead, and what arrives at them is summed as it lands (GridStepping).
/// Windows and blocks that hold nothing are never visited. The same spikes, to the bit, for any executor, any
/// block size, and as SerialEngine: a neuron's arrivals are ordered by content before they are summed, and
/// all arithmetic on states is that of Neurons.
class Simulation {
 public:
  /// Called a few times per second of wall time with the time reached (ms); returning false stops at that
  /// time; where ranks share the network, all of them a window later.
  using Progress = std::function<bool(double now)>;

  Simulation(const Network& network, const Catalogue& catalogue, Executor& executor,
             SimulationOptions options = {});
  /// One rank of several that share the network, which was built with the same share. All ranks construct,
  /// run(), restore() and take fingerprint() together; recorders, state() and counts() are of what is here.
  /// The same spikes, to the bit, for any number of ranks.
  Simulation(const Network& network, const Catalogue& catalogue, Executor& executor, const Share& share,
             SimulationOptions options = {});

  void add_recorder(SpikeRecorder& recorder) { recorders_.push_back(&recorder); }
  /// Samples states from now() on, now() included unless it has been passed by run(). Changes nothing of what
  /// is simulated. UsageError for neurons or variables that are not there.
  void add_recorder(SampleRequest request, StateRecorder& recorder);
  /// Advances to `until_ms`, events and samples at that time included. May be called again with a later time.
  void run(double until_ms, const Progress& progress = {});

  /// Where the state of the simulation can be taken from the end of run() on: from this time (ms) on, which
  /// is now() where run() has come to the time asked for. Where it was stopped, spikes on their way have been
  /// forgotten until the largest delay has passed.
  [[nodiscard]] double saved_from() const;
  /// All it takes to go on from now(), which must not lie before saved_from().
  [[nodiscard]] EngineState state() const;
  /// Goes on from the state of a simulation of the same network, whatever its threads and blocks, with the
  /// same requests for samples. Spikes in flight of elements that are not here are passed over. Before the
  /// first run. FormatError where the state does not fit.
  void restore(const EngineState& state);
  /// Of the network with all its values: a state goes with it.
  [[nodiscard]] std::uint64_t fingerprint() const;

  /// Everything up to this time (ms) has happened.
  [[nodiscard]] double now() const { return reached_ms_; }
  [[nodiscard]] ActivityCounts counts() const;
  /// Membrane potential of a neuron (network-wide number) at now(), or within the present window at most.
  [[nodiscard]] double potential(std::uint32_t neuron) const;
  /// Bytes of neurons, sources and arrivals in flight (the network's rows are not among them).
  [[nodiscard]] std::uint64_t memory_bytes() const;
  /// Spikes sent to other ranks, one for each rank they went to.
  [[nodiscard]] std::uint64_t spikes_sent() const { return exchange_ ? exchange_->spikes_sent() : 0; }

 private:
  Simulation(const Network& network, const Catalogue& catalogue, Executor& executor, const Share* share,
             SimulationOptions options);

  // What one thread at a time works with.
  struct Lane {
    Lane(const Network& network, std::uint32_t blocks, std::int64_t windows_ahead)
        : calendar(blocks, windows_ahead),
          counts(network.populations().size()),
          sent(network.projections().size(), 0) {}

    Calendar calendar;
    BlockArrivals arrivals;
    GridRoom room;
    ArrivalColumns columns;
    OrderedArrivals ordered;
    std::vector<std::uint32_t> sampled;  // neurons of the block at hand
    // In a window cut short: what lies before the cut, and what lies behind, with its block.
    std::vector<Arrival> kept;
    std::vector<PackedArrival> kept_packed;
    std::vector<std::pair<std::uint32_t, Arrival>> later;
    std::vector<std::pair<std::uint32_t, PackedArrival>> later_packed;
    std::vector<Tally> counts;        // per population
    std::vector<std::uint64_t> sent;  // synapses, per projection
    // To be remembered: population, and the spike by its row.
    std::vector<std::pair<std::uint32_t, Spike>> arriving;
    double earliest = never;  // arrival of what was sent in the present window, not later than the first
  };

  void order_blocks(std::size_t parts);
  void start();
  void restore_crossings(double done_before);
  void draw_counted_again();
  std::vector<std::vector<Spike>> rows_of_remembered();
  void deliver_rest(double done_before);
  void schedule(std::uint32_t block, double time);
  void schedule_source(std::uint32_t block);
  [[nodiscard]] std::int64_t next_window();
  void stop_between_windows();
  void agree_on_window();
  void step(std::int64_t window, double end);
  void find_active(std::int64_t window, double end);
  void advance(std::size_t place, std::size_t lane, std::int64_t window, double end);
  void fetch_ahead(std::size_t place, std::int64_t window) const;
  void gather(Lane& lane, std::int64_t window, std::uint32_t block, double end);
  void record();
  void sort_by_population();
  void route(std::size_t place, std::size_t lane);
  void begin_exchange();
  void end_exchange();
  void deliver_arrived(const std::vector<std::vector<Spike>>& spikes, bool in_rings);
  void deliver();
  void deliver_on_grid();
  void fetch_rows(std::size_t sending) const;
  void deliver_one_by_one(std::size_t place, std::size_t lane);

  const Network& network_;
  Executor& executor_;
  Processors processors_;
  WindowGrid grid_;
  std::unique_ptr<SpikeExchange> exchange_;  // where ranks share the network
  std::unique_ptr<GridStepping> stepping_;   // on a grid
  std::uint32_t block_shift_ = 8;
  WeightCodes codes_;
  std::vector<Delivery> deliveries_;  // of each projection
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> first_block_;  // of each population
  std::vector<Lane> lanes_;
  EventQueue wake_ups_;
  std::vector<std::uint32_t> turn_;          // of each block among those of a window
  std::vector<std::uint32_t> active_;        // blocks of the present window, in turn
  std::vector<std::int64_t> active_since_;   // per block: the step that put it into active_
  std::vector<std::vector<Spike>> emitted_;  // by place in active_
  std::vector<std::vector<Spike>> leaving_;  // on a grid: spikes of neurons by population, by row
  std::vector<std::uint32_t> sending_;       // places in active_ with spikes
  std::vector<Spike> recorded_;
  std::vector<SpikeRecorder*> recorders_;
  std::unique_ptr<StateSampling> sampling_;  // where states are recorded
  Traffic traffic_;
  double remember_from_ = 0.0;  // spikes from here on may still be in flight at the end
  double known_from_ = -never;  // all spikes from here on are remembered
  double now_ = 0.0;            // in the network's unit
  double done_before_ = 0.0;    // all that happens before has happened
  double reached_ms_ = 0.0;     // the same, or what run was asked for
  GridWindow points_;           // on a grid: of the present window
  std::int64_t window_ = 0;
  std::int64_t steps_ = 0;
  bool cut_ = false;  // the present window ends at the end of the run, not at its own
  bool started_ = false;
  bool stop_wanted_ = false;          // here; all ranks stop after the next exchange
  std::vector<double> shortest_way_;  // by population: smallest delay of what it sends
};

}  // namespace flurry
