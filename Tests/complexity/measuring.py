"""Compiles the program of the cases, runs it under callgrind, and reads what it counted."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence

from support.locations import REPOSITORY, library_path

FOLDER = REPOSITORY / "Tests" / "complexity"
LARGEST_RATIO = 4.6
"""Instructions for 4n over those for n: 4, and what maps and growing arrays add."""

FLOOR = 100_000
"""Instructions for n below which a ratio shows noise: of wake-ups, and of the digits of times."""

_COMPILE_BOUND_S = 120
_RUN_BOUND_S = 900
_FLAGS = ("-std=gnu99", "-Wall", "-Wextra", "-Werror", "-O1", "-g", "-pthread")
_CALLGRIND = ("valgrind", "--tool=callgrind", "--quiet", "--fair-sched=yes", "--vgdb=no")
_LABEL = re.compile(r"^desc: Trigger: Client Request: (.*) (\d+)$", re.MULTILINE)
_TOTAL = re.compile(r"^totals: (\d+)", re.MULTILINE)

Counts = Dict[int, int]
"""Instructions by size."""


class CaseFailed(Exception):
    """The program of the cases failed, with its words."""


@dataclass(frozen=True)
class Measurement:
    """The instructions of a case at a tiny size, at n and at 4n."""

    name: str
    tiny: int
    size: int
    large: int
    counts: Counts
    most: int = 0
    """Number of instructions at 4n up to which the case may be superlinear; 0 for none."""

    @property
    def ratio(self) -> float:
        """Instructions for 4n over those for n, as if the tiny size were nothing."""
        start = self.counts[self.tiny]
        growth = (self.counts[self.large] - start) / max(FLOOR, self.counts[self.size] - start)
        return growth * 4 * (self.size - self.tiny) / (self.large - self.tiny)

    @property
    def is_linear(self) -> bool:
        return self.ratio <= LARGEST_RATIO or self.counts[self.large] <= self.most

    def __str__(self) -> str:
        instructions = ", ".join(f"{self.counts[size]:,} for {size}" for size in (self.tiny, self.size, self.large))
        return f"{self.name}: {self.ratio:.2f} ({instructions})"


def compiled(folder: Path) -> Path:
    """Compiles the program of the cases against the library."""
    program = folder / "complexity"
    library = library_path()
    command = [os.environ.get("CC") or "gcc", *_FLAGS, f"-I{REPOSITORY / 'include'}", *sorted(FOLDER.glob("*.c"))]
    command += ["-o", program, library, f"-Wl,-rpath,{library.parent}", "-lcrypto"]
    run(command, _COMPILE_BOUND_S)
    return program


def run(command: Sequence[object], limit_s: float = _RUN_BOUND_S) -> str:
    """Runs a program, and returns its standard output."""
    words = [str(word) for word in command]
    try:
        outcome = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=limit_s)
    except subprocess.TimeoutExpired as error:
        raise CaseFailed(f"not ended after {limit_s} s") from error
    if outcome.returncode != 0:
        raise CaseFailed(f"exit status {outcome.returncode}\n{outcome.stderr[-3000:]}")
    return outcome.stdout


def count(program: Path, folder: Path, cases: Dict[str, List[int]]) -> Dict[str, Counts]:
    """Counts cases, given by their sizes, in one process. Leaves out those that it did not reach: one that fails ends
    the process. A case that fails alone raises."""
    folder.mkdir()
    words = [word for name, sizes in cases.items() for word in (name, *sizes, "--")]
    try:
        run([*_CALLGRIND, f"--callgrind-out-file={folder / 'counts'}", program, *words])
    except CaseFailed:
        if len(cases) == 1:
            raise
    counts: Dict[str, Counts] = {}
    for dump in folder.iterdir():
        text = dump.read_text(errors="replace")
        dump.unlink()
        label, total = _LABEL.search(text), _TOTAL.search(text)
        if label and total and label.group(1) in cases:
            counts.setdefault(label.group(1), {})[int(label.group(2))] = int(total.group(1))
    return {name: counts[name] for name, sizes in cases.items() if set(counts.get(name, {})) >= set(sizes)}
