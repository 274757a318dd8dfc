#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""vectorised_test.py FOLDER: whether the loop over eight neurons became vector instructions for every neuron model. The
compiler left in FOLDER what it vectorised. A call that is not inlined, or a copy of a whole struct, is enough to lose it:
in exact time that costs a factor of three, and nothing else shows it."""

import pathlib
import sys

HOUSE = pathlib.Path(__file__).resolve().parents[2]
HEADER = HOUSE / "core/engine/neuron_columns.hpp"


def main() -> int:
    lines = HEADER.read_text().splitlines()
    loop = 1 + next(i for i, line in enumerate(lines, 1) if line.strip() == "#pragma GCC ivdep")
    folder = pathlib.Path(sys.argv[1])
    models = sorted(path.stem for path in (HOUSE / "models/neuron").glob("*.hpp"))
    assert models, "no neuron models"
    missing = []
    for model in models:
        report = (folder / f"{model}.vectorised").read_text()
        if not any(f"{HEADER.name}:{loop}:" in line and "loop vectorized" in line for line in report.splitlines()):
            missing.append(model)
    for model in missing:
        print(f"{model}: the loop in {HEADER.name}:{loop} was not vectorised")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
