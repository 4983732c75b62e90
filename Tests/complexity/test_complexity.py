"""Each public function does linear work on the texts that it takes, by count of instructions."""

from __future__ import annotations

import re
from typing import Any, List

import pytest
from complexity.cases import CASES, NIGHTLY
from complexity.measuring import FOLDER, Measurement, run
from support.locations import REPOSITORY

# Cases are counted in batches; a process has its own limit.
pytestmark = pytest.mark.timeout(0)

SMALL_STACK = 262_144
BACKLOG = 9_000
"""Number of log records; at most 10 000 wait."""


def _cases() -> List[Any]:
    cases = []
    for name in CASES:
        marks = [pytest.mark.nightly] if name in NIGHTLY else []
        cases.append(pytest.param(name, marks=marks, id=name.replace(" ", "-")))
    return cases


@pytest.mark.parametrize("name", _cases())
def test_work_is_linear_when_input_grows(name, counter):
    measurement = counter.measure(name)
    assert measurement.is_linear, str(measurement)


def test_small_stack_suffices_when_log_backlog_is_cleared(program):
    run([program, "--stack", SMALL_STACK, "log backlog cleared", BACKLOG])


# The suite itself.


def test_every_case_of_the_program_has_a_size(program):
    assert run([program, "--list"]).split("\n")[:-1] == list(CASES)


def test_every_function_that_takes_text_has_a_case():
    header = (REPOSITORY / "include" / "akool.h").read_text(encoding="utf-8")
    declarations = re.findall(r"^AKOOL_API ([^;]*);", header, re.MULTILINE)
    takers = {
        re.search(r"(akool_\w+)\(", text).group(1) for text in declarations if "const char *" in text.split("(")[1]
    }
    assert "akool_json_get" in takers
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("cases_*.c")) + (
        (FOLDER / "complexity.c").read_text(encoding="utf-8")
    )
    assert [name for name in sorted(takers) if f"{name}(" not in sources] == []


@pytest.mark.parametrize(
    ("large", "is_linear"), [(401_000, True), (496_000, True), (502_000, False), (1_601_000, False)]
)
def test_measurement_is_linear_when_ratio_is_small(large, is_linear):
    measurement = Measurement("case", 1, 10, 40, {1: 1_000, 10: 101_000, 40: large})
    assert measurement.is_linear == is_linear


def test_measurement_is_linear_when_counts_are_noise():
    assert Measurement("case", 1, 10, 40, {1: 100_000, 10: 100_010, 40: 101_000}).is_linear
