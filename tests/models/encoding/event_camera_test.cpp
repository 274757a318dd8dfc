// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/event_camera.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "models/encoding/moving_scene.hpp"

using namespace flurry;

namespace {

using Events = std::vector<AddressEvent>;

/// The same luminance everywhere, a function of time.
class UniformScene final : public Scene {
 public:
  explicit UniformScene(std::function<double(double)> value) : value_(std::move(value)) {}
  void luminance(double time, std::uint32_t /*width*/, std::span<double> luminance) const override {
    std::fill(luminance.begin(), luminance.end(), value_(time));
  }

 private:
  std::function<double(double)> value_;
};

/// Log luminance rising at `rate` per ms.
UniformScene exponential(double rate) {
  return UniformScene([rate](double t) { return std::exp(rate * t); });
}

CameraParameters ideal(std::uint32_t width, std::uint32_t height) {
  CameraParameters p;
  p.width = width;
  p.height = height;
  p.threshold_spread = p.leak_rate = p.noise_rate = p.refractory_period = 0.0;
  return p;
}

double per_pixel_second(const Events& events, const CameraParameters& p) {
  return static_cast<double>(events.size()) / (p.width * p.height * p.duration * 1e-3);
}

bool ordered(const Events& events) {
  return std::is_sorted(events.begin(), events.end(), [](const AddressEvent& a, const AddressEvent& b) {
    return std::tie(a.t, a.y, a.x) < std::tie(b.t, b.y, b.x);
  });
}

}  // namespace

TEST_CASE("a steadily brightening pixel reports each time log luminance has grown by the threshold") {
  CameraParameters p = ideal(1, 1);
  p.threshold_on = 0.13;
  const double rate = 0.01;
  for (const double interval : {0.25, 1.0, 3.7}) {
    p.frame_interval = interval;
    const Events events = watch(p, exponential(rate));
    REQUIRE(events.size() == 76);  // 10 / 0.13
    for (std::size_t k = 0; k < events.size(); ++k) {
      const double expected = 1000.0 * static_cast<double>(k + 1) * p.threshold_on / rate;
      CHECK(std::abs(static_cast<double>(events[k].t) - expected) <= 1.0);
      CHECK(events[k].on);
    }
  }
}

TEST_CASE("a darkening pixel reports off by its own threshold") {
  CameraParameters p = ideal(1, 1);
  p.threshold_off = 0.3;
  const Events events = watch(p, exponential(-0.01));
  CHECK(events.size() == 33);
  CHECK(std::none_of(events.begin(), events.end(), [](const AddressEvent& e) { return e.on; }));
  CHECK(std::abs(events.front().t - 30'000) <= 1);
}

TEST_CASE("the refractory period is added to every interval") {
  CameraParameters p = ideal(1, 1);
  p.threshold_on = 0.1;
  for (const double hold : {0.3, 7.0, 40.0}) {
    p.refractory_period = hold;
    const Events events = watch(p, exponential(0.01));
    CHECK(events.size() == static_cast<std::size_t>((1000.0 + hold) / (10.0 + hold)));
    for (std::size_t k = 1; k < events.size(); ++k)
      CHECK(std::abs(static_cast<double>(events[k].t - events[k - 1].t) - 1000.0 * (10.0 + hold)) <= 1.0);
  }
}

TEST_CASE("a still scene gives leak and noise alone, at their rates") {
  const UniformScene still([](double) { return 2.5; });
  CameraParameters p = ideal(50, 40);
  CHECK(watch(p, still).empty());
  p.leak_rate = 4.0;
  p.duration = 900.0;
  const Events leak = watch(p, still);
  CHECK(leak.size() == 2000 * 3);  // at 250, 500, 750 ms
  CHECK(std::abs(leak.front().t - 250'000) <= 1);
  CHECK(std::all_of(leak.begin(), leak.end(), [](const AddressEvent& e) { return e.on; }));
  p.duration = 1000.0;
  p.leak_rate = 0.0;
  p.noise_rate = 20.0;
  const Events noise = watch(p, still);
  CHECK(per_pixel_second(noise, p) == doctest::Approx(20.0).epsilon(0.03));  // 6 sigma of 40,000
  const auto on = std::count_if(noise.begin(), noise.end(), [](const AddressEvent& e) { return e.on; });
  CHECK(static_cast<double>(on) / static_cast<double>(noise.size()) == doctest::Approx(0.5).epsilon(0.03));
  p.refractory_period = 50.0;  // a Poisson process with dead time: rate / (1 + rate dead time)
  CHECK(per_pixel_second(watch(p, still), p) == doctest::Approx(10.0).epsilon(0.06));
}

TEST_CASE("thresholds differ between pixels by the spread asked for, and never fall below 0.01") {
  CameraParameters p = ideal(80, 50);
  p.threshold_on = 0.2;
  p.threshold_spread = 0.04;
  std::map<std::uint32_t, double> first;
  for (const AddressEvent& e : watch(p, exponential(0.001)))
    first.try_emplace(e.y * p.width + e.x, static_cast<double>(e.t) * 1e-6);
  REQUIRE(first.size() == 4000);
  double sum = 0.0, squares = 0.0;
  for (const auto& [pixel, threshold] : first) {
    CHECK(threshold >= 0.0099);
    sum += threshold;
    squares += threshold * threshold;
  }
  const double mean = sum / 4000.0;
  CHECK(mean == doctest::Approx(0.2).epsilon(0.02));
  CHECK(std::sqrt(squares / 4000.0 - mean * mean) == doctest::Approx(0.04).epsilon(0.07));
}

TEST_CASE("what is seen is a function of the seed") {
  CameraParameters p;
  p.width = 32;
  p.height = 24;
  p.duration = 200.0;
  const MovingScene scene(4);
  const Events events = watch(p, scene);
  CHECK(events.size() > 1000);
  CHECK(watch(p, scene) == events);
  CHECK(watch(p, MovingScene(4)) == events);
  CHECK(watch(p, MovingScene(5)) != events);
  p.seed = 2;
  CHECK(watch(p, scene) != events);
}

TEST_CASE("a longer watch begins with the shorter one") {
  CameraParameters p;
  p.width = 20;
  p.height = 20;
  p.duration = 100.0;
  const MovingScene scene(1);
  const Events brief = watch(p, scene);
  p.duration = 150.0;
  const Events all = watch(p, scene);
  REQUIRE(all.size() > brief.size());
  CHECK(std::equal(brief.begin(), brief.end(), all.begin()));
}

TEST_CASE(
    "the moving scene gives a lively recording with slow and fast stretches, in order and on the sensor") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CameraParameters p;
    p.seed = seed;
    const Events events = watch(p, MovingScene(seed));
    CHECK(events.size() > 100'000);
    CHECK(events.size() < 300'000);
    CHECK(ordered(events));
    REQUIRE(std::all_of(events.begin(), events.end(), [&](const AddressEvent& e) {
      return e.t >= 0 && e.t < 1'000'000 && e.x < p.width && e.y < p.height;
    }));
    std::vector<std::size_t> busy(20);
    for (const AddressEvent& e : events) ++busy[static_cast<std::size_t>(e.t / 50'000)];
    const auto [slow, fast] = std::minmax_element(busy.begin(), busy.end());
    CHECK(*fast > 3 * *slow / 2);
    const auto on = std::count_if(events.begin(), events.end(), [](const AddressEvent& e) { return e.on; });
    CHECK(static_cast<double>(on) / static_cast<double>(events.size()) == doctest::Approx(0.5).epsilon(0.1));
  }
}

TEST_CASE("a pixel keeps its refractory period between any two reports") {
  CameraParameters p;
  p.width = 40;
  p.height = 30;
  p.refractory_period = 2.0;
  p.noise_rate = 50.0;
  std::map<std::uint32_t, std::int64_t> last;
  std::size_t repeats = 0;
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  for (const AddressEvent& e : watch(p, MovingScene(1))) {
    const auto [entry, fresh] = last.try_emplace(e.y * p.width + e.x, e.t);
    if (fresh) continue;
    shortest = std::min(shortest, e.t - entry->second);
    entry->second = e.t;
    ++repeats;
  }
  CHECK(repeats > 10'000);
  CHECK(shortest >= 1999);  // us; both times are rounded down
}

TEST_CASE("impossible cameras and scenes are refused in words") {
  const auto refused = [](auto change, const char* words) {
    CameraParameters p = ideal(2, 2);
    change(p);
    CHECK_THROWS_WITH_AS(static_cast<void>(watch(p, exponential(0.0))), words, UsageError);
  };
  refused([](CameraParameters& p) { p.width = 0; }, "event camera: width is 0; it must be 1 to 65536 pixels");
  refused([](CameraParameters& p) { p.duration = -1.0; },
          "event camera: duration is -1; it must be 0 to 1e6 ms");
  refused([](CameraParameters& p) { p.frame_interval = 0.0; },
          "event camera: frame_interval is 0; it must be >= 0.001 ms");
  refused([](CameraParameters& p) { p.threshold_on = 0.0; },
          "event camera: threshold_on is 0; it must be >= 0.01");
  refused([](CameraParameters& p) { p.noise_rate = std::numeric_limits<double>::quiet_NaN(); },
          "event camera: noise_rate is nan; it must be >= 0 Hz");
  CHECK_THROWS_AS(static_cast<void>(watch(ideal(2, 2), UniformScene([](double) { return 0.0; }))),
                  UsageError);
  CHECK_THROWS_AS(
      static_cast<void>(watch(ideal(2, 2), UniformScene([](double t) { return t < 10 ? 1.0 : NAN; }))),
      UsageError);
}
