"""What the passing of real time does to sessions of a few seconds; events tell of each step."""

from __future__ import annotations

import pytest

AVATARS = ("dvp_Tristan_cloth2_1080P", "dvp_Emma_agora")
FAST = {"polling": {"initial_ms": 20, "maximum_ms": 50}}


@pytest.fixture
def simulator(make_simulator):
    return make_simulator(options={"official_avatars_shared": True, "busy_after_close_s": 0})


@pytest.fixture
def client(simulator, make_client):
    return make_client(simulator.url, **FAST)


def event(client, kind: str) -> dict:
    """The next event of a kind."""
    while True:
        told = client.next_event(15_000)
        assert told is not None, f"no {kind} came"
        if told["type"] == kind:
            return told


def create(client, **parameters) -> dict:
    reply = client.call("session.create", {"avatar_id": AVATARS[0], **parameters})
    assert reply.ok, reply.json
    return reply.data


def test_a_session_without_heartbeats_is_closed_as_abandoned(client, simulator):
    session = create(client, duration=600, heartbeat_timeout_ms=1_000)
    assert client.call("session.heartbeat", {"id": session["_id"]}).data["heartbeat_timeout_ms"] == 1_000
    ended = event(client, "session.ended")
    assert (ended["id"], ended["reason"]) == (session["_id"], "abandoned")
    assert ended["seconds_refunded"] > 500 and ended["estimated"] is True
    assert simulator.books()["open_sessions"] == 0
    sent = [request for request in simulator.requests() if "heartbeat" in str(request)]
    assert sent == [], "AKOOL has no keep-alive, so nothing may pretend that there is one"


def test_a_successor_is_open_before_the_session_that_ends(client, simulator):
    old = create(client, duration=5)
    planned = client.call("session.handover", {"id": old["_id"], "lead_ms": 4_000, "overlap_ms": 500})
    assert planned.ok, planned.json
    ready = event(client, "session.handover_ready")
    assert ready["replaces"] == old["_id"] and ready["join"]["transport"] == "agora"
    ended = event(client, "session.ended")
    assert ended["id"] == old["_id"]
    books = simulator.books()
    assert [session["_id"] for session in books["sessions"] if session["open"]] == [ready["id"]]


def test_the_end_is_announced_and_a_session_that_is_over_is_closed(client, simulator):
    session = create(client, duration=2)
    warned = event(client, "session.expiring")
    assert warned["id"] == session["_id"] and 0 <= warned["seconds_left"] <= 2
    ended = event(client, "session.ended")
    assert ended["id"] == session["_id"] and ended["reason"] in ("expired", "remote")
    assert simulator.books()["open_sessions"] == 0


def test_watching_tells_of_sessions_that_others_opened_and_end(client, simulator):
    session = simulator.foreign_session(avatar_id=AVATARS[1], duration=600)["_id"]
    assert client.call("session.watch", {"ids": [session]}).data["watched"] == 1
    simulator.end_foreign(session)
    ended = event(client, "session.ended")
    assert (ended["id"], ended["reason"]) == (session, "remote")
    assert client.call("session.unwatch").data["watched"] == 0


def test_statistics_count_calls_sessions_and_connections(client, simulator):
    create(client, duration=60)
    client.call("session.detail", {"id": "6698c9d69cf7b0d61d1b6420"})
    stats = client.call("client.stats").data
    assert stats["open_sessions"] == 1 and stats["closing_sessions"] == 0
    assert stats["retry_budget"] == 500 and stats["longest_stall_ms"] >= 0
    assert stats["network"]
    client.call("session.close_all", {"scope": "mine"})
    assert client.call("client.stats").data["open_sessions"] == 0
