#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""One file dropped in its folder is enough: a model, a source, a format and a verb, each planted in a copy of the tree,
reach their catalogue and compile with the code generated for them, and nothing else was touched."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# folder, a file there to take as the pattern, words to replace in it
DROP_INS = (
    ("models/neuron", "lif.hpp", {"Lif": "Planted", '"lif"': '"planted"'}),
    ("models/source", "regular.hpp", {"Regular": "Planted", '"regular"': '"planted"'}),
    ("io/formats", "atis.hpp", {"Atis": "Planted", '"atis"': '"planted"'}),
    ("tools/verbs", "formats.cpp", {"formats_verb": "planted_verb"}),
)


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


class DropInTest(unittest.TestCase):
    def test_one_file_is_enough(self):
        with tempfile.TemporaryDirectory(prefix="flurry_drop_in_") as folder:
            tree, build = pathlib.Path(folder) / "tree", pathlib.Path(folder) / "build"
            for area in ("core", "models", "io", "tools"):
                shutil.copytree(ROOT / area, tree / area)
            shutil.copy(ROOT / "CMakeLists.txt", tree)
            run("cmake", "-S", str(tree), "-B", str(build), "-G", "Ninja", "-DFLURRY_TESTS=OFF")
            for place, pattern, words in DROP_INS:
                text = (tree / place / pattern).read_text(encoding="utf-8")
                for old, new in words.items():
                    self.assertIn(old, text)
                    text = text.replace(old, new)
                (tree / place / ("planted" + pathlib.Path(pattern).suffix)).write_text(text, encoding="utf-8")
            # Looking at the folders again is part of every build.
            run("ninja", "-C", str(build), "build.ninja")
            for place, _, _ in DROP_INS:
                listed = (build / "generated" / place / "catalogue.cpp").read_text(encoding="utf-8")
                self.assertIn("planted_", listed, place)
            targets = run("ninja", "-C", str(build), "-t", "targets", "all")
            objects = [line.split(":")[0] for line in targets.splitlines() if "planted.cpp.o:" in line]
            self.assertEqual(len(objects), len(DROP_INS), objects)
            run("ninja", "-C", str(build), *objects)


if __name__ == "__main__":
    unittest.main()
