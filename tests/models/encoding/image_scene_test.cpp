// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/image_scene.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "models/encoding/event_camera.hpp"
#include "models/encoding/moving_scene.hpp"

using namespace flurry;

namespace {
namespace image_scene_test {

CameraParameters ideal_camera(std::uint32_t width, std::uint32_t height) {
  CameraParameters p;
  p.width = width;
  p.height = height;
  p.threshold_spread = p.leak_rate = p.noise_rate = p.refractory_period = 0.0;
  return p;
}

GreyPicture filled(std::uint32_t width, std::uint32_t height, float value) {
  return {width, height, std::vector<float>(std::size_t{width} * height, value)};
}

std::vector<double> seen(const Scene& scene, double time, std::uint32_t width, std::uint32_t height) {
  std::vector<double> luminance(std::size_t{width} * height);
  scene.luminance(time, width, luminance);
  return luminance;
}

}  // namespace image_scene_test
using namespace image_scene_test;
}  // namespace

TEST_CASE("a step from one frame to the next gives each pixel as many events as thresholds fit into it") {
  const std::vector<float> levels{0.1F, 0.25F, 0.5F, 1.0F};
  const FrameScene film([&](std::size_t i) { return filled(5, 3, levels[i]); }, levels.size(), 20.0, 1e-9);
  CameraParameters p = ideal_camera(5, 3);
  p.threshold_on = 0.11;
  p.duration = film.duration();
  p.frame_interval = 20.0;
  CHECK(p.duration == 60.0);
  const std::vector<AddressEvent> events = watch(p, film);
  std::map<std::pair<int, int>, int> count;
  for (const AddressEvent& event : events) {
    CHECK(event.on);
    ++count[{event.x, event.y}];
  }
  CHECK(count.size() == 15);
  const int expected = static_cast<int>(std::floor(std::log(10.0) / 0.11));
  for (const auto& [pixel, events_here] : count) CHECK(events_here == expected);
  // Log luminance is linear between frames: crossing k of the first step at 20 ms * k * 0.11 / log(2.5).
  CHECK(events.front().t == static_cast<std::int64_t>(std::floor(20'000.0 * 0.11 / std::log(2.5))));
}

TEST_CASE("a film that brightens and darkens gives on events, then off events") {
  const std::vector<float> levels{0.2F, 1.0F, 0.15F};
  const FrameScene film([&](std::size_t i) { return filled(2, 2, levels[i]); }, levels.size(), 10.0, 1e-9);
  CameraParameters p = ideal_camera(2, 2);
  p.threshold_on = p.threshold_off = 0.2;  // log 5 = 8.05 thresholds
  p.duration = film.duration();
  p.frame_interval = 10.0;
  const std::vector<AddressEvent> events = watch(p, film);
  const auto on = std::count_if(events.begin(), events.end(), [](const AddressEvent& e) { return e.on; });
  CHECK(on == 4 * 8);
  CHECK(events.size() == 4 * (8 + 9));  // down by 9.49 thresholds, from 0.05 above the last report
}

TEST_CASE("saccades trace a triangle: corners, symmetry, and stillness after") {
  // One white pixel in the middle of 11x11, one degree a pixel.
  GreyPicture dot = filled(11, 11, 0.0F);
  dot.values[5 * 11 + 5] = 1.0F;
  const SaccadeScene scene(dot, 0.1, {100.0, 2.0});
  CHECK(scene.duration() == 300.0);
  const auto centre = [&](double time) {
    const std::vector<double> view = seen(scene, time, 11, 11);
    double x = 0.0, y = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < view.size(); ++i) {
      const double light = view[i] - 0.1;
      x += light * static_cast<double>(i % 11);
      y += light * static_cast<double>(i / 11);
      sum += light;
    }
    CHECK(sum == doctest::Approx(0.9));
    return std::pair{x / sum - 5.0, y / sum - 5.0};
  };
  // The picture goes against the camera; camera up is picture down.
  const std::map<double, std::pair<double, double>> corners{
      {0.0, {1.0, 1.0}},   {100.0, {0.0, -1.0}}, {200.0, {-1.0, 1.0}}, {300.0, {1.0, 1.0}},
      {400.0, {1.0, 1.0}}, {50.0, {0.5, 0.0}},   {150.0, {-0.5, 0.0}}, {250.0, {0.0, 1.0}}};
  for (const auto& [time, place] : corners) {
    CAPTURE(time);
    CHECK(centre(time).first == doctest::Approx(place.first));
    CHECK(centre(time).second == doctest::Approx(place.second));
  }
  CameraParameters p = ideal_camera(11, 11);
  p.duration = 400.0;
  const std::vector<AddressEvent> events = watch(p, scene);
  CHECK(events.size() > 100);
  CHECK(events.back().t < 300'000);
}

TEST_CASE("a moving edge sends one wave of events along its way, in order of place") {
  GreyPicture half = filled(40, 31, 0.0F);
  for (std::size_t i = 0; i < half.values.size(); ++i) half.values[i] = i % 40 < 20 ? 1.0F : 0.0F;
  const SaccadeScene scene(half, 0.2, {100.0, 10.0});  // the edge goes left by 5 pixels in the first saccade
  CameraParameters p = ideal_camera(40, 31);
  p.duration = 100.0;
  p.threshold_on = p.threshold_off = 1.0;  // log 5 = 1.6 thresholds
  std::map<int, std::int64_t> arrival;
  for (const AddressEvent& event : watch(p, scene)) {
    if (event.y != 15 || event.x < 6) continue;  // the dark rim moves too
    CHECK_FALSE(event.on);
    CHECK(arrival.try_emplace(event.x, event.t).second);
  }
  REQUIRE(arrival.size() == 5);
  std::int64_t before = 100'000;
  for (const auto& [x, t] : arrival) {
    CHECK(t < before);  // further left, later
    before = t;
  }
}

TEST_CASE("the photoreceptor follows a step as one pole does") {
  // A step of log luminance by 2 at 0: the k-th crossing of 0.1 at -tau log(1 - 0.05 k).
  const FrameScene film([](std::size_t i) { return filled(1, 1, i == 0 ? std::exp(-2.0F) : 1.0F); }, 2000,
                        0.05, 1e-9);
  CameraParameters p = ideal_camera(1, 1);
  p.threshold_on = 0.1;
  p.frame_interval = 0.05;
  p.duration = 60.0;
  p.bandwidth = 20.0;
  const double tau = 1000.0 / (2.0 * std::numbers::pi * 20.0);
  const std::vector<AddressEvent> events = watch(p, film);
  REQUIRE(events.size() == 19);
  for (std::size_t k = 0; k < 19; ++k) {
    const double expected = -tau * std::log1p(-0.05 * static_cast<double>(k + 1));
    CHECK(std::abs(static_cast<double>(events[k].t) * 1e-3 - expected) < 0.06);
  }
  p.bandwidth = 1e9;  // as none
  const std::vector<AddressEvent> fast = watch(p, film);
  p.bandwidth = 0.0;
  CHECK(fast == watch(p, film));
}

TEST_CASE("events handed over as they come are those of the whole, in the same order") {
  CameraParameters p;
  p.width = 24;
  p.height = 18;
  p.duration = 60.0;
  for (const double interval : {1.0, 0.7303, 0.0104}) {
    p.frame_interval = interval;
    const MovingScene scene(3);
    std::vector<AddressEvent> pieces;
    std::size_t calls = 0;
    watch(p, scene, [&](std::span<const AddressEvent> events) {
      ++calls;
      pieces.insert(pieces.end(), events.begin(), events.end());
    });
    CHECK(calls > 10);
    CHECK(std::is_sorted(pieces.begin(), pieces.end(), [](const AddressEvent& a, const AddressEvent& b) {
      return std::tie(a.t, a.y, a.x, a.on) < std::tie(b.t, b.y, b.x, b.on);
    }));
    CHECK(pieces == watch(p, scene));
  }
}

TEST_CASE("takes of one camera share their thresholds and nothing else") {
  CameraParameters p = ideal_camera(20, 20);
  p.threshold_spread = 0.03;
  const FrameScene film([](std::size_t i) { return filled(20, 20, i == 0 ? 0.3F : 1.0F); }, 2, 10.0, 1e-9);
  p.frame_interval = p.duration = 10.0;
  const std::vector<AddressEvent> quiet = watch(p, film);
  p.take = 1;
  CHECK(watch(p, film) == quiet);
  p.noise_rate = 1000.0;
  const std::vector<AddressEvent> noisy = watch(p, film);
  p.take = 2;
  CHECK(watch(p, film) != noisy);
}

TEST_CASE("frames without a time between them are refused") {
  for (const double interval : {0.0, -1.0, 1e-4, double{INFINITY}, double{NAN}})
    CHECK_THROWS_WITH_AS(FrameScene([](std::size_t) { return filled(1, 1, 0.0F); }, 2, interval, 0.5),
                         doctest::Contains("between frames is"), UsageError);
}

TEST_CASE("black without light is refused") {
  CHECK_THROWS_WITH_AS(SaccadeScene(filled(2, 2, 0.0F), 0.0),
                       "scene: the luminance of black is 0 of white's; it must be > 0 and at most 1",
                       UsageError);
  CHECK_THROWS_AS(FrameScene([](std::size_t) { return filled(1, 1, 0.0F); }, 1, 1.0, NAN), UsageError);
}
