// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/augmentation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

namespace flurry {
namespace {

SpikeInput comb() {
  SpikeInput input;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    input.times.push_back(0.05 * i);
    input.channels.push_back(i % 50);
  }
  return input;
}

SpikeInput changed(const Augmentation& augmentation, std::uint64_t element = 0) {
  SpikeInput input = comb();
  augmentation.apply(input, 50, 200.0, RandomSequence(1, Purpose::augmentation, 1, element));
  return input;
}

}  // namespace

TEST_CASE("nothing asked for, nothing changed; the same draw twice, the same sample") {
  CHECK(changed({}).times == comb().times);
  Augmentation all;
  all.jitter = 2.0;
  all.drop = 0.1;
  all.channel_jitter = 1.0;
  all.channel_shift = 3.0;
  all.stretch = 0.3;
  all.noise = 0.01;
  const SpikeInput once = changed(all);
  CHECK(once.times == changed(all).times);
  CHECK(once.channels == changed(all).channels);
  CHECK(once.times != changed(all, 1).times);
  for (std::size_t i = 0; i < once.times.size(); ++i) {
    CHECK(once.times[i] >= 0.0);
    CHECK(once.times[i] <= 200.0);
    CHECK(once.channels[i] < 50);
  }
}

TEST_CASE("spikes are lost with their probability, shifted together, stretched by one factor") {
  Augmentation drop;
  drop.drop = 0.25;
  CHECK(static_cast<double>(changed(drop).times.size()) == doctest::Approx(1500).epsilon(0.06));
  Augmentation shift;
  shift.channel_shift = 3.0;
  for (std::uint64_t element = 0; element < 20; ++element) {
    const SpikeInput input = changed(shift, element);
    const SpikeInput before = comb();
    const auto by = static_cast<std::int64_t>(input.channels[input.channels.size() / 2]) -
                    static_cast<std::int64_t>(before.channels[before.channels.size() / 2]);
    CAPTURE(by);
    CHECK(input.channels.size() <= before.channels.size());
    CHECK(input.channels.size() >= before.channels.size() * 46 / 50);
  }
  Augmentation stretch;
  stretch.stretch_range = 1.0;
  for (std::uint64_t element = 0; element < 20; ++element) {
    const SpikeInput input = changed(stretch, element);
    REQUIRE(input.times.size() == comb().times.size());
    const double factor = input.times[1] / 0.05;
    CHECK(factor >= 0.5);
    CHECK(factor <= 2.0);
    for (std::size_t i = 0; i < input.times.size(); i += 100)
      CHECK(input.times[i] == doctest::Approx(factor * 0.05 * static_cast<double>(i)));
  }
}

TEST_CASE("a band of channels and a stretch of time fall silent, and nothing else") {
  Augmentation mask;
  mask.channel_mask = 20.0;
  std::size_t widest = 0;
  for (std::uint64_t element = 0; element < 40; ++element) {
    const SpikeInput input = changed(mask, element);
    std::array<std::size_t, 50> count{};
    for (const std::uint32_t channel : input.channels) ++count[channel];
    std::size_t silent = 0;
    std::size_t edges = 0;
    for (std::size_t c = 0; c < 50; ++c) {
      CHECK((count[c] == 0 || count[c] == 40));
      silent += count[c] == 0 ? 1 : 0;
      edges += c > 0 && (count[c] == 0) != (count[c - 1] == 0) ? 1 : 0;
    }
    CHECK(silent <= 20);
    CHECK(edges <= 2);
    widest = std::max(widest, silent);
  }
  CHECK(widest >= 15);
  Augmentation pause;
  pause.time_mask = 40.0;
  double longest = 0.0;
  for (std::uint64_t element = 0; element < 40; ++element) {
    const SpikeInput input = changed(pause, element);
    const auto lost = static_cast<double>(2000 - input.times.size()) * 0.05;
    CHECK(lost <= 40.0 + 0.05);
    longest = std::max(longest, lost);
  }
  CHECK(longest >= 20.0);
}

TEST_CASE("a tilt loses spikes at one end of the channels, a stretch of channels moves the ends most") {
  Augmentation tilt;
  tilt.tilt = 1.0;
  std::size_t low_lost = 0;
  std::size_t high_lost = 0;
  for (std::uint64_t element = 0; element < 40; ++element) {
    std::size_t low = 0;
    std::size_t high = 0;
    for (const std::uint32_t channel : changed(tilt, element).channels) {
      low += channel < 5 ? 1 : 0;
      high += channel >= 45 ? 1 : 0;
    }
    CHECK(std::max(low, high) >= 170);  // of 200: one end keeps at least nine in ten on average
    low_lost += low < 150 ? 1 : 0;
    high_lost += high < 150 ? 1 : 0;
  }
  CHECK(low_lost >= 5);
  CHECK(high_lost >= 5);
  Augmentation apart;
  apart.channel_stretch = 0.2;
  for (std::uint64_t element = 0; element < 20; ++element) {
    const SpikeInput before = comb();
    const SpikeInput input = changed(apart, element);
    std::vector<std::uint32_t> to(50, 50);  // times are kept, so they name the spike
    for (std::size_t i = 0; i < input.times.size(); ++i)
      to[static_cast<std::size_t>(std::lround(input.times[i] / 0.05)) % 50] = input.channels[i];
    CHECK(to[25] == 25);
    for (std::uint32_t c = 0; c < 50; ++c) {
      if (to[c] == 50) continue;  // beyond the ends
      CHECK(std::abs(static_cast<double>(to[c]) - c) <= 0.2 * std::abs(c - 25.0) + 0.5);
    }
  }
}

TEST_CASE("noise has its rate on every channel") {
  Augmentation noise;
  noise.noise = 0.02;  // kHz x 200 ms x 50 channels = 200 spikes
  CHECK(static_cast<double>(changed(noise).times.size() - 2000) == doctest::Approx(200).epsilon(0.25));
}

}  // namespace flurry
