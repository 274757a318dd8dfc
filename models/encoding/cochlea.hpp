// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// An inner ear: sound to spikes on channels from low to high frequency.
///
/// Basilar membrane: gammatone filters of 4th order (Patterson et al. 1992), complex one-pole cascades after
/// Hohmann 2002 (Acta Acust. united Acust. 88:433), equally spaced on the ERB-rate scale and 1.019 ERB wide
/// (Glasberg & Moore 1990, Hear. Res. 47:103). Hair cell: half-wave rectification, mean over 0.25 ms, power
/// law with exponent 1/4 (the membrane's growth of 0.2 to 0.3 dB/dB at middle levels; Ruggero et al. 1997,
/// J. Acoust. Soc. Am. 101:2151), one-pole low pass. Whitening: what a voice and a microphone do to a whole
/// sound is taken out in part, channel by channel (Atal 1974, J. Acoust. Soc. Am. 55:1304, on cepstra). Nerve
/// fibre: a leaky integrate-and-fire neuron in units of its threshold, driven by gain x hair cell.
struct CochleaParameters {
  std::uint32_t channels = 700;    // 1 to 65536
  double lowest = 80.0;            // Hz, centre of channel 0
  double highest = 3600.0;         // Hz, centre of the last channel; at most 7200
  bool level = true;               // scale each sound to the same root mean square before
  double gain = 3.2;               // drive of the fibre per hair cell output
  double whitening = 0.0;          // 0 to 1: share of the sound's own mean spectrum that is taken out
  double low_pass = 300.0;         // Hz, of the hair cell
  double tau_m = 10.0;             // ms, of the fibre
  double refractory_period = 5.0;  // ms
  double threshold_spread = 0.1;   // standard deviation over channels, threshold 1; drawn again below 0.5
  std::uint64_t seed = 1;          // of the thresholds
};

/// Hz: of all sound inside the cochlea.
inline constexpr double cochlea_rate = 16000.0;

/// Resamples sound to cochlea_rate by windowed sinc interpolation of 16 zero crossings a side; what lies
/// above half the lower of both rates is removed. `rate` in Hz, a whole number. UsageError where it is not or
/// not within 1 kHz to 1 MHz.
[[nodiscard]] std::vector<float> resample(std::span<const float> samples, double rate);

/// Filters, thresholds and work space for one set of parameters; `hear` may be called from several threads.
class Cochlea {
 public:
  /// UsageError for a parameter out of range.
  explicit Cochlea(const CochleaParameters& parameters);

  /// The spikes of a sound, in ms, ordered by time, then channel: a function of sound and parameters. All
  /// sound is brought to 16 kHz first, so that its rate does not matter. UsageError for a rate that resample
  /// refuses, or one below twice the highest centre frequency.
  [[nodiscard]] SpikeTrain hear(std::span<const float> samples, double rate) const;

  [[nodiscard]] std::uint32_t channels() const { return parameters_.channels; }
  /// Hz, by channel.
  [[nodiscard]] const std::vector<double>& frequencies() const { return frequencies_; }

 private:
  static constexpr std::size_t lanes = 16;  // channels filtered side by side

  struct Bank;
  [[nodiscard]] Bank bank_of(std::size_t number, std::span<const float> drive_gain) const;
  [[nodiscard]] std::vector<float> whitened(std::span<const float> sound) const;
  void hear_bank(std::span<const float> sound, std::size_t number, std::span<const float> drive_gain,
                 SpikeTrain& spikes) const;

  CochleaParameters parameters_;
  std::vector<double> frequencies_;
  std::vector<float> feedback_re_;  // of the one-pole filters, by channel, padded to whole banks
  std::vector<float> feedback_im_;
  std::vector<float> input_gain_;
  std::vector<float> drive_gain_;  // gain / threshold
  float low_pass_ = 0.0F;          // share of the hair cell's input taken over in one step
  float leak_ = 0.0F;              // of the fibre in one step
  float refractory_steps_ = 0.0F;
};

}  // namespace flurry
