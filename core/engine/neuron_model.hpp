// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>

#include "core/engine/arrival.hpp"

namespace flurry {

/// What a file in models/neuron must define: pure functions on values, usable without any engine.
///
/// Between events a state moves by `advance` with the propagator of the time elapsed, which depends on the
/// neuron's constants and that time only, so that a batch of them can be computed at once. Constants and
/// State are structs of doubles, so that eight neurons can be computed at once. While refractory it moves by
/// `rest`. `may_cross` may err only towards true: false promises that `next_crossing` lies beyond `horizon`.
template <class M>
concept NeuronDynamics = requires(const typename M::Parameters& parameters,
                                  const typename M::Constants& constants, typename M::State& state,
                                  const typename M::State& fixed, const typename M::Propagator& propagator,
                                  const ArrivalSum& sum, double elapsed) {
  { M::check(parameters) } -> std::same_as<std::string>;  // "" or what is wrong between parameters
  { M::constants(parameters) } -> std::same_as<typename M::Constants>;
  { M::initial(parameters, constants) } -> std::same_as<typename M::State>;
  { M::refractory_time(constants) } -> std::same_as<double>;
  { M::potential(fixed, constants) } -> std::same_as<double>;
  { M::propagator(constants, elapsed) }
  noexcept->std::same_as<typename M::Propagator>;
  { M::advance(state, constants, propagator) }
  noexcept;
  { M::rest(state, constants, propagator) }
  noexcept;
  { M::receive(state, constants, sum) }
  noexcept;
  { M::receive_refractory(state, constants, sum) }
  noexcept;
  { M::at_threshold(fixed, constants) }
  noexcept->std::same_as<bool>;
  { M::reset(state, constants) }
  noexcept;
  { M::may_cross(fixed, constants, elapsed) }
  noexcept->std::same_as<bool>;
  { M::next_crossing(fixed, constants) }
  noexcept->std::same_as<double>;  // elapsed ms, or infinity
};

/// A model may also define a propagator that is cheaper to compute for neurons of which `is_quick` holds. It
/// must have the same bits.
template <class M>
concept QuickDynamics = requires(const typename M::Constants& constants, double elapsed) {
  { M::is_quick(constants) }
  noexcept->std::same_as<bool>;
  { M::quick_propagator(constants, elapsed) }
  noexcept->std::same_as<typename M::Propagator>;
};

/// The propagator of one neuron, by the cheaper way where it has one.
template <class M>
typename M::Propagator propagator_of(const typename M::Constants& constants, double elapsed) noexcept {
  if constexpr (QuickDynamics<M>)
    if (M::is_quick(constants)) return M::quick_propagator(constants, elapsed);
  return M::propagator(constants, elapsed);
}

/// How many kinds of input a model tells apart: excitation and inhibition, or their sum alone where it says
/// `channels = 1`.
template <class M>
inline constexpr std::uint32_t input_channels = [] {
  if constexpr (requires { M::channels; }) return std::uint32_t{M::channels};
  return std::uint32_t{2};
}();

}  // namespace flurry
