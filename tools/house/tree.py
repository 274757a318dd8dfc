# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""The project's own files and what they include; shared by the house checks."""
import pathlib
import re

AREAS = ("core", "models", "io", "tools", "tests", "examples")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def own_files(root, suffixes):
    """Paths relative to root of all own files with one of the suffixes ("" for scripts), in order."""
    found = []
    for area in AREAS:
        for path in sorted((root / area).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                found.append(path.relative_to(root))
    return found


def includes(root, path):
    """(rooted name, is quoted) of everything a file includes."""
    text = (root / path).read_text(encoding="utf-8")
    return [(name, mark == '"') for mark, name in INCLUDE.findall(text)]


def folder(path):
    """"core/base" of "core/base/error.hpp"; "tools" of "tools/main.cpp"."""
    return "/".join(pathlib.PurePath(path).parts[:-1][:2])
