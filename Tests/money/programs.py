"""The C programs of these tests, built on demand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.locations import REPOSITORY, library_path

_HERE = Path(__file__).resolve().parent
_FOLDER = REPOSITORY / "build" / "money"
WORKER = _FOLDER / "worker"
KILLER = _FOLDER / "killer.so"
_INCLUDE = Path(os.environ.get("AKOOL_INCLUDE") or REPOSITORY / "include")


def build() -> None:
    """Compiles them, warnings being errors. Several processes may do so at once."""
    library = library_path()
    _compile(WORKER, "worker.c", str(library), f"-Wl,-rpath,{library.parent}", "-lpthread")
    _compile(KILLER, "killer.c", "-shared", "-fPIC", "-ldl")


def _compile(target: Path, source: str, *more: str) -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    strict = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{_INCLUDE}"]
    made = target.with_suffix(f".{os.getpid()}")
    subprocess.run([*strict, str(_HERE / source), "-o", str(made), *more], check=True)
    made.replace(target)
