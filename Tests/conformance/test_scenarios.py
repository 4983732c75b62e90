"""Runs every scenario file over HTTP and in process."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from support.bounded import bounded
from support.matching import mismatches
from support.scenarios import _STEPS, ScenarioRun

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
SCENARIO_BOUND_S = 60
_numbers = itertools.count(1)


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def on_fronts() -> list:
    cases = []
    for path in SCENARIOS:
        for front in load(path).get("fronts", ["http", "in_process"]):
            cases.append(pytest.param(path, front, id=f"{path.stem}-{front}"))
    return cases


@pytest.mark.parametrize("path, front", on_fronts())
def test_scenario(path, front, library, make_simulator):
    scenario = load(path)
    options = {"api_key": "simulator", **scenario.get("simulator", {})}
    if front == "http":
        simulator = make_simulator("--api-key", "simulator", options=options)
        run = ScenarioRun(library, scenario, simulator.url, {"api_key": "simulator"})
    else:
        settings = {"api_key": "simulator", "simulator": options}
        run = ScenarioRun(library, scenario, f"simulator:{path.stem}-{next(_numbers)}", settings)
    bounded(SCENARIO_BOUND_S, run.run)


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 20


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_is_well_formed(path):
    scenario = load(path)
    assert set(scenario) <= {"name", "comment", "simulator", "config", "clients", "fronts", "steps"}
    assert scenario["name"].strip()
    checks = [step for step in scenario["steps"] if {"expect", "books", "requests", "events"} & set(step)]
    assert checks, "expects nothing"
    for step in scenario["steps"]:
        assert len(set(step) & set(_STEPS)) == 1, step


@pytest.mark.parametrize(
    "expected, actual, matches",
    [
        ({}, {"a": 1}, True),
        ({"a": 1}, {"a": 1.0, "b": 2}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": None}, {}, False),
        ({"a": {"$absent": True}}, {}, True),
        ({"a": {"$absent": True}}, {"a": None}, False),
        ([1, 2], [1, 2, 3], False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ({"$min": 1, "$max": 2}, 3, False),
        ({"$type": "integer"}, True, False),
        ({"$includes": {"a": 1}}, [{"a": 2}, {"a": 1, "b": 1}], True),
        ({"$excludes": {"a": 1}}, [{"a": 2}, {"a": 1, "b": 1}], False),
        ({"$any_of": [1, {"$pattern": "^x"}]}, "xyz", True),
        ({"$any_of": [1, {"$pattern": "^x"}]}, "yxz", False),
        ({"a": {"$any_of": [{"$absent": True}, 1]}}, {}, True),
        ({"a": {"$any_of": [{"$type": "null"}, 1]}}, {}, False),
        ({"$count": 0}, [], True),
        ({"a": {"$type": "string"}}, {}, False),
    ],
)
def test_matching(expected, actual, matches):
    """The comparison itself: a matcher that passes everything would pass every scenario."""
    assert (list(mismatches(expected, actual)) == []) is matches
