// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/cochlea.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <string>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"
#include "core/network/distribution.hpp"

namespace flurry {
namespace {

constexpr std::size_t samples_a_step = 4;                        // of the hair cell and the fibre
constexpr double step = 1000.0 * samples_a_step / cochlea_rate;  // ms
constexpr std::uint32_t fibre_stream = 3;                        // of Purpose::scene
constexpr double lowest_fibre_threshold = 0.5;

void require_cochlea(bool allowed, std::string_view name, double value, std::string_view range) {
  if (!allowed)
    throw UsageError("cochlea: " + std::string(name) + " is " + shortest(value) + "; it must be " +
                     std::string(range));
}

void check(const CochleaParameters& p) {
  require_cochlea(p.channels >= 1 && p.channels <= 65536, "channels", p.channels, "1 to 65536");
  require_cochlea(p.lowest >= 20.0 && p.lowest <= p.highest, "lowest", p.lowest,
                  "20 Hz to the highest frequency");
  require_cochlea(p.highest <= 7200.0, "highest", p.highest, "up to 7200 Hz");
  require_cochlea(p.gain > 0.0 && std::isfinite(p.gain), "gain", p.gain, "> 0");
  require_cochlea(p.whitening >= 0.0 && p.whitening <= 1.0, "whitening", p.whitening, "0 to 1");
  require_cochlea(p.low_pass >= 10.0 && p.low_pass <= 2000.0, "low_pass", p.low_pass, "10 to 2000 Hz");
  require_cochlea(p.tau_m >= 0.1 && p.tau_m <= 1e4, "tau_m", p.tau_m, "0.1 to 10000 ms");
  require_cochlea(p.refractory_period >= 0.0 && p.refractory_period <= 1e4, "refractory_period",
                  p.refractory_period, "0 to 10000 ms");
  require_cochlea(p.threshold_spread >= 0.0 && p.threshold_spread <= 0.5, "threshold_spread",
                  p.threshold_spread, "0 to 0.5");
}

// Glasberg & Moore 1990, eqs 3 and 4; Hz.
double erb_rate(double frequency) { return 21.4 * std::log10(1.0 + 0.00437 * frequency); }
double frequency_of(double rate) { return (std::pow(10.0, rate / 21.4) - 1.0) / 0.00437; }
double bandwidth(double frequency) { return 24.7 * (0.00437 * frequency + 1.0); }

/// Scale to a root mean square of 1; silence stays silence.
void level(std::vector<float>& sound) {
  double power = 0.0;
  for (const float value : sound) power += double{value} * value;
  if (power == 0.0) return;
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(sound.size()) / power));
  for (float& value : sound) value *= scale;
}

}  // namespace

Cochlea::Cochlea(const CochleaParameters& parameters) : parameters_(parameters) {
  check(parameters);
  const std::size_t count = parameters.channels;
  const std::size_t padded = (count + lanes - 1) / lanes * lanes;
  const double first = erb_rate(parameters.lowest);
  const double apart =
      count > 1 ? (erb_rate(parameters.highest) - first) / static_cast<double>(count - 1) : 0.0;
  frequencies_.resize(count);
  for (auto* values : {&feedback_re_, &feedback_im_, &input_gain_, &drive_gain_}) values->resize(padded);
  const Distribution thresholds =
      Distribution::normal(1.0, parameters.threshold_spread).truncated(lowest_fibre_threshold, never);
  for (std::size_t i = 0; i < count; ++i) {
    const double frequency = frequency_of(first + apart * static_cast<double>(i));
    frequencies_[i] = frequency;
    constexpr double turn = 2.0 * std::numbers::pi / cochlea_rate;
    const double decay = std::exp(-turn * 1.019 * bandwidth(frequency));
    feedback_re_[i] = static_cast<float>(decay * std::cos(turn * frequency));
    feedback_im_[i] = static_cast<float>(decay * std::sin(turn * frequency));
    // A tone at the centre comes out as it went in; twice, for half of it lies at negative frequency.
    input_gain_[i] = static_cast<float>(2.0 * std::pow(1.0 - decay, 4.0));
    RandomSequence random(parameters.seed, Purpose::scene, fibre_stream, i);
    const double threshold = parameters.threshold_spread > 0.0 ? thresholds.draw(random, 0) : 1.0;
    drive_gain_[i] = static_cast<float>(parameters.gain / threshold);
  }
  low_pass_ = static_cast<float>(-std::expm1(-2.0 * std::numbers::pi * parameters.low_pass * step / 1000.0));
  leak_ = static_cast<float>(std::exp(-step / parameters.tau_m));
  refractory_steps_ = static_cast<float>(std::lround(parameters.refractory_period / step));
}

/// The state of some channels side by side.
struct Cochlea::Bank {
  using Lane = std::array<float, lanes>;

  Lane re{}, im{}, gain{};              // coefficients of the filters
  std::array<Lane, 4> y_re{}, y_im{};   // outputs of the four stages
  Lane rectified{};                     // sum over a step
  Lane hair{}, drive_gain{};            // hair cell
  Lane v{}, last_v{}, drive{}, held{};  // fibre; held: steps until it may fire again

  void filter(float x) {
    for (std::size_t c = 0; c < lanes; ++c) {
      float in_re = gain[c] * x;
      float in_im = 0.0F;
      for (std::size_t k = 0; k < 4; ++k) {
        const float old = y_re[k][c];
        y_re[k][c] = std::fma(re[c], old, std::fma(-im[c], y_im[k][c], in_re));
        y_im[k][c] = std::fma(re[c], y_im[k][c], std::fma(im[c], old, in_im));
        in_re = y_re[k][c];
        in_im = y_im[k][c];
      }
      rectified[c] += std::max(in_re, 0.0F);
    }
  }

  /// One step of hair cell and fibre; whether some fibre has come to its threshold.
  bool advance(float low_pass, float leak) {
    float highest = 0.0F;
    for (std::size_t c = 0; c < lanes; ++c) {
      const float compressed = std::sqrt(std::sqrt(rectified[c] * (1.0F / samples_a_step)));
      rectified[c] = 0.0F;
      hair[c] = std::fma(low_pass, compressed - hair[c], hair[c]);
      drive[c] = drive_gain[c] * hair[c];
      last_v[c] = v[c];
      const float free = std::fma(leak, v[c] - drive[c], drive[c]);
      v[c] = held[c] > 0.0F ? 0.0F : free;
      held[c] -= 1.0F;
    }
    for (std::size_t c = 0; c < lanes; ++c) highest = std::max(highest, v[c]);
    return highest >= 1.0F;
  }
};

Cochlea::Bank Cochlea::bank_of(std::size_t number, std::span<const float> drive_gain) const {
  Bank b;
  const std::size_t first = number * lanes;
  for (std::size_t c = 0; c < lanes; ++c) {
    b.re[c] = feedback_re_[first + c];
    b.im[c] = feedback_im_[first + c];
    b.gain[c] = input_gain_[first + c];
    b.drive_gain[c] = drive_gain[first + c];
  }
  return b;
}

// The drive of each channel once the sound's mean spectrum is taken out: by how much the channel's hair cells
// are above or below the mean of all, to the power of `whitening`. A channel without sound counts as one with
// a tenth.
std::vector<float> Cochlea::whitened(std::span<const float> sound) const {
  constexpr double least = 0.1;
  const std::size_t steps = sound.size() / samples_a_step;
  std::vector<double> mean(parameters_.channels, 0.0);
  for (std::size_t number = 0; number * lanes < mean.size(); ++number) {
    Bank b = bank_of(number, drive_gain_);
    const std::size_t first = number * lanes;
    const std::size_t here = std::min(lanes, mean.size() - first);
    for (std::size_t n = 0; n < steps; ++n) {
      for (const float x : sound.subspan(n * samples_a_step, samples_a_step)) b.filter(x);
      (void)b.advance(low_pass_, leak_);
      for (std::size_t c = 0; c < here; ++c) mean[first + c] += static_cast<double>(b.hair[c]);
    }
  }
  const double all = std::accumulate(mean.begin(), mean.end(), 0.0) / static_cast<double>(mean.size());
  std::vector<float> result = drive_gain_;
  if (all > 0.0)
    for (std::size_t c = 0; c < mean.size(); ++c)
      result[c] *= static_cast<float>(std::pow(std::max(mean[c] / all, least), -parameters_.whitening));
  return result;
}

void Cochlea::hear_bank(std::span<const float> sound, std::size_t number, std::span<const float> drive_gain,
                        SpikeTrain& spikes) const {
  Bank b = bank_of(number, drive_gain);
  const std::size_t first = number * lanes;
  const std::size_t steps = sound.size() / samples_a_step;
  for (std::size_t n = 0; n < steps; ++n) {
    for (const float x : sound.subspan(n * samples_a_step, samples_a_step)) b.filter(x);
    if (!b.advance(low_pass_, leak_)) continue;
    for (std::size_t c = 0; c < lanes; ++c) {
      if (b.v[c] < 1.0F) continue;
      // The drive is constant within a step, so the crossing has a closed form.
      const double drive = b.drive[c];
      const double fraction =
          std::clamp(parameters_.tau_m / step * std::log((drive - b.last_v[c]) / (drive - 1.0)), 0.0, 1.0);
      spikes.push_back({(static_cast<double>(n) + fraction) * step, static_cast<std::uint32_t>(first + c)});
      b.v[c] = 0.0F;
      b.held[c] = refractory_steps_;
    }
  }
}

SpikeTrain Cochlea::hear(std::span<const float> samples, double rate) const {
  if (rate < 2.0 * parameters_.highest)
    throw UsageError("cochlea: sound at " + shortest(rate) + " Hz has nothing above " + shortest(rate / 2.0) +
                     " Hz; the highest channel must not lie above, but is at " +
                     shortest(parameters_.highest) + " Hz");
  std::vector<float> sound = resample(samples, rate);
  if (parameters_.level) level(sound);
  SpikeTrain spikes;
  const std::vector<float> drive_gain = parameters_.whitening > 0.0 ? whitened(sound) : drive_gain_;
  for (std::size_t bank = 0; bank * lanes < parameters_.channels; ++bank)
    hear_bank(sound, bank, drive_gain, spikes);
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace flurry
