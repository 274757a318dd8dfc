// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/readout_loss.hpp"

#include <algorithm>
#include <cmath>

namespace flurry {
namespace {

template <class Real>
std::size_t steps_of(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape) {
  return tape.V.size() / readout.stride;
}

/// The first step at which class k is largest.
template <class Real>
std::size_t peak(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape, std::size_t k) {
  std::size_t best = 0;
  for (std::size_t t = 1; t < steps_of(readout, tape); ++t)
    if (tape.V[t * readout.stride + k] > tape.V[best * readout.stride + k]) best = t;
  return best;
}

}  // namespace

template <class Real>
std::vector<Real> scores(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape,
                         ReadoutScore score) {
  const std::size_t steps = steps_of(readout, tape);
  std::vector<Real> result(readout.classes, Real{0});
  for (std::size_t k = 0; k < readout.classes && steps > 0; ++k) {
    if (score == ReadoutScore::sum_over_time)
      for (std::size_t t = 0; t < steps; ++t) result[k] += tape.V[t * readout.stride + k];
    else
      result[k] =
          tape.V[(score == ReadoutScore::last ? steps - 1 : peak(readout, tape, k)) * readout.stride + k];
  }
  return result;
}

template <class Real>
Real cross_entropy(const std::vector<Real>& scores, std::uint32_t label, std::vector<Real>& by_score) {
  const Real largest = *std::ranges::max_element(scores);
  by_score.resize(scores.size());
  Real sum{0};
  for (std::size_t k = 0; k < scores.size(); ++k) sum += by_score[k] = std::exp(scores[k] - largest);
  for (Real& p : by_score) p /= sum;
  by_score[label] -= Real{1};
  return std::log(sum) - (scores[label] - largest);
}

template <class Real>
void spread(const LeakyReadout<Real>& readout, const ReadoutTape<Real>& tape, ReadoutScore score,
            const std::vector<Real>& by_score, std::vector<Real>& to_V) {
  const std::size_t steps = steps_of(readout, tape);
  to_V.assign(tape.V.size(), Real{0});
  for (std::size_t k = 0; k < readout.classes && steps > 0; ++k) {
    if (score == ReadoutScore::sum_over_time)
      for (std::size_t t = 0; t < steps; ++t) to_V[t * readout.stride + k] = by_score[k];
    else
      to_V[(score == ReadoutScore::last ? steps - 1 : peak(readout, tape, k)) * readout.stride + k] =
          by_score[k];
  }
}

#define FLURRY_READOUT_LOSS(Real)                                                                       \
  template std::vector<Real> scores(const LeakyReadout<Real>&, const ReadoutTape<Real>&, ReadoutScore); \
  template Real cross_entropy(const std::vector<Real>&, std::uint32_t, std::vector<Real>&);             \
  template void spread(const LeakyReadout<Real>&, const ReadoutTape<Real>&, ReadoutScore,               \
                       const std::vector<Real>&, std::vector<Real>&)
FLURRY_READOUT_LOSS(float);
FLURRY_READOUT_LOSS(double);
#undef FLURRY_READOUT_LOSS

}  // namespace flurry
