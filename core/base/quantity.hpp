// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <string_view>

namespace flurry {

/// A double with a dimension: powers of time, voltage and current. Adding mV to ms does not compile.
///
/// One closed system, so that no conversion factor stands anywhere inside:
/// ms, mV, pA, and from them nS = pA/mV, pF = pA ms/mV, kHz = 1/ms.
template <int TimePower, int VoltagePower, int CurrentPower>
struct Quantity {
  double value = 0.0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(double v) : value(v) {}

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value + b.value}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value - b.value}; }
  friend constexpr Quantity operator-(Quantity a) { return Quantity{-a.value}; }
  friend constexpr Quantity operator*(Quantity a, double b) { return Quantity{a.value * b}; }
  friend constexpr Quantity operator*(double a, Quantity b) { return Quantity{a * b.value}; }
  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity{a.value / b}; }
  friend constexpr auto operator<=>(Quantity a, Quantity b) = default;
};

namespace detail {
template <int T, int V, int I>
struct Simplified {
  using type = Quantity<T, V, I>;
};
template <>
struct Simplified<0, 0, 0> {
  using type = double;
};
}  // namespace detail

template <int T, int V, int I, int T2, int V2, int I2>
constexpr typename detail::Simplified<T + T2, V + V2, I + I2>::type operator*(Quantity<T, V, I> a,
                                                                              Quantity<T2, V2, I2> b) {
  return typename detail::Simplified<T + T2, V + V2, I + I2>::type{a.value * b.value};
}

template <int T, int V, int I, int T2, int V2, int I2>
constexpr typename detail::Simplified<T - T2, V - V2, I - I2>::type operator/(Quantity<T, V, I> a,
                                                                              Quantity<T2, V2, I2> b) {
  return typename detail::Simplified<T - T2, V - V2, I - I2>::type{a.value / b.value};
}

template <int T, int V, int I>
constexpr Quantity<-T, -V, -I> operator/(double a, Quantity<T, V, I> b) {
  return Quantity<-T, -V, -I>{a / b.value};
}

using Time = Quantity<1, 0, 0>;          // ms
using Rate = Quantity<-1, 0, 0>;         // kHz
using Voltage = Quantity<0, 1, 0>;       // mV
using Current = Quantity<0, 0, 1>;       // pA
using Conductance = Quantity<0, -1, 1>;  // nS
using Capacitance = Quantity<1, -1, 1>;  // pF

inline namespace literals {
constexpr Time operator""_ms(long double v) { return Time{static_cast<double>(v)}; }
constexpr Voltage operator""_mV(long double v) { return Voltage{static_cast<double>(v)}; }
constexpr Current operator""_pA(long double v) { return Current{static_cast<double>(v)}; }
constexpr Capacitance operator""_pF(long double v) { return Capacitance{static_cast<double>(v)}; }
constexpr Rate operator""_Hz(long double v) { return Rate{static_cast<double>(v) * 1e-3}; }
}  // namespace literals

/// The dimension of a value that reaches Flurry as text or as a bare number.
enum class Dimension { number, time, rate, voltage, current, conductance, capacitance };

template <class T>
constexpr Dimension dimension_of = Dimension::number;
template <>
inline constexpr Dimension dimension_of<Time> = Dimension::time;
template <>
inline constexpr Dimension dimension_of<Rate> = Dimension::rate;
template <>
inline constexpr Dimension dimension_of<Voltage> = Dimension::voltage;
template <>
inline constexpr Dimension dimension_of<Current> = Dimension::current;
template <>
inline constexpr Dimension dimension_of<Conductance> = Dimension::conductance;
template <>
inline constexpr Dimension dimension_of<Capacitance> = Dimension::capacitance;

}  // namespace flurry
