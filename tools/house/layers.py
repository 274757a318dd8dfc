#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""layers.py [ROOT]: who may include whom, and the one home of each third-party library. Exit code 1 if broken."""
import fnmatch
import graphlib
import pathlib
import sys

from tree import folder, includes, own_files

# folder: what it may include besides itself; the first pattern that fits counts
MAY_INCLUDE = [
    ("core/base", []),
    ("core/network", ["core/base"]),
    ("core/parallel", ["core/base"]),
    ("core/engine", ["core/base", "core/network", "core/parallel"]),
    ("core*", []),
    ("models/energy", ["core/base"]),
    ("models/learning", ["core/*", "models/neuron", "models/dynamics"]),
    ("models/catalogue", ["core/*", "models/neuron", "models/source"]),
    ("models/*", ["core/*", "models/dynamics", "models/encoding", "models/neuron"]),
    ("io*", ["core/*", "io/*"]),
    ("tools*", ["core/*", "models/*", "io/*", "tools*"]),
    ("tests*", ["*"]),
    ("examples*", ["core/*", "models/*", "io/*"]),
]

# third-party header: the files that may include it. Tests may include anything.
HOMES = [
    ("hdf5.h", "io/hdf5/*"),
    ("H5*.h", "io/hdf5/*"),
    ("boost/heap/*", "core/engine/event_queue.*"),
    ("boost/graph/*", "core/network/*graph*"),
    ("boost/iterator/*", "core/network/*graph*"),
    ("boost/pending/*", "core/network/*graph*"),
    ("boost/property_map/*", "core/network/*graph*"),
    ("boost/random/*", "core/network/*"),
    ("tbb/*", "core/parallel/*"),
    ("oneapi/*", "core/parallel/*"),
    ("mpi.h", "core/parallel/*.cpp"),
    ("toml++/*", "io/text/toml.cpp"),
    ("nlohmann/*", "io/text/json.cpp"),
    ("pugixml.hpp", "io/text/xml.cpp"),
    ("lz4*.h", "io/compression/*.cpp"),
    ("zstd*.h", "io/compression/*.cpp"),
    ("bzlib.h", "io/compression/*.cpp"),
    ("zlib.h", "io/compression/*.cpp"),
    ("zip.h", "io/compression/*.cpp"),
    ("sqlite3.h", "io/ros/*.cpp"),
    ("sndfile*", "io/sound/*.cpp"),
    ("curl/*", "tools/dataset/download.cpp"),
    ("openssl/*", "tools/dataset/checksum.cpp"),
    ("nlohmann/*", "tools/cli/*"),
    ("CLI/*", "tools/cli/*.cpp"),
    ("fmt/*", "tools/*"),
    ("Random123/*", "core/base/*"),
]
ONE_FILE_ONLY = ("mpi.h", "CLI/*")
SYSTEM = ("unistd.h", "sys/*", "fcntl.h", "signal.h", "linux/*", "termios.h", "immintrin.h", "cpuid.h")


def fits(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def allowed_folders(here):
    for pattern, allowed in MAY_INCLUDE:
        if fnmatch.fnmatchcase(here, pattern):
            return allowed
    return []


def check_own(root, path, name, edges):
    here, there = folder(path), folder(name)
    if not (root / name).is_file():
        return [f"{path}: \"{name}\" is no file of the project; includes are rooted at its top"]
    if here == there:
        return []
    edges.setdefault(here, {}).setdefault(there, f"{path} includes {name}")
    if not fits(there, allowed_folders(here)):
        return [f"{path}: {here} may not include {there} (\"{name}\")"]
    return []


def check_foreign(path, name, users):
    if "." not in name and "/" not in name or fits(name, SYSTEM):
        return []
    homes = [home for header, home in HOMES if fnmatch.fnmatchcase(name, header)]
    for header in ONE_FILE_ONLY:
        if fnmatch.fnmatchcase(name, header):
            users.setdefault(header, set()).add(str(path))
    if not homes:
        return [f"{path}: <{name}> has no home; name one in tools/house/layers.py"]
    if not fits(str(path), homes):
        return [f"{path}: <{name}> belongs only in {' and '.join(homes)}"]
    return []


def check_cycles(edges):
    try:
        graphlib.TopologicalSorter({here: set(there) for here, there in edges.items()}).prepare()
    except graphlib.CycleError as error:
        ring = error.args[1][::-1]
        return ["folders include each other: " + "; ".join(edges[a][b] for a, b in zip(ring, ring[1:]))]
    return []


def check(root):
    problems, edges, users = [], {}, {}
    for path in own_files(root, {".hpp", ".cpp"}):
        for name, quoted in includes(root, path):
            if quoted:
                problems += check_own(root, path, name, edges)
            elif path.parts[0] != "tests":
                problems += check_foreign(path, name, users)
    for header, files in users.items():
        if len(files) > 1:
            problems.append(f"<{header}> is included by more than one file: {', '.join(sorted(files))}")
    return problems + check_cycles(edges)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    problems = check(root)
    print("\n".join(problems) if problems else "layers: every include is allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
