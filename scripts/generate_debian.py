#!/usr/bin/env python3
"""Fills packaging/debian: what the header, the changelog and the licence know is written nowhere else.

    scripts/generate_debian.py FOLDER [--epoch SECONDS] [--maintainer "NAME <ADDRESS>"]

Copies packaging/debian to FOLDER, with debian/changelog made of CHANGELOG.md, debian/libakool1.symbols made of the
functions in include/akool.h and the versions since which they exist, and the blanks in control and copyright filled.
"""

from __future__ import annotations

import argparse
import re
import shutil
import textwrap
from email.utils import formatdate
from pathlib import Path
from typing import Iterator, List, Tuple

ROOT = Path(__file__).resolve().parents[1]
# Who built the package answers for it; the project itself has no mail address.
MAINTAINER = "The libakool authors <authors@libakool.invalid>"
_FUNCTION = re.compile(r"/\*\*((?:(?!\*/).)*?)\*/\s*AKOOL_API\b[^;(]*?\b(akool_\w+)\(", re.DOTALL)
_SINCE = re.compile(r"^ \* Since: ([\d.]+)$", re.MULTILINE)
_HEADING = re.compile(r"^## \[?([^\]\s]+)\]?", re.MULTILINE)


def version(header: str) -> str:
    match = re.search(r'^#define AKOOL_VERSION "(.*)"$', header, re.MULTILINE)
    if not match:
        raise SystemExit("generate_debian.py: include/akool.h tells no AKOOL_VERSION")
    return match.group(1)


def functions(header: str) -> Iterator[Tuple[str, str]]:
    """Every function and the version since which it exists."""
    for comment, name in _FUNCTION.findall(header):
        since = _SINCE.search(comment)
        if not since:
            raise SystemExit(f"generate_debian.py: the comment of {name} has no line `Since: VERSION`")
        yield name, since.group(1)


def symbols(header: str, version_script: str) -> str:
    """The symbols file: programs that use a function ask for a library that has it."""
    node = re.match(r"\w+", version_script).group()
    lines = [f" {name}@{node} {since}" for name, since in sorted(functions(header))]
    return "\n".join(["libakool.so.1 libakool1 #MINVER#", "* Build-Depends-Package: libakool-dev", *lines, ""])


def changes(text: str, current: str) -> Iterator[Tuple[str, List[str]]]:
    """Every version of CHANGELOG.md and its points. What is unreleased belongs to the current version."""
    parts = _HEADING.split(text)[1:]
    for name, body in zip(parts[::2], parts[1::2]):
        points = re.findall(r"^- ((?:.+\n?)+?)(?=^- |^\s*$|\Z)", body, re.MULTILINE)
        if points:
            yield (current if name.lower() == "unreleased" else name), [plain(point) for point in points]


def plain(text: str) -> str:
    """In one line, without the marks of Markdown."""
    return re.sub(r"[`*]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(text.split())))


def changelog(text: str, current: str, maintainer: str, epoch: int) -> str:
    entries = []
    for number, points in changes(text, current):
        lines = [
            textwrap.fill(
                point,
                78,
                initial_indent="  * ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for point in points
        ]
        heading, signature = f"libakool ({number}) unstable; urgency=medium", f" -- {maintainer}  {formatdate(epoch)}"
        entries.append("\n\n".join([heading, "\n".join(lines), signature]) + "\n")
    if not entries or not entries[0].startswith(f"libakool ({current}) "):
        raise SystemExit(f"generate_debian.py: CHANGELOG.md does not begin with version {current} or `Unreleased`")
    return "\n".join(entries)


def licence(text: str) -> str:
    """The terms without title and copyright line, as a field of debian/copyright."""
    terms = text.split("\n\n", 2)[2].strip()
    return "\n".join(" " + (line or ".") for line in terms.splitlines())


def fill(folder: Path, epoch: int, maintainer: str) -> None:
    header = (ROOT / "include/akool.h").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "packaging/debian", folder)
    for name, blank, text in (
        ("control", "@MAINTAINER@", maintainer),
        ("copyright", "@LICENSE@", licence((ROOT / "LICENSE").read_text(encoding="utf-8"))),
    ):
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8").replace(blank, text), encoding="utf-8")
    history = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (folder / "changelog").write_text(changelog(history, version(header), maintainer, epoch), encoding="utf-8")
    script = (ROOT / "scripts/libakool.map").read_text(encoding="utf-8")
    (folder / "libakool1.symbols").write_text(symbols(header, script), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epoch", type=int, default=0)
    parser.add_argument("--maintainer", default=MAINTAINER)
    options = parser.parse_args()
    fill(options.folder, options.epoch, options.maintainer)
