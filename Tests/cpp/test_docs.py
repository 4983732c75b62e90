"""Every snippet of docs/cpp.md and of the README compiles and runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict

import pytest
from support import cpp_programs as cpp
from support.locations import REPOSITORY

PAGE = REPOSITORY / "docs" / "cpp.md"
README = REPOSITORY / "README.md"
ENVIRONMENT = {"AKOOL_API_KEY": "simulator", "AKOOL_BASE_URL": "simulator:"}
_PROGRAM = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMISE = re.compile(r"// prints (.*)$", re.MULTILINE)


def programs(page: Path) -> Dict[str, str]:
    """By the line where each begins."""
    text = page.read_text(encoding="utf-8")
    return {
        f"{page.name}:{text.count(chr(10), 0, found.start()) + 1}": found.group(1) for found in _PROGRAM.finditer(text)
    }


PROGRAMS = {**programs(PAGE), **programs(README)}


@pytest.mark.timeout(cpp.COMPILE_BOUND_S + cpp.RUN_BOUND_S)
@pytest.mark.parametrize("place", list(PROGRAMS))
def test_program(place: str, tmp_path: Path) -> None:
    source = PROGRAMS[place]
    file = tmp_path / "program.cpp"
    file.write_text(source)
    flags = ("-fno-exceptions",) if "client::create" in source else ()
    outcome = cpp.run([cpp.program(file, flags)], cwd=tmp_path, env=cpp.environment(**ENVIRONMENT))
    assert (outcome.returncode, outcome.stderr) == (0, ""), outcome
    for promise in _PROMISE.findall(source):
        assert promise in outcome.stdout, outcome.stdout


def test_page_has_programs() -> None:
    found = programs(PAGE)
    assert len(found) >= 7
    assert sum(len(_PROMISE.findall(source)) for source in found.values()) >= 8
