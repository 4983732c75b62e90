"""Measures what the loop threads of another process do: the shim of the hostile set, preloaded without its faults."""

from __future__ import annotations

import struct
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict

from support.c_programs import RUN_BOUND_S

SHIMS = Path(__file__).resolve().parents[1] / "hostile" / "shims"


@lru_cache(maxsize=None)
def _built() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="akool-hostile-")


@lru_cache(maxsize=None)
def shim() -> Path:
    """The library that is preloaded into the child."""
    library = Path(_built().name) / "hostile.so"
    sources = sorted(SHIMS.glob("*.c"))
    command = ["gcc", "-std=gnu11", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread"]
    outcome = subprocess.run(
        [*command, *map(str, sources), "-o", str(library), "-ldl"], capture_output=True, text=True, timeout=RUN_BOUND_S
    )
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return library


@dataclass
class Meter:
    """Figures that the shim left, also when the child was killed."""

    FIGURES = struct.Struct("=6Q32Q")
    SIZE = FIGURES.size

    stall_ms: float
    iterations: int
    most_resolving: int
    spun_ms: float

    @classmethod
    def read(cls, path: Path, moment_ns: int) -> "Meter":
        longest, iterations, _, most_resolving, _, spun, *loops = cls.FIGURES.unpack(path.read_bytes())
        # A loop that was inside an iteration when the child was killed. One second or more, or it says nothing.
        under_way = [moment_ns - since for since in loops[::2] if since and moment_ns - since > 1_000_000_000]
        return cls(max([longest, *under_way]) / 1e6, iterations, most_resolving, spun / 1e6)

    @classmethod
    def environment(cls, file: Path) -> Dict[str, str]:
        """Makes `file` ready and returns the variables under which a process leaves its figures there."""
        file.write_bytes(bytes(cls.SIZE))
        return {"LD_PRELOAD": str(shim()), "HOSTILE_METER": str(file)}
