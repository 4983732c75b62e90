"""Runs every scenario file over HTTP and in process, through every binding."""

from __future__ import annotations

import functools
import itertools
import json
from pathlib import Path

import pytest
from support.akool_client import AkoolClient
from support.bounded import bounded
from support.driven_client import DrivenClient
from support.drivers import DRIVERS
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


@pytest.fixture(scope="module")
def drivers():
    """The drivers that are running, by binding: each is started with the first scenario that needs it."""
    running = {}
    yield running
    for binding, driver in running.items():
        assert driver.finish() == 0, binding


@pytest.mark.timeout(SCENARIO_BOUND_S + 300)
@pytest.mark.parametrize("binding", ["c", *DRIVERS])
@pytest.mark.parametrize("path, front", on_fronts())
def test_scenario(path, front, binding, library, make_simulator, drivers):
    if binding == "c":
        connect = functools.partial(AkoolClient, library)
    else:
        if binding not in drivers:
            drivers[binding] = DRIVERS[binding]()
        connect = functools.partial(DrivenClient, drivers[binding])
    bounded(SCENARIO_BOUND_S, run_on(path, front, connect, make_simulator).run)


def run_on(path, front, connect, make_simulator):
    scenario = load(path)
    options = {"api_key": "simulator", **scenario.get("simulator", {})}
    if front == "http":
        simulator = make_simulator("--api-key", "simulator", options=options)
        return ScenarioRun(connect, scenario, simulator.url, {"api_key": "simulator"})
    settings = {"api_key": "simulator", "simulator": options}
    return ScenarioRun(connect, scenario, f"simulator:{path.stem}-{next(_numbers)}", settings)


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
