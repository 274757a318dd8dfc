# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""First threshold crossings of lif_exp and lif_alpha to 100 digits, for tests/models/neuron/crossing_test.cpp.

Command that made tests/reference/crossings.csv (Debian: python3-mpmath, python3-numpy):
    python3 tests/reference/crossings.py > tests/reference/crossings.csv

The closed form of the membrane potential is evaluated with mpmath at 100 digits. Where the path can first cross is
found on a dense grid in double precision; the bracket is then refined at 100 digits. Cases whose path comes closer
than 1e-7 mV to threshold without crossing are left out: there double precision cannot tell.
Columns: model, tau_m, tau_ex, tau_in, C, theta (threshold - V_inf), u, I_ex, dI_ex, I_in, dI_in, crossing ("none").
"""
import random

import mpmath as mp
import numpy as np

mp.mp.dps = 100


def response(h, tm, ts, exp, lib):
    """(per unit current, per unit slope) of a membrane with C = 1 to exp(-t/ts) and t exp(-t/ts)."""
    d = 1 / ts - 1 / tm
    if lib is np and abs(d) * np.max(h) < 1e-3:  # the search grid only: series of the integrals below
        e = np.exp(-h / tm)
        return e * h * (1 - d * h / 2), e * h * h * (0.5 - d * h / 3)
    if d == 0:
        return exp(-h / tm) * h, exp(-h / tm) * h * h / 2
    em, es = exp(-h / tm), exp(-h / ts)
    return (em - es) / d, (em - es * (1 + d * h)) / (d * d)


def height(h, c, exp, lib):
    u = c["u"] * exp(-h / c["tm"])
    for side in ("ex", "in"):
        current, slope = response(h, c["tm"], c["t" + side], exp, lib)
        u = u + (c["I_" + side] * current + c["dI_" + side] * slope) / c["C"]
    return u - c["theta"]


def first_crossing(c):
    longest = max(c["tm"], c["tex"], c["tin"])
    shortest = min(c["tm"], c["tex"], c["tin"])
    grid = np.unique(np.concatenate([np.geomspace(shortest * 1e-6, 60 * longest, 200_000),
                                     np.linspace(0, 12 * shortest, 50_000)]))[1:]
    with np.errstate(under="ignore", over="ignore"):
        values = height(grid, c, np.exp, np)
    above = np.nonzero(values >= 0)[0]
    first = above[0] if len(above) else len(grid)
    if first > 0 and np.max(values[:first], initial=-1.0) > -1e-7 and first == len(grid):
        return None
    peaks = [i for i in range(1, min(first, len(grid)) - 1) if values[i - 1] < values[i] > values[i + 1]]
    if any(values[i] > -1e-7 for i in peaks):
        return None
    if not len(above):
        return "none"
    exact = {k: mp.mpf(v) for k, v in c.items()}
    low = mp.mpf(float(grid[first - 1])) if first else mp.mpf(0)
    high = mp.mpf(float(grid[first]))
    f = lambda t: height(t, exact, mp.exp, mp)
    if not (f(low) < 0 <= f(high)):
        return None
    for _ in range(30):  # bisect first, so that the secant cannot leave
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    root = mp.findroot(f, (low, high), solver="anderson", tol=mp.mpf(10) ** -180, verify=False)
    return mp.nstr(root, 40)


def cases():
    draw = random.Random(20211006)
    log = lambda a, b: float(np.exp(draw.uniform(np.log(a), np.log(b))))
    for number in range(400):
        alpha = number % 2 == 1
        kind = number % 5
        tm = log(0.01, 10_000) if kind == 0 else log(2, 50)
        tex = log(0.01, 10_000) if kind == 0 else log(0.3, 20)
        tin = log(0.01, 10_000) if kind == 0 else log(0.3, 20)
        if kind == 1:
            tex = tm
        if kind == 2:
            tex = float(tm * (1 + draw.choice([-1, 1]) * 10 ** -draw.uniform(1, 15)))
        if kind == 3:
            tin = tm
        C = log(50, 500)
        theta = draw.uniform(0.5, 20) if draw.random() < 0.7 else -draw.uniform(0.5, 20)
        u = theta - log(1e-3, 15)
        scale = C * (theta - u) / min(tm, 3 * tex)
        I_ex = scale * log(0.5, 30) if draw.random() < 0.9 else 0.0
        I_in = -scale * log(0.02, 3) if draw.random() < 0.7 else 0.0
        dI_ex = scale / tex * log(0.5, 30) if alpha else 0.0
        dI_in = -scale / tin * log(0.02, 3) if alpha and draw.random() < 0.7 else 0.0
        yield alpha, dict(tm=tm, tex=tex, tin=tin, C=C, theta=theta, u=u, I_ex=I_ex, dI_ex=dI_ex, I_in=I_in,
                          dI_in=dI_in)


print("model,tau_m,tau_ex,tau_in,C,theta,u,I_ex,dI_ex,I_in,dI_in,crossing")
for alpha, case in cases():
    crossing = first_crossing(case)
    if crossing is not None:
        print(",".join(["lif_alpha" if alpha else "lif_exp"] + [repr(v) for v in case.values()] + [crossing]))
