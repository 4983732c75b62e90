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
    """Compiles them, warnings being errors."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    library = library_path()
    common = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{_INCLUDE}"]
    subprocess.run(
        [
            *common,
            str(_HERE / "worker.c"),
            "-o",
            str(WORKER),
            str(library),
            f"-Wl,-rpath,{library.parent}",
            "-lpthread",
        ],
        check=True,
    )
    subprocess.run([*common, "-shared", "-fPIC", str(_HERE / "killer.c"), "-o", str(KILLER), "-ldl"], check=True)
