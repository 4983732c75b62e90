"""Runs each linter on the files that git tracks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest
from support.locations import REPOSITORY

TOOLS = Path(sys.executable).parent
TYPESCRIPT = {
    "compilerOptions": {"strict": True, "noEmit": True, "target": "es2022", "module": "node16", "types": []},
    "include": [str(REPOSITORY / "bindings/node/types")],
}


def tracked(*patterns: str) -> List[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    files = [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]
    assert files, patterns
    return files


def shell_scripts() -> List[str]:
    def is_shell(name: str) -> bool:
        with (REPOSITORY / name).open("rb") as file:
            return file.readline(80).startswith((b"#!/bin/sh", b"#!/usr/bin/env bash"))

    return [name for name in tracked() if is_shell(name)]


def check(tool: str, *arguments: str) -> None:
    beside = TOOLS / tool
    program = str(beside) if beside.exists() else shutil.which(tool)
    assert program, f"{tool} is missing: scripts/setup.sh lint"
    result = subprocess.run([program, *arguments], cwd=REPOSITORY, capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, (result.stdout + result.stderr)[-6000:]


def test_swift_format_accepts_swift_files():
    check("swift", "format", "lint", "--strict", "--parallel", *tracked("*.swift"))


def test_clang_format_accepts_c_and_cpp_files():
    check("clang-format", "--dry-run", "-Werror", *tracked("*.c", "*.h", "*.cpp", "*.hpp"))


def test_ruff_accepts_python_files():
    check("ruff", "check", "--no-cache", ".")


def test_ruff_finds_python_files_formatted():
    check("ruff", "format", "--no-cache", "--check", ".")


def test_shellcheck_accepts_shell_scripts():
    check("shellcheck", "--external-sources", *shell_scripts())


def test_tsc_accepts_declarations(tmp_path):
    (tmp_path / "tsconfig.json").write_text(json.dumps(TYPESCRIPT))
    check("tsc", "-p", str(tmp_path))


@pytest.mark.parametrize(
    "tool, name, text",
    [
        (("clang-format", "--dry-run", "-Werror"), "bad.c", "int  a ;\n"),
        (("ruff", "check", "--no-cache"), "bad.py", "import os\n"),
        (("ruff", "format", "--no-cache", "--check"), "bad.py", "x=1\n"),
        (("shellcheck",), "bad.sh", "#!/bin/sh\nrm $1/*\n"),
        (("swift", "format", "lint", "--strict"), "bad.swift", "let  a = 1\n"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_linter_refuses_bad_style(tool, name, text, tmp_path):
    bad = tmp_path / name
    bad.write_text(text)
    with pytest.raises(AssertionError):
        check(*tool, str(bad))
