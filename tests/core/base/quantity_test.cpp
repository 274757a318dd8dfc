// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/quantity.hpp"

#include <concepts>
#include <type_traits>

#include <doctest/doctest.h>

namespace flurry::testing {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Equatable = requires(A a, B b) {
  a == b;
};

// Only like with like, and never with a bare number.
static_assert(Addable<Time, Time> && Subtractable<Voltage, Voltage> && Comparable<Time, Time>);
static_assert(!Addable<Time, Voltage> && !Addable<Voltage, Time> && !Subtractable<Time, Rate>);
static_assert(!Addable<Current, Conductance> && !Addable<Capacitance, Conductance>);
static_assert(!Addable<Time, double> && !Addable<double, Time> && !Subtractable<Voltage, double>);
static_assert(!Comparable<Time, Voltage> && !Equatable<Time, Rate> && !Comparable<Time, double>);
static_assert(!std::convertible_to<double, Time> && !std::convertible_to<Time, double>);
static_assert(!std::is_constructible_v<Time, Voltage> && !std::is_assignable_v<Time&, Rate>);

// Products and quotients close the system.
template <class A, class B>
using Product = decltype(A{} * B{});
template <class A, class B>
using Ratio = decltype(A{} / B{});
static_assert(std::same_as<Product<Voltage, Conductance>, Current>);
static_assert(std::same_as<Ratio<Current, Voltage>, Conductance>);
static_assert(std::same_as<Ratio<Capacitance, Conductance>, Time>);
static_assert(std::same_as<Ratio<Product<Current, Time>, Capacitance>, Voltage>);
static_assert(std::same_as<decltype(1.0 / Time{2.0}), Rate>);
static_assert(std::same_as<Ratio<Time, Time>, double>);
static_assert(std::same_as<Product<Time, Rate>, double>);
static_assert(std::same_as<Product<Time, Time>, Quantity<2, 0, 0>>);

static_assert(dimension_of<Time> == Dimension::time && dimension_of<Rate> == Dimension::rate);
static_assert(dimension_of<Voltage> == Dimension::voltage && dimension_of<Current> == Dimension::current);
static_assert(dimension_of<Conductance> == Dimension::conductance);
static_assert(dimension_of<Capacitance> == Dimension::capacitance);
static_assert(dimension_of<double> == Dimension::number && sizeof(Time) == sizeof(double));

}  // namespace

TEST_CASE("arithmetic on quantities is arithmetic on their values") {
  CHECK((Time{2.0} + Time{0.5}).value == 2.5);
  CHECK((Time{2.0} - Time{0.5}).value == 1.5);
  CHECK((-Voltage{3.0}).value == -3.0);
  CHECK((Voltage{3.0} * 2.0).value == 6.0);
  CHECK((2.0 * Voltage{3.0}).value == 6.0);
  CHECK((Voltage{3.0} / 2.0).value == 1.5);
  CHECK((1.0 / Time{4.0}).value == 0.25);
  CHECK(Time{3.0} / Time{4.0} == 0.75);
  CHECK(Time{}.value == 0.0);
  CHECK(Time{1.0} < Time{2.0});
  CHECK(Time{1.0} == Time{1.0});
}

TEST_CASE("no conversion factor stands inside the system of units") {
  CHECK((Current{500.0} * Time{10.0} / Capacitance{250.0}).value == 20.0);        // pA ms / pF = mV
  CHECK((Capacitance{250.0} / Conductance{25.0}).value == 10.0);                  // pF / nS = ms
  CHECK((Conductance{10.0} * (Voltage{-50.0} - Voltage{-70.0})).value == 200.0);  // nS mV = pA
}

TEST_CASE("literals carry their unit") {
  CHECK(1.5_ms == Time{1.5});
  CHECK(15.0_mV == Voltage{15.0});
  CHECK(2.5_pA == Current{2.5});
  CHECK(250.0_pF == Capacitance{250.0});
  CHECK(1000.0_Hz == Rate{1.0});
}

}  // namespace flurry::testing
