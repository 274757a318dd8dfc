// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/cochlea.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

using namespace flurry;

namespace cochlea_test {
namespace {

std::vector<float> tone(double frequency, double rate, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(rate * seconds));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(
        0.1 * std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(i) / rate));
  return samples;
}

// Three tones under a slow envelope: nothing above 3 kHz.
std::vector<float> chord(double rate) {
  std::vector<float> samples(static_cast<std::size_t>(rate * 0.3));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate;
    const double envelope = std::sin(std::numbers::pi * t / 0.3);
    const double turn = 2.0 * std::numbers::pi * t;
    samples[i] = static_cast<float>(envelope * (0.3 * std::sin(310.0 * turn) + 0.2 * std::sin(990.0 * turn) +
                                                0.1 * std::sin(2900.0 * turn)));
  }
  return samples;
}

std::vector<std::size_t> counts(const SpikeTrain& spikes, std::uint32_t channels) {
  std::vector<std::size_t> of(channels);
  for (const Spike& spike : spikes) ++of[spike.neuron];
  return of;
}

}  // namespace

TEST_CASE("cochlea: centre frequencies are equally spaced on the ERB-rate scale, low to high") {
  const Cochlea cochlea(CochleaParameters{});
  const std::vector<double>& f = cochlea.frequencies();
  REQUIRE(f.size() == 700);
  CHECK(f.front() == doctest::Approx(80.0));
  CHECK(f.back() == doctest::Approx(3600.0));
  const auto rate = [](double frequency) { return 21.4 * std::log10(1.0 + 0.00437 * frequency); };
  const double apart = rate(f[1]) - rate(f[0]);
  for (std::size_t i = 1; i < f.size(); ++i) CHECK(rate(f[i]) - rate(f[i - 1]) == doctest::Approx(apart));
}

TEST_CASE("cochlea: a tone excites the channels of its frequency most and first") {
  CochleaParameters parameters;
  parameters.threshold_spread = 0.0;
  parameters.channels = 120;
  const Cochlea cochlea(parameters);
  for (const double frequency : {200.0, 700.0, 2000.0, 3300.0}) {
    CAPTURE(frequency);
    const std::vector<std::size_t> of = counts(cochlea.hear(tone(frequency, 16000.0, 0.4), 16000.0), 120);
    double sum = 0.0;
    double weighted = 0.0;
    for (std::size_t i = 0; i < of.size(); ++i) {
      sum += static_cast<double>(of[i]);
      weighted += static_cast<double>(of[i]) * static_cast<double>(i);
    }
    REQUIRE(sum > 0.0);
    std::size_t nearest = 0;
    for (std::size_t i = 0; i < of.size(); ++i)
      if (std::abs(cochlea.frequencies()[i] - frequency) <
          std::abs(cochlea.frequencies()[nearest] - frequency))
        nearest = i;
    CHECK(std::abs(weighted / sum - static_cast<double>(nearest)) < 4.0);
    CHECK(of[nearest] + 1 >= *std::max_element(of.begin(), of.end()));
  }
}

TEST_CASE("cochlea: spikes are ordered, on existing channels, and no closer than the refractory period") {
  CochleaParameters parameters;
  parameters.channels = 37;  // no whole number of banks
  parameters.gain = 20.0;
  const SpikeTrain spikes = Cochlea(parameters).hear(chord(16000.0), 16000.0);
  REQUIRE(spikes.size() > 1000);
  CHECK(std::is_sorted(spikes.begin(), spikes.end()));
  std::vector<double> last(37, -100.0);
  double closest = 1e9;
  for (const Spike& spike : spikes) {
    REQUIRE(spike.neuron < 37);
    REQUIRE(spike.time >= 0.0);
    REQUIRE(spike.time <= 300.0);
    closest = std::min(closest, spike.time - last[spike.neuron]);
    last[spike.neuron] = spike.time;
  }
  CHECK(closest > parameters.refractory_period - 0.25);
}

TEST_CASE("cochlea: the same sound at another rate gives nearly the same spikes") {
  CochleaParameters parameters;
  parameters.channels = 100;
  const Cochlea cochlea(parameters);
  const SpikeTrain reference = cochlea.hear(chord(16000.0), 16000.0);
  REQUIRE(reference.size() > 300);
  const std::vector<std::size_t> expected = counts(reference, 100);
  for (const double rate : {8000.0, 11025.0, 22050.0, 44100.0, 48000.0}) {
    CAPTURE(rate);
    const SpikeTrain spikes = cochlea.hear(chord(rate), rate);
    const std::vector<std::size_t> found = counts(spikes, 100);
    std::size_t different = 0;
    for (std::size_t i = 0; i < 100; ++i)
      different += found[i] > expected[i] ? found[i] - expected[i] : expected[i] - found[i];
    CHECK(static_cast<double>(different) < 0.02 * static_cast<double>(reference.size()));
  }
}

TEST_CASE("cochlea: loudness does not matter unless asked for, silence is silent, seeds set thresholds") {
  CochleaParameters parameters;
  parameters.channels = 50;
  std::vector<float> sound = chord(16000.0);
  const SpikeTrain spikes = Cochlea(parameters).hear(sound, 16000.0);
  std::vector<float> quiet = sound;
  for (float& value : quiet) value *= 0x1p-6F;
  CHECK(Cochlea(parameters).hear(quiet, 16000.0) == spikes);
  CHECK(Cochlea(parameters).hear(sound, 16000.0) == spikes);
  CHECK(Cochlea(parameters).hear(std::vector<float>(4000), 8000.0).empty());
  CHECK(Cochlea(parameters).hear({}, 8000.0).empty());
  CochleaParameters other = parameters;
  other.seed = 2;
  CHECK(Cochlea(other).hear(sound, 16000.0) != spikes);
  other = parameters;
  other.level = false;
  CHECK(Cochlea(other).hear(quiet, 16000.0).size() < Cochlea(other).hear(sound, 16000.0).size());
}

TEST_CASE("cochlea: whitening takes out what a microphone does to a whole sound, and by as much as it says") {
  // The same two tones through a dull and a shrill microphone.
  const auto through = [](float low, float high) {
    std::vector<float> sound = tone(400.0, 16000.0, 0.5);
    const std::vector<float> other = tone(2500.0, 16000.0, 0.5);
    for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = low * sound[i] + high * other[i];
    return sound;
  };
  const std::vector<float> dull = through(1.0F, 0.2F);
  const std::vector<float> shrill = through(0.2F, 1.0F);
  std::vector<std::size_t> apart;
  for (const double whitening : {0.0, 0.5, 1.0}) {
    CochleaParameters parameters;
    parameters.channels = 60;
    parameters.whitening = whitening;
    const Cochlea cochlea(parameters);
    const std::vector<std::size_t> a = counts(cochlea.hear(dull, 16000.0), 60);
    const std::vector<std::size_t> b = counts(cochlea.hear(shrill, 16000.0), 60);
    std::size_t& sum = apart.emplace_back(0);
    for (std::size_t i = 0; i < 60; ++i) sum += a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
    CHECK(cochlea.hear(std::vector<float>(4000), 8000.0).empty());
    CHECK(cochlea.hear({}, 8000.0).empty());
  }
  CAPTURE(apart[0]);
  CAPTURE(apart[1]);
  CAPTURE(apart[2]);
  CHECK(apart[0] > 100);
  CHECK(apart[1] < 0.75 * static_cast<double>(apart[0]));
  CHECK(apart[2] < 0.35 * static_cast<double>(apart[0]));
}

TEST_CASE("cochlea: a fibre under constant drive fires as its closed form says") {
  // A low tone near one channel's centre long enough to settle would ripple; the closed form is checked
  // through the rate: period = tau ln(I / (I - 1)) + refractory, I from the mean of the fourth root of a half
  // sine.
  CochleaParameters parameters;
  parameters.channels = 1;
  parameters.lowest = parameters.highest = 2000.0;
  parameters.threshold_spread = 0.0;
  parameters.low_pass = 20.0;  // nearly constant
  parameters.level = false;
  parameters.gain = 5.0;
  std::vector<float> sound = tone(2000.0, 16000.0, 2.0);
  // In a step of four samples, half a period of the tone: each second step is positive, with mean of |sin| at
  // four points; only their order depends on the phase.
  const SpikeTrain spikes = Cochlea(parameters).hear(sound, 16000.0);
  REQUIRE(spikes.size() > 20);
  const double interval = (spikes.back().time - spikes[spikes.size() / 2].time) /
                          static_cast<double>(spikes.size() - 1 - spikes.size() / 2);
  const double free = interval - parameters.refractory_period;
  const double drive = 1.0 / -std::expm1(-free / parameters.tau_m);
  // amplitude 0.1; positive half in one step (mean 0.1 x 2/pi at most), compressed, every second step
  const double most = 5.0 * 0.5 * std::pow(0.1 * 0.6284, 0.25);
  CHECK(drive < 1.25 * most);
  CHECK(drive > 0.8 * most);
}

TEST_CASE("resample: a tone keeps its shape, what the lower rate cannot hold goes") {
  for (const double rate : {8000.0, 44100.0}) {
    const std::vector<float> same = resample(tone(1000.0, rate, 0.2), rate);
    const std::vector<float> expected = tone(1000.0, 16000.0, 0.2);
    REQUIRE(same.size() == expected.size());
    float worst = 0.0F;
    for (std::size_t i = 200; i + 200 < same.size(); ++i)
      worst = std::max(worst, std::abs(same[i] - expected[i]));
    CHECK(worst < 2e-4F);
  }
  const std::vector<float> gone = resample(tone(12000.0, 48000.0, 0.2), 48000.0);
  for (std::size_t i = 200; i + 200 < gone.size(); ++i) REQUIRE(std::abs(gone[i]) < 1e-3F);
  CHECK_THROWS_AS((void)resample({}, 8000.5), UsageError);
  CHECK_THROWS_AS((void)resample({}, 10.0), UsageError);
}

TEST_CASE("cochlea: refuses parameters and rates out of range") {
  const auto with = [](auto change) {
    CochleaParameters parameters;
    change(parameters);
    return parameters;
  };
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.channels = 0; })), UsageError);
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.highest = 8000.0; })), UsageError);
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.lowest = 4000.0; })), UsageError);
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.gain = std::nan(""); })), UsageError);
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.whitening = 1.1; })), UsageError);
  CHECK_THROWS_AS(Cochlea(with([](auto& p) { p.whitening = std::nan(""); })), UsageError);
  CHECK_THROWS_WITH_AS((void)Cochlea(CochleaParameters{}).hear({}, 4000.0),
                       "cochlea: sound at 4000 Hz has nothing above 2000 Hz; the highest channel must not "
                       "lie above, but is at "
                       "3600 Hz",
                       UsageError);
}

}  // namespace cochlea_test
