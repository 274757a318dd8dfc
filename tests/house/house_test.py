#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""Plants violations in a copy of the tree and expects the house checks to find each, and nothing in the tree as it is."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPDX = "// SPDX-FileCopyrightText: The Flurry authors\n// SPDX-License-Identifier: Apache-2.0\n"
AREAS = ("core", "models", "io", "tools", "tests", "examples")


def run(check, tree):
    result = subprocess.run([sys.executable, "-B", str(ROOT / "tools/house" / check), str(tree)], capture_output=True,
                            text=True, check=False)
    return result.returncode, result.stdout


class HouseTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="flurry_house_")
        self.addCleanup(self.folder.cleanup)
        self.tree = pathlib.Path(self.folder.name)
        for area in AREAS:
            shutil.copytree(ROOT / area, self.tree / area, ignore=shutil.ignore_patterns("__pycache__"))

    def plant(self, path, text):
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        licence = SPDX.replace("//", "#") if path.endswith(".py") else SPDX
        (self.tree / path).write_text(licence + text, encoding="utf-8")

    def expect(self, check, *words):
        status, output = run(check, self.tree)
        self.assertEqual(status, 1, output)
        for word in words:
            self.assertIn(word, output)

    def test_the_tree_as_it_is_passes(self):
        for check in ("layers.py", "sizes.py"):
            status, output = run(check, ROOT)
            self.assertEqual(status, 0, output)

    def test_includes_against_the_layers_are_found(self):
        self.plant("models/energy/planted.hpp", "")
        self.plant("io/text/planted.hpp", "")
        self.plant("tools/cli/planted.hpp", "")
        self.plant("tests/planted.hpp", "")
        for path, header in (("core/engine/a.cpp", "models/energy/planted.hpp"), ("core/base/a.cpp", "io/text/planted.hpp"),
                             ("io/text/a.cpp", "models/energy/planted.hpp"), ("models/neuron/a.hpp", "io/text/planted.hpp"),
                             ("models/energy/a.cpp", "core/network/network.hpp"),
                             ("core/base/b.cpp", "core/network/network.hpp"),
                             ("core/network/a.cpp", "core/engine/model_info.hpp"),
                             ("models/neuron/b.hpp", "tools/cli/planted.hpp"), ("io/text/b.cpp", "tools/cli/planted.hpp"),
                             ("tools/cli/a.cpp", "tests/planted.hpp")):
            with self.subTest(path=path, header=header):
                self.plant(path, f'#include "{header}"\n')
                self.expect("layers.py", path, f"may not include {header.rsplit('/', 1)[0]}")
                (self.tree / path).unlink()

    def test_third_party_headers_away_from_home_are_found(self):
        for path, header in (("io/spikes/a.cpp", "hdf5.h"), ("models/neuron/a.hpp", "boost/heap/d_ary_heap.hpp"),
                             ("core/engine/a.cpp", "boost/graph/adjacency_list.hpp"), ("core/engine/b.cpp", "tbb/parallel_for.h"),
                             ("io/network_file/a.cpp", "toml++/toml.h"), ("tools/verbs/a.cpp", "nlohmann/json.hpp"),
                             ("tools/verbs/b.cpp", "CLI/CLI.hpp"), ("core/network/a.cpp", "Random123/philox.h"),
                             ("core/engine/c.cpp", "mpi.h"), ("core/base/a.cpp", "somewhere/else.hpp")):
            with self.subTest(path=path, header=header):
                self.plant(path, f"#include <{header}>\n")
                self.expect("layers.py", f"{path}: <{header}>")
                (self.tree / path).unlink()

    def test_a_library_in_two_files_where_one_is_allowed_is_found(self):
        self.plant("core/parallel/one.cpp", "#include <mpi.h>\n")
        self.plant("core/parallel/two.cpp", "#include <mpi.h>\n")
        self.expect("layers.py", "<mpi.h> is included by more than one file")

    def test_folders_that_include_each_other_are_found(self):
        self.plant("io/planted_a/a.hpp", '#include "io/planted_b/b.hpp"\n')
        self.plant("io/planted_b/b.hpp", '#include "io/planted_a/c.hpp"\n')
        self.plant("io/planted_a/c.hpp", "")
        self.expect("layers.py", "folders include each other")

    def test_an_include_that_is_not_rooted_is_found(self):
        self.plant("core/base/a.cpp", '#include "error.hpp"\n')
        self.expect("layers.py", "core/base/a.cpp", "rooted")

    def test_long_files_are_found_and_the_limit_itself_is_not(self):
        self.plant("core/base/a.hpp", "\n" * 398)
        self.assertNotIn("core/base/a.", run("sizes.py", self.tree)[1])
        self.plant("core/base/a.hpp", "\n" * 399)
        self.expect("sizes.py", "core/base/a.hpp: 401 lines")

    def test_long_functions_are_found_and_the_limit_itself_is_not(self):
        tricky = '  const char* s = "}{"; // }\n  const char c = \'{\';\n'
        self.plant("core/base/a.cpp", "void f(int a,\n       int b) {\n" + tricky + "  ++a;\n" * 55 + "}\n")
        self.assertNotIn("core/base/a.", run("sizes.py", self.tree)[1])
        self.plant("core/base/a.cpp", "void f(int a,\n       int b) {\n" + tricky + "  ++a;\n" * 56 + "}\n")
        self.expect("sizes.py", "core/base/a.cpp:3: a function of 61 lines")
        self.plant("tools/house/planted.py", "def f():\n" + "    f()\n" * 60)
        self.expect("sizes.py", "tools/house/planted.py")

    def test_missing_licence_lines_and_empty_names_are_found(self):
        (self.tree / "core/base/a.hpp").write_text("#pragma once\n", encoding="utf-8")
        self.plant("core/base/spike_helper.hpp", "")
        self.plant("core/base/b.hpp", "class SpikeManager {};\n// class NoImpl\n")
        self.expect("sizes.py", "core/base/a.hpp: the two SPDX lines", "core/base/spike_helper.hpp: the file name",
                    "the name SpikeManager")
        self.assertNotIn("NoImpl", run("sizes.py", self.tree)[1])


if __name__ == "__main__":
    unittest.main()
