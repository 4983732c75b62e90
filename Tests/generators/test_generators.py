"""Runs each generator on the checked-in files and on changed copies of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

import pytest
from support.locations import REPOSITORY, library_path

MODULES = Path(os.environ.get("AKOOL_BUILD", REPOSITORY / ".build-lib" / "release")) / "Modules"


@dataclass(frozen=True)
class Generator:
    """One script. `place` is a file, or the folder of `files`; `old` is text of the last file that a test changes."""

    name: str
    option: str
    place: str
    files: Tuple[str, ...]
    old: str

    def run(self, place: Path, *options: str, environment=None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(REPOSITORY / "scripts" / f"generate_{self.name}.py")]
        command += ["--library", str(library_path()), f"--{self.option}", str(place), *options]
        if self.name == "header":
            command += ["--modules", str(MODULES)]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment)

    def copy(self, folder: Path) -> Path:
        """Copies the generated files and returns what `option` takes."""
        source = REPOSITORY / self.place
        for file in self.files:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / file if source.is_dir() else source, target)
        return folder if source.is_dir() else folder / self.files[0]


GENERATORS = [
    Generator("header", "header", "include/akool.h", ("akool.h",), "#define AKOOL_ERR_TIMEOUT 14"),
    Generator("cpp", "header", "include/akool.hpp", ("akool.hpp",), "avatar_busy = 8"),
    Generator("docs", "page", "docs/errors.md", ("errors.md",), "must be at most 3600"),
    Generator("reference", "folder", "docs", ("assumptions.md", "operations.md"), "**(required)**"),
    Generator(
        "node",
        "package",
        "bindings/node",
        ("lib/catalogue.js", "lib/index.mjs", "types/catalogue.d.ts"),
        "AvatarBusyError",
    ),
    Generator(
        "python",
        "package",
        "bindings/python/akool",
        ("_catalogue.py", "errors.py", "_operations.py", "types.py", "_operations.pyi"),
        "session",
    ),
]


@pytest.fixture(params=GENERATORS, ids=lambda generator: generator.name)
def generator(request) -> Generator:
    return request.param


def test_generator_finds_no_drift_in_checked_in_files(generator):
    outcome = generator.run(REPOSITORY / generator.place, "--check")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_generator_reports_and_repairs_drift(generator, tmp_path):
    place = generator.copy(tmp_path)
    file = tmp_path / generator.files[-1]
    expected = file.read_text(encoding="utf-8")
    changed = expected.replace(generator.old, "something else", 1)
    assert changed != expected
    file.write_text(changed, encoding="utf-8")
    checked = generator.run(place, "--check")
    assert checked.returncode == 1 and "something else" in checked.stdout
    assert file.read_text(encoding="utf-8") == changed
    assert generator.run(place).returncode == 0
    assert file.read_text(encoding="utf-8") == expected


def test_generator_makes_missing_files(generator, tmp_path):
    place = generator.copy(tmp_path)
    file = tmp_path / generator.files[-1]
    expected = file.read_text(encoding="utf-8")
    file.unlink()
    assert generator.run(place, "--check").returncode == 1
    assert not file.exists()
    assert generator.run(place).returncode == 0
    assert file.read_text(encoding="utf-8") == expected


def test_generator_ignores_environment(generator):
    environment = {**os.environ, "AKOOL_BASE_URL": "https://localhost:1", "LC_ALL": "C", "PYTHONUTF8": "0"}
    outcome = generator.run(REPOSITORY / generator.place, "--check", environment=environment)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_generator_reports_unreadable_library(generator, tmp_path):
    (tmp_path / "none.so").write_text("")
    outcome = generator.run(REPOSITORY / generator.place, "--check", "--library", str(tmp_path / "none.so"))
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"generate_{generator.name}.py: ") and "Traceback" not in outcome.stderr
