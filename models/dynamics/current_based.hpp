// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tuple>

#include "core/base/units.hpp"
#include "core/engine/field.hpp"

namespace flurry {

/// What leaky integrate-and-fire neurons with two kinds of synaptic currents are given. Defaults are NEST's.
struct CurrentBasedParameters {
  Time tau_m{10.0};
  Capacitance C_m{250.0};
  Voltage E_L{-70.0};
  Voltage V_th{-55.0};
  Voltage V_reset{-70.0};
  Time t_ref{2.0};
  Time tau_syn_ex{2.0};
  Time tau_syn_in{2.0};
  Current I_e{0.0};
  Voltage V_m{-70.0};
};

inline constexpr std::tuple current_based_fields{
    Field{"tau_m", &CurrentBasedParameters::tau_m, "membrane time constant", positive},
    Field{"C_m",
          &CurrentBasedParameters::C_m,
          "membrane capacitance",
          positive,
          "",
          {ForeignName{"pynn", "cm", 1e3}}},
    Field{"E_L",
          &CurrentBasedParameters::E_L,
          "resting potential",
          any_value,
          "",
          {ForeignName{"pynn", "v_rest"}}},
    Field{"V_th",
          &CurrentBasedParameters::V_th,
          "spike threshold",
          any_value,
          "",
          {ForeignName{"pynn", "v_thresh"}}},
    Field{"V_reset",
          &CurrentBasedParameters::V_reset,
          "potential after a spike",
          any_value,
          "",
          {ForeignName{"pynn", "v_reset"}}},
    Field{"t_ref",
          &CurrentBasedParameters::t_ref,
          "refractory time",
          not_negative,
          "",
          {ForeignName{"pynn", "tau_refrac"}}},
    Field{"tau_syn_ex",
          &CurrentBasedParameters::tau_syn_ex,
          "time constant of excitatory currents",
          positive,
          "",
          {ForeignName{"pynn", "tau_syn_E"}}},
    Field{"tau_syn_in",
          &CurrentBasedParameters::tau_syn_in,
          "time constant of inhibitory currents",
          positive,
          "",
          {ForeignName{"pynn", "tau_syn_I"}}},
    Field{"I_e",
          &CurrentBasedParameters::I_e,
          "constant drive",
          any_value,
          "",
          {ForeignName{"pynn", "i_offset", 1e3}}},
    Field{"V_m", &CurrentBasedParameters::V_m, "potential at the start", any_value, "E_L"}};

/// How far constant drive lifts the membrane above E_L in the end.
template <class Parameters>
Voltage drive_of(const Parameters& p) {
  return p.I_e * p.tau_m / p.C_m;
}

/// Threshold must lie above reset and above the initial potential: "" or one sentence that says what does
/// not.
template <class Parameters>
std::string check_threshold(const Parameters& p) {
  const auto not_above = [&](const char* other, Voltage value) {
    return "V_th " + shortest(p.V_th.value) + " mV is not above " + other + " " + shortest(value.value) +
           " mV";
  };
  if (p.V_th <= p.V_reset) return not_above("V_reset", p.V_reset);
  if (p.V_th <= p.V_m) return not_above("the initial V_m", p.V_m);
  return "";
}

}  // namespace flurry
