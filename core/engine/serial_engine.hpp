// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/event_queue.hpp"
#include "core/engine/processors.hpp"
#include "core/engine/spike_recorder.hpp"
#include "core/engine/state_recorder.hpp"

namespace flurry {

/// The reference engine: one queue, one event after the other, meant to be read and believed. Simulation must
/// give the same spikes, to the bit.
///
/// The queue holds one entry per spike and projection in flight, never one per synapse: a row is walked in
/// order of delay, and the entry is put back for the next delay when the present one has been delivered.
class SerialEngine {
 public:
  SerialEngine(const Network& network, const Catalogue& catalogue);

  void add_recorder(SpikeRecorder& recorder) { recorders_.push_back(&recorder); }
  /// Before the first run: samples states as Simulation does.
  void add_recorder(SampleRequest request, StateRecorder& recorder);
  /// Advances to `until_ms`, events at that time included. May be called again with a later time.
  void run(double until_ms);
  [[nodiscard]] ActivityCounts counts() const;

 private:
  struct Delivery {
    std::uint32_t target = 0;  // network-wide
    double weight = 0.0;
  };

  struct Sampled {
    SampleRequest request;
    StateRecorder* recorder = nullptr;
    std::uint64_t next = 0;
  };

  void start();
  void sample_before(double time);
  void step(double now);
  void deliver(const Event& arrival);
  void receive(double now);
  void cross(std::uint32_t neuron, double now);
  void send(double now, std::uint32_t neuron);
  void await(std::uint32_t source, double spike);
  void predict(std::uint32_t neuron, double crossing);
  [[nodiscard]] std::uint64_t synapse(const Event& arrival) const;

  const Network& network_;
  Processors processors_;
  EventQueue queue_;
  std::vector<double> crossings_;                     // what each neuron's latest prediction says
  std::vector<std::vector<std::uint32_t>> by_delay_;  // per projection: order of each row's synapses by delay
  std::vector<Delivery> deliveries_;                  // of the present instant
  SpikeTrain spikes_;                                 // of the present call of run
  std::vector<PopulationCounts> counts_;
  Traffic traffic_;
  std::vector<SpikeRecorder*> recorders_;
  std::vector<Sampled> sampled_;
  double now_ = 0.0;
  bool started_ = false;
};

}  // namespace flurry
