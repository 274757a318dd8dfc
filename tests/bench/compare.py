#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""compare.py [NAME...]: runs `flurry bench` three times and sets the best of each network beside figures.json, which holds
the same from the machine and day named there. Exit code 1 if a network takes more than FACTOR (1.5) times the time
recorded, or has another number of events or bytes. With --record it writes figures.json anew instead."""
import argparse
import datetime
import json
import pathlib
import platform
import subprocess
import sys

FIGURES = pathlib.Path(__file__).with_name("figures.json")
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/release/flurry"


def best_of(runs):
    """Of each network the run with the shortest time."""
    best = {}
    for run in runs:
        for figure in run:
            kept = best.get(figure["name"])
            if kept is None or figure["seconds"] < kept["seconds"]:
                best[figure["name"]] = figure
    return list(best.values())


def measure(program, threads, names):
    command = [program, "bench", "--json", "--threads", str(threads), *names]
    return best_of(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(3))


def machine():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def complaints_about(now, then, worse):
    """One line for each figure, those that fail marked with an exclamation mark."""
    lines = []
    for figure in now:
        old = then.get(figure["name"])
        if old is None:
            lines.append(f"  {figure['name']:<24} {figure['ns_per_event']:9.2f} ns/event, nothing to compare with")
            continue
        ratio = figure["seconds"] / old["seconds"]
        same = figure["events"] == old["events"] and figure["bytes_per_synapse"] == old["bytes_per_synapse"]
        lines.append(f"{'!' if ratio > worse or not same else ' '} {figure['name']:<24} {figure['ns_per_event']:9.2f} ns/event,"
                     f" {ratio:5.2f} times {old['ns_per_event']:.2f}" + ("" if same else "; events or bytes differ"))
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(PROGRAM))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--worse", type=float, default=1.5, help="how many times slower is a failure")
    parser.add_argument("--record", action="store_true", help="write figures.json anew")
    parser.add_argument("names", nargs="*", metavar="NAME", help="networks; all where none is named")
    options = parser.parse_args()
    now = measure(options.program, options.threads, options.names)
    if options.record:
        FIGURES.write_text(json.dumps({"date": str(datetime.date.today()), "machine": machine(), "figures": now}, indent=1) + "\n")
        return 0
    recorded = json.loads(FIGURES.read_text())
    print(f"against {recorded['date']}, {recorded['machine']}")
    then = {figure["name"]: figure for figure in recorded["figures"] if figure["threads"] == options.threads}
    lines = complaints_about(now, then, options.worse)
    print("\n".join(lines))
    return 1 if any(line.startswith("!") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
