"""Where the things under test are: the repository, the library, the simulator."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CONTRACT = REPOSITORY / "docs" / "api" / "akool-openapi.yaml"


class MissingProduct(Exception):
    """Something that has to be built first."""


# Folder of each build of the library, and the command that makes it.
_BUILDS = {
    "debug": ("build/debug", "make debug"),
    "asan": ("build/asan", "make asan"),
    "tsan": ("build/tsan", "make tsan"),
    "fuzz": ("build/fuzz", "make build/fuzz/libakool.so.1"),
}


def library_path(build: str = "lib") -> Path:
    """Path of a build of the library. `AKOOL_LIB` replaces the release build, `lib`."""
    if build == "lib":
        return _existing("AKOOL_LIB", [REPOSITORY / "build" / "lib" / "libakool.so"], "make lib")
    folder, how = _BUILDS[build]
    path = REPOSITORY / folder / "libakool.so"
    if not path.exists():
        raise MissingProduct(f"not found: {path}. Run `{how}`.")
    return path.resolve()


def simulator_path() -> Path:
    """`AKOOL_SIMULATOR_BIN`, or where the nested package's build puts the executable."""
    builds = REPOSITORY / "simulator" / ".build"
    candidates = [REPOSITORY / "build" / "bin" / "akool-simulator"]
    candidates += [builds / kind / "akool-simulator" for kind in ("release", "debug")]
    return _existing("AKOOL_SIMULATOR_BIN", candidates, "make simulator")


def _existing(variable: str, candidates: list, how: str) -> Path:
    given = os.environ.get(variable)
    for path in [Path(given)] if given else candidates:
        if path.exists():
            return path.resolve()
    looked = given or ", ".join(str(path) for path in candidates)
    raise MissingProduct(f"not found: {looked}. Run `{how}`, or set {variable}.")
