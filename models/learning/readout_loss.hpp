// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/learning/surrogate_layer.hpp"

namespace flurry {

/// What a readout's potentials over time say of a class.
enum class ReadoutScore : std::uint8_t { max_over_time, sum_over_time, last };

/// The score of each class, [readout.classes], from V of steps 0 .. steps - 1.
template <class Real>
std::vector<Real> scores(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape,
                         ReadoutScore score);

/// Cross-entropy of the softmax of `scores` against `label`, nats. `by_score`: its gradient, p - one-hot.
template <class Real>
Real cross_entropy(const std::vector<Real>& scores, std::uint32_t label, std::vector<Real>& by_score);

/// Spreads the gradient by the scores over the steps that made them: `to_V`, [steps][stride].
template <class Real>
void spread(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape, ReadoutScore score,
            const std::vector<Real>& by_score, std::vector<Real>& to_V);

}  // namespace flurry
