"""Protection of the C reference against silent change: every ratio is a ratio to it."""

import hashlib
from pathlib import Path

from .programs import SOURCES, ProgramError

SUMS = SOURCES / "reference.sha256"


class ReferenceChanged(ProgramError):
    """A source of the reference is not the frozen one."""


def check(directory=SOURCES, sums=SUMS):
    """Raises ReferenceChanged unless every frozen source has its recorded SHA-256."""
    changed = [name for name, wanted in _recorded(sums) if _sum(Path(directory) / name) != wanted]
    if changed:
        raise ReferenceChanged(
            f"the C reference is frozen, and {', '.join(changed)} changed: "
            "ratios to another reference are not comparable with the recorded ones. Restore the file with git."
        )


def _recorded(sums):
    for line in Path(sums).read_text(encoding="utf-8").splitlines():
        wanted, name = line.split(maxsplit=1)
        yield name, wanted


def _sum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
