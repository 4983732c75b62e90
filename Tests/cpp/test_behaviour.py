"""What the C++ binding does: each TEST of the sources here is one, under AddressSanitizer and UBSan."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Iterator, List, Tuple

import pytest
from support import cpp_programs as cpp

pytestmark = pytest.mark.timeout(cpp.COMPILE_BOUND_S + cpp.RUN_BOUND_S)

_TEST = re.compile(r"^TEST\((\w+)\)", re.MULTILINE)

# What a test that ends its program has to say before.
LAST_WORDS = {
    "dies_when_a_reply_function_throws": "thrown",
    "dies_when_an_event_function_throws": "thrown",
    "dies_of_the_value_of_an_error": "akool: NOT_FOUND: ",
    "dies_of_a_client_that_cannot_be_made": "akool: UNAUTHENTICATED: ",
}


def names(source: Path) -> List[str]:
    return _TEST.findall(source.read_text(encoding="utf-8"))


def all_tests() -> Iterator[Tuple[str, str]]:
    return ((source.name, name) for source in sorted(cpp.FOLDER.glob("test_*.cpp")) for name in names(source))


@pytest.mark.parametrize("source, name", list(all_tests()))
def test_behaviour(source: str, name: str) -> None:
    flags = cpp.SANITIZED + (cpp.WITHOUT if "without_exceptions" in source else ())
    outcome = cpp.run([cpp.program(cpp.FOLDER / source, flags), name], env=cpp.environment(**cpp.looking_for_leaks()))
    if name.startswith("dies_"):
        assert outcome.returncode == -signal.SIGABRT and LAST_WORDS[name] in outcome.stderr, outcome
    else:
        assert outcome.returncode == 0, outcome.stderr[-6000:]


@pytest.mark.parametrize("name", names(cpp.FOLDER / "test_json.cpp"))
def test_json_where_charconv_knows_no_fractions(name: str) -> None:
    program = cpp.program(cpp.FOLDER / "test_json.cpp", ("-DAKOOL_CPP_CHARCONV=0",))
    outcome = cpp.run([program, name], env=cpp.environment())
    assert outcome.returncode == 0, outcome.stderr[-6000:]
