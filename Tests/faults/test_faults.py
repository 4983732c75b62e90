"""Runs the fault matrix and the storms, and shows that their judges notice what is wrong."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Dict, List

import pytest
from faults import matrix, storm
from faults.connections import KINDS
from faults.expectations import PAID, READ, TABLE, class_of
from faults.scripts import FAULTS
from support.akool_client import Reply
from support.akool_library import AkoolLibrary
from support.catalogue import operations

# Against hanging only: the first test runs the round, which takes an hour with --whole.
pytestmark = pytest.mark.timeout(4500)


@pytest.fixture(scope="module")
def outcomes(library: AkoolLibrary, pytestconfig: pytest.Config) -> Dict[str, List[matrix.Outcome]]:
    """Outcomes of the round by fault: all combinations with --whole, otherwise each pair of two."""
    by_fault: Dict[str, List[matrix.Outcome]] = {name: [] for name in FAULTS}
    choose = matrix.combinations if pytestconfig.getoption("--whole") else matrix.reduced
    for outcome in matrix.run(library, choose(library)):
        by_fault[outcome.combination.fault.name].append(outcome)
    return by_fault


# One worker runs the round, whose outcomes these tests share.
@pytest.mark.xdist_group("matrix")
@pytest.mark.parametrize("fault", list(FAULTS))
def test_fault_has_the_expected_result_requests_and_charges(fault, outcomes):
    assert outcomes[fault], "no operation was tried"
    wrong = [str(outcome) for outcome in outcomes[fault] if not outcome.as_expected]
    assert not wrong, "\n".join(wrong)


def test_every_operation_with_an_endpoint_is_in_the_matrix(library):
    names = {combination.operation.name for combination in matrix.combinations(library)}
    assert names == {name for name, operation in operations(library).items() if operation.path}


def test_reduced_round_leaves_out_no_pair(library):
    def pairs(combinations, *parts):
        return {tuple(str(getattr(c, part)) for part in parts) for c in combinations}

    whole, reduced = matrix.combinations(library), matrix.reduced(library)
    for two in [("operation", "fault"), ("operation", "kind"), ("fault", "kind")]:
        assert pairs(reduced, *two) == pairs(whole, *two)
    assert len(reduced) * len(KINDS) == len(whole)


@pytest.mark.parametrize("name", list(TABLE))
def test_class_expects_something_of_every_fault(name):
    assert set(TABLE[name]) == set(FAULTS)


def test_connections_are_what_they_are_called(library):
    assert matrix.misnamed_kinds(library) == []


def test_unknown_operations_get_a_class_by_their_method():
    assert class_of("something.new", "GET") == READ
    assert TABLE[class_of("something.new", "POST")]["reset after handling"].requests == 1


# Storms.


def test_mixed_faults_stay_within_the_budget_and_charge_nothing_twice(library, rounds):
    assert storm.complaints_mixed(storm.mixed(library, rounds(2000, 10_000))) == []


@pytest.mark.parametrize("kind", [kind for kind in storm.OUTAGES if kind != "silence"])
def test_outage_is_not_answered_with_more_load_and_forgotten_after_it(kind, library):
    assert storm.complaints_outage(storm.outage(library, kind, 1200)) == []


def test_silence_is_not_answered_with_more_load(library, rounds):
    """Makes fewer calls, since each waits for its deadline."""
    assert storm.complaints_outage(storm.outage(library, "silence", rounds(300, 1200))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"requests": 1300},
        {"doubly_charged": 1},
        {"unexplained_charges": 1},
        {"hung": 1},
        {"results": {"OK": 1000}},
        {"results": {"OK": 400, "TIMEOUT": 600}},
        {"results": {"OK": 900, "TIMEOUT": 99}},
        {"charged": 0},
    ],
    ids=str,
)
def test_storm_complains(change):
    fine = storm.Weather(1000, 1.0, 1100, Counter(OK=900, TIMEOUT=100), creates=100, charged=90)
    assert storm.complaints_mixed(fine) == []
    change = {key: Counter(value) if key == "results" else value for key, value in change.items()}
    assert storm.complaints_mixed(dataclasses.replace(fine, **change))


# The judge, with a paid create whose reply was lost.

LOST = TABLE[PAID]["reset after handling"]
ERROR = {"code": "OUTCOME_UNKNOWN", "retryable": False}
SEEN = matrix.Observation(
    Reply("OUTCOME_UNKNOWN", {"error": ERROR}), requests=1, charges=1, unexplained=0.0, reused=True
)


def test_judge_is_content_with_what_is_expected():
    assert matrix.judge(LOST, SEEN, KINDS[-1]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"reply": Reply("OK", {"data": {}})},
        {"reply": Reply("OUTCOME_UNKNOWN", None)},
        {"reply": Reply("OUTCOME_UNKNOWN", {"error": {**ERROR, "code": "TIMEOUT"}})},
        {"reply": Reply("OUTCOME_UNKNOWN", {"error": {**ERROR, "retryable": True}})},
        {"requests": 2},
        {"charges": 2},
        {"charges": 0},
        {"unexplained": 6.0},
        {"reused": False},
        {"reused": None},
    ],
    ids=str,
)
def test_judge_complains(change):
    assert matrix.judge(LOST, dataclasses.replace(SEEN, **change), KINDS[-1])


def test_judge_wants_a_warning_with_a_timeout():
    expected = TABLE[PAID]["hang until the deadline"]
    silent = Reply("TIMEOUT", {"error": {"code": "TIMEOUT", "retryable": False}})
    warning = Reply("TIMEOUT", {"error": {**silent.error, "details": {"outcome": "unknown"}}})
    assert matrix.judge(expected, dataclasses.replace(SEEN, reply=silent), KINDS[-1])
    assert not matrix.judge(expected, dataclasses.replace(SEEN, reply=warning), KINDS[-1])
