"""Runs every scenario over HTTP and in process in C, and those of the marshalling through every binding."""

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
# Scenario → the part of a binding that it exercises. The logic of the others is the library's, whoever calls it.
OF_BINDINGS = {
    "any-request": "free-form parameters and replies",
    "cancel": "submit, cancel, wait",
    "deadline": "calls side by side, options",
    "destroy-closes": "several clients, the end of one",
    "events-and-tags": "the event queue, tags",
    "main-job": "all of it together",
    "paid-create-lost-reply": "error details",
    "raw-and-trace": "raw bodies, meta",
    "statistics": "numbers",
    "wrong-key": "error classes",
}
EVERY = [path.stem for path in SCENARIOS]
_numbers = itertools.count(1)


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def on_fronts(chosen) -> list:
    """Returns path and front of each scenario. Bindings run one front of each, in turn, unless with --whole."""
    cases = []
    for number, path in enumerate(path for path in SCENARIOS if path.stem in chosen):
        fronts = load(path).get("fronts", ["http", "in_process"])
        for front in fronts:
            marks = [] if chosen is EVERY or front == fronts[number % len(fronts)] else [pytest.mark.nightly]
            cases.append(pytest.param(path, front, id=f"{path.stem}-{front}", marks=marks))
    return cases


@pytest.fixture(scope="module")
def drivers():
    """The drivers that are running, by binding: each is started with the first scenario that needs it."""
    running = {}
    yield running
    for binding, driver in running.items():
        assert driver.finish() == 0, binding


@pytest.mark.parametrize("path, front", on_fronts(EVERY))
def test_scenario_holds_in_c(path, front, library, make_simulator):
    bounded(SCENARIO_BOUND_S, run_on(path, front, functools.partial(AkoolClient, library), make_simulator).run)


def hold(binding, path, front, make_simulator, drivers):
    if binding not in drivers:
        drivers[binding] = DRIVERS[binding]()
    connect = functools.partial(DrivenClient, drivers[binding])
    bounded(SCENARIO_BOUND_S, run_on(path, front, connect, make_simulator).run)


@pytest.mark.timeout(SCENARIO_BOUND_S + 300)
@pytest.mark.parametrize("binding", DRIVERS)
@pytest.mark.parametrize("path, front", on_fronts(OF_BINDINGS))
def test_scenario_holds_in_binding(path, front, binding, make_simulator, drivers):
    hold(binding, path, front, make_simulator, drivers)


@pytest.mark.nightly
@pytest.mark.timeout(SCENARIO_BOUND_S + 300)
@pytest.mark.parametrize("binding", DRIVERS)
@pytest.mark.parametrize("path, front", on_fronts([name for name in EVERY if name not in OF_BINDINGS]))
def test_other_scenario_holds_in_binding(path, front, binding, make_simulator, drivers):
    hold(binding, path, front, make_simulator, drivers)


def run_on(path, front, connect, make_simulator):
    scenario = load(path)
    options = {"api_key": "simulator", **scenario.get("simulator", {})}
    if front == "http":
        simulator = make_simulator("--api-key", "simulator", options=options)
        return ScenarioRun(connect, scenario, simulator.url, {"api_key": "simulator"})
    settings = {"api_key": "simulator", "simulator": options}
    return ScenarioRun(connect, scenario, f"simulator:{path.stem}-{next(_numbers)}", settings)


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 20 and set(OF_BINDINGS) <= set(EVERY)


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
