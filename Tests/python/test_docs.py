"""The programs in docs/python.md and in the package's README run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from python_support import PACKAGE, REPOSITORY, environment

PAGES = {"guide": REPOSITORY / "docs" / "python.md", "readme": PACKAGE / "README.md"}


def programs():
    for name, page in PAGES.items():
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text[: found.start()].count("\n") + 1
            yield pytest.param(found.group(1), id=f"{name}-{line}")


@pytest.mark.parametrize("program", programs())
def test_program(tmp_path: Path, program: str) -> None:
    env = environment(AKOOL_API_KEY="simulator", AKOOL_BASE_URL="simulator:", PYTHONWARNINGS="error")
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr and "Warning" not in result.stderr, result.stderr
    for said in re.findall(r"print\(.*\)  # ([A-Z]\w+ [A-Z_]+ \d+)$", program, re.MULTILINE):
        assert said in result.stdout


def test_there_are_programs() -> None:
    assert len(list(programs())) >= 13
