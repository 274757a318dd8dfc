#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""microcircuit.py [SCALE]: prints the cortical microcircuit (Potjans & Diesmann 2014, tables 4 and 5) as a network file,
with SCALE (0.1; up to 1, which takes 4 GiB) of its neurons and of the synapses of each. Weights grow and a constant drive
makes up for what is left out (van Albada, Helias & Diesmann 2015).

    examples/microcircuit.py 0.2 > microcircuit.toml && flurry run microcircuit.toml"""
import math
import sys

NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
EXTERNAL = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]  # synapses from elsewhere, 8 Hz each
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]  # Hz, of the full circuit
START = [(-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94), (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46),
         (-61.43, 4.48)]  # mean and sd of V_m, mV
PROBABILITIES = [  # [target][source]
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443]]
TAU_M, TAU_SYN, C_M = 10.0, 0.5, 250.0  # ms, ms, pF
LAYERS = range(len(NAMES))


def weight(target, source):
    """pA in the full circuit: 0.15 mV at the peak, four times that for inhibition, double from L4E to L23E."""
    ratio = TAU_M / TAU_SYN
    peak = ratio ** (-TAU_SYN / (TAU_M - TAU_SYN)) - ratio ** (-TAU_M / (TAU_M - TAU_SYN))
    excitatory = 0.15 * C_M / (TAU_M * TAU_SYN / (TAU_M - TAU_SYN) * peak)
    if source % 2 == 1:
        return -4.0 * excitatory
    return 2.0 * excitatory if (target, source) == (0, 2) else excitatory


def synapses(target, source):
    """So many that a pair has at least one with the probability given."""
    pairs = SIZES[target] * SIZES[source]
    return round(math.log(1.0 - PROBABILITIES[target][source]) / math.log((pairs - 1.0) / pairs))


def drive(target, scale):
    full = weight(0, 0) * EXTERNAL[target] * 8.0
    full += sum(weight(target, s) * synapses(target, s) / SIZES[target] * RATES[s] for s in LAYERS)
    return 1e-3 * TAU_SYN * (1.0 - math.sqrt(scale)) * full


def network(scale):
    yield f"# The cortical microcircuit at {scale:g} of its neurons and synapses: made by examples/microcircuit.py {scale:g}."
    yield 'run = { until = "1 s", seed = 1, resolution = "0.1 ms" }'
    yield "[populations]"
    for i in LAYERS:
        mean, sd = START[i]
        yield (f'{NAMES[i]} = {{ model = "lif_exp", size = {round(SIZES[i] * scale)}, tau_m = {TAU_M}, tau_syn_ex = {TAU_SYN}, '
               f"tau_syn_in = {TAU_SYN}, C_m = {C_M}, E_L = -65, V_reset = -65, V_th = -50, t_ref = 2, I_e = {drive(i, scale)!r}, "
               f"V_m = {{ normal = {{ mean = {mean}, sd = {sd} }}, max = -50.000001 }} }}")
    for i in LAYERS:
        rate = 8 * round(EXTERNAL[i] * scale)
        yield f'external_{NAMES[i]} = {{ model = "poisson", size = {round(SIZES[i] * scale)}, rate = "{rate} Hz" }}'
    yield "[projections]"
    for t in LAYERS:
        for s in LAYERS:
            if PROBABILITIES[t][s] > 0.0:
                mean = weight(t, s) / math.sqrt(scale)
                delay = 0.75 if s % 2 == 1 else 1.5
                sign = "max = 0" if s % 2 == 1 else "min = 0"
                yield (f'{NAMES[s]}_{NAMES[t]} = {{ source = "{NAMES[s]}", target = "{NAMES[t]}", '
                       f"rule = {{ fixed_total_number = {round(synapses(t, s) * scale * scale)} }}, "
                       f"weight = {{ normal = {{ mean = {mean!r}, sd = {0.1 * abs(mean)!r} }}, {sign} }}, "
                       f"delay = {{ normal = {{ mean = {delay}, sd = {0.5 * delay} }}, min = 0.1 }} }}")
        yield (f'external_{NAMES[t]} = {{ source = "external_{NAMES[t]}", target = "{NAMES[t]}", rule = "one_to_one", '
               f"weight = {weight(0, 0) / math.sqrt(scale)!r}, delay = 1.5 }}")


def main():
    try:
        scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
    except ValueError:
        scale = 0.0
    if not 0.01 <= scale <= 1.0 or len(sys.argv) > 2:
        sys.exit(__doc__ + f"\nmicrocircuit.py: found {' '.join(sys.argv[1:])!r}; allowed: a scale from 0.01 to 1")
    print("\n".join(network(scale)))


if __name__ == "__main__":
    main()
