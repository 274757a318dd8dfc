#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
"""sizes.py [ROOT]: files over 400 lines, functions over 60, missing licence lines, empty names. Exit code 1 if any."""
import ast
import pathlib
import re
import sys

from tree import own_files

FILE_LINES = 400
FUNCTION_LINES = 60
LICENCE = ("SPDX-FileCopyrightText: The Flurry authors", "SPDX-License-Identifier: Apache-2.0")
EMPTY_NAME = re.compile(r"\b(?:class|struct|enum class|concept)\s+(\w*(?:Manager|Helper|Utils|Impl|Base))\b")
EMPTY_FILE_NAME = re.compile(r"(?:^|_)(?:manager|helper|utils|impl)s?(?:_|$)")

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#[^\n]*', re.DOTALL | re.MULTILINE)
NO_FUNCTION = re.compile(r"^\s*(?:namespace|extern|class|struct|enum|union|if|for|while|switch|else|do|try|catch|return)\b")


def blanked(text):
    """The text without strings, comments and preprocessor lines, lines kept."""
    def blank(match):
        return "\n" * match.group().count("\n")
    # Digit separators would look like character literals.
    return NOISE.sub(blank, re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", RAW_STRING.sub(blank, text)))


def cpp_functions(text):
    """(first line, lines) of every braced body that follows a parameter list."""
    found, stack = [], []
    header, line, first = "", 1, 1
    for character in blanked(text):
        if character == "{":
            stack.append((header, first))
            header = ""
        elif character == "}":
            opener, start = stack.pop() if stack else ("", line)
            if "(" in opener and not NO_FUNCTION.match(opener):
                found.append((start, line - start + 1))
            header = ""
        elif character == ";" and header.count("(") <= header.count(")"):
            header = ""
        else:
            if not header.strip():
                first = line
            header += character
        line += character == "\n"
    return found


def python_functions(text):
    return [(node.lineno, node.end_lineno - node.lineno + 1) for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def check_file(root, path):
    text = (root / path).read_text(encoding="utf-8")
    lines = text.count("\n")
    problems = []
    if lines > FILE_LINES:
        problems.append(f"{path}: {lines} lines; allowed: {FILE_LINES}")
    if any(mark not in "\n".join(text.split("\n")[:3]) for mark in LICENCE):
        problems.append(f"{path}: the two SPDX lines are missing at the top")
    if EMPTY_FILE_NAME.search(path.stem):
        problems.append(f"{path}: the file name says nothing; name it after what it does")
    functions = []
    if path.suffix in (".hpp", ".cpp"):
        functions = cpp_functions(text)
        for name in EMPTY_NAME.findall(blanked(text)):
            problems.append(f"{path}: the name {name} says nothing; name it after what it does")
    elif path.suffix == ".py":
        functions = python_functions(text)
    for start, length in functions:
        if length > FUNCTION_LINES:
            problems.append(f"{path}:{start}: a function of {length} lines; allowed: {FUNCTION_LINES}")
    return problems


def check(root):
    files = own_files(root, {".hpp", ".cpp", ".py", ".cmake"})
    files += [path for path in own_files(root, {""}) if (root / path).read_bytes().startswith(b"#!")]
    files += [path for path in own_files(root, {".txt"}) if path.name == "CMakeLists.txt"]
    return [problem for path in files for problem in check_file(root, path)]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    problems = check(root)
    print("\n".join(problems) if problems else "sizes: all files and functions within bounds")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
