"""The rounds: `check` before a commit, `test` for every change, `nightly` for what takes long."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

from .suites import CHECK, NIGHTLY, ROOT, TEST, Suite

ROUNDS = ("test", "check", "nightly")
SIMULATOR = ROOT / "simulator" / ".build" / "built"


def suites(name: str, part: Optional[int] = None) -> List[Suite]:
    """Returns the suites of a round; `part` selects from the nightly one."""
    if name == "nightly":
        return [suite for suite in NIGHTLY if part in (None, suite.part)]
    return TEST if name == "test" else _check()


def _check() -> List[Suite]:
    """Returns the suites of `make check`. Those that need the simulator run only if it changed."""
    return [suite for suite in CHECK if "akool-simulator" not in suite.needs or _simulator_is_stale()]


def _simulator_is_stale() -> bool:
    """Compares the simulator's own sources with its program. Changes of the core alone do not count."""
    if not SIMULATOR.exists():
        return False
    built = SIMULATOR.stat().st_mtime
    sources = [ROOT / "simulator" / "Package.swift", *_files("simulator/Sources"), *_files("Sources/AkoolSimulator")]
    return any(source.stat().st_mtime > built for source in sources)


def _files(folder: str) -> List[Path]:
    return [path for path in (ROOT / folder).rglob("*") if path.is_file()]
