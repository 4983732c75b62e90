"""A reduced round of the fault matrix, and the proof that the matrix notices what is wrong."""

from __future__ import annotations

import dataclasses
from typing import Dict, List

import pytest

from faults import matrix
from faults.connections import KINDS
from faults.expectations import PAID, READ, TABLE, class_of
from faults.scripts import FAULTS
from support.akool_client import Reply
from support.akool_library import AkoolLibrary
from support.catalogue import operations


@pytest.fixture(scope="module")
def outcomes(library: AkoolLibrary) -> Dict[str, List[matrix.Outcome]]:
    """The round, by fault."""
    by_fault: Dict[str, List[matrix.Outcome]] = {name: [] for name in FAULTS}
    for outcome in matrix.run(library, matrix.reduced(library)):
        by_fault[outcome.combination.fault.name].append(outcome)
    return by_fault


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
