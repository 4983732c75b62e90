"""Counts sessions and credit after crashes, chaos and contention, from the simulator's request log."""

from __future__ import annotations

import copy

import pytest
from money import chaos, crash, gate, rows, watching
from money.books import FOREIGN_HEADER, Books, Tariff
from money.programs import build
from support.endpoints import SESSION_CLOSE, SESSION_CREATE

WHOLE_S = 4500
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module", autouse=True)
def programs(library):
    build()


@pytest.mark.timeout(WHOLE_S)
@pytest.mark.parametrize("scenario", crash.SCENARIOS, ids=lambda scenario: scenario.name)
def test_killed_program_loses_no_session(scenario, rounds, record_property):
    verdict = crash.run(scenario, rounds(8, 1000 // len(crash.SCENARIOS)))
    record_property("verdict", str(verdict))
    assert not verdict.complaints, str(verdict)


@pytest.mark.timeout(WHOLE_S)
def test_chaos_ends_with_one_session_per_create_and_none_open(rounds, record_property):
    verdict = chaos.run(rounds(150, 10_000))
    record_property("verdict", str(verdict))
    assert not verdict.complaints, str(verdict)


@pytest.mark.timeout(WHOLE_S)
def test_processes_share_a_limit(rounds):
    verdict = gate.run(rounds(5, 60))
    assert not verdict.complaints, str(verdict)


@pytest.mark.timeout(WHOLE_S)
def test_many_sessions_are_watched_with_few_requests(rounds):
    verdict = watching.run(rounds(400, 10_000))
    assert not verdict.complaints, str(verdict)


@pytest.mark.nightly
@pytest.mark.timeout(WHOLE_S)
def test_many_ledger_rows_cost_no_more_than_few(library, rounds, record_property):
    ratios = rows.ratios(library, rounds(1_000_000, 1_000_000))
    record_property("ratios", str(ratios))
    assert {what: ratio for what, ratio in ratios.items() if ratio > rows.MOST} == {}


# The books.

TARIFF = Tariff(1000, per_second=0.1, unit_s=1)
OURS, FOREIGN = ["x-api-key"], ["x-api-key", FOREIGN_HEADER]


def entry(n: int, at_s: float, path: str, subject: str, headers=OURS, outcome=1000, **body) -> dict:
    handled = int(at_s * 1000) if outcome == 1000 else None
    return {
        "n": n,
        "handled_at": handled,
        "path": path,
        "subject": subject,
        "headers": headers,
        "outcome": outcome,
        "body": body,
    }


LOG = [
    entry(1, 0, SESSION_CREATE, "a", duration=100),
    entry(2, 1, SESSION_CREATE, "b", duration=100),
    entry(3, 2, SESSION_CREATE, "f", FOREIGN, duration=100),
    entry(4, 10.5, SESSION_CLOSE, "a"),
    entry(5, 11, SESSION_CLOSE, "a"),
    entry(6, 12, SESSION_CLOSE, "b", outcome=1216),
]


def test_books_count_begun_seconds_and_know_what_is_open():
    books = Books.of(LOG, TARIFF)
    assert [session.id for session in books.open_at(20_000)] == ["b"]
    assert books.most_open() == 2
    assert books.credit(20_000) == pytest.approx(1000 - 1.1 - 10 - 10)
    assert [session.id for session in books.never_closed()] == ["b"]
    assert books.foreign_touched() == []


def test_books_tell_a_touched_foreign_session():
    books = Books.of([*LOG, entry(7, 13, SESSION_CLOSE, "f")], TARIFF)
    assert [session.id for session in books.foreign_touched()] == ["f"]


def test_books_take_requests_in_the_order_of_their_effect():
    late = copy.deepcopy([LOG[0], LOG[3]])
    late[0]["handled_at"] = 11_500
    late[1]["handled_at"] = 12_000
    assert Books.of(late, TARIFF).sessions["a"].opened_at == 11_500
