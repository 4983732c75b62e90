"""The admin endpoints, which need no key, tell no secret, and act on the one world behind all connections."""

from __future__ import annotations

import pytest
from simulator_http.peers import KEY
from support.endpoints import CREDIT, SESSION_CLOSE, SESSION_CREATE, TOKEN

AVATAR = "dvp_Tristan_cloth2_1080P"


def test_books_follow_a_session_from_charge_to_refund(simulator, peer):
    start = simulator.books()["credit"]
    session = peer.request("POST", SESSION_CREATE, {"avatar_id": AVATAR, "duration": 600}, **KEY).json["data"]
    opened = simulator.books()
    assert opened["open_sessions"] == 1 and opened["charged"] == start - opened["credit"] > 0
    simulator.advance(60)
    assert peer.request("POST", SESSION_CLOSE, {"id": session["_id"]}, **KEY).json["code"] == 1000
    closed = simulator.books()
    assert closed["open_sessions"] == 0
    assert closed["refunded"] == pytest.approx(opened["charged"] * 540 / 600)
    assert closed["credit"] == pytest.approx(start - opened["charged"] * 60 / 600)


def test_request_log_shows_everything_but_secrets(simulator, peer):
    secret = "canary-3f9c2b7e"
    peer.request("GET", CREDIT, x_api_key=secret)
    peer.request("GET", CREDIT, authorization=f"Bearer {secret}")
    peer.request("POST", TOKEN, {"clientId": "me", "clientSecret": secret})
    assert secret not in peer.request("GET", "/_simulator/requests").body.decode()
    entries = simulator.requests()[-3:]
    assert [entry["reply_status"] for entry in entries] == [200, 200, 200]
    assert all(entry["reply_code"] not in (None, 1000) for entry in entries)


def test_request_log_can_be_read_from_a_number_on(simulator, peer):
    for _ in range(3):
        peer.request("GET", CREDIT, **KEY)
    numbers = [entry["n"] for entry in simulator.requests()]
    assert [entry["n"] for entry in simulator.requests(since=numbers[0])] == numbers[1:]


def test_clock_is_stepped_and_read(simulator, peer):
    before = peer.request("POST", "/_simulator/clock", {"advance_s": 0}).json["data"]["now_ms"]
    after = peer.request("POST", "/_simulator/clock", {"advance_s": 90}).json["data"]["now_ms"]
    assert after - before == 90_000


def test_options_change_while_it_runs(simulator, peer):
    simulator.set_options(success_msg="fine")
    assert peer.request("GET", CREDIT, **KEY).json["msg"] == "fine"


def test_stranger_opens_a_session(simulator):
    simulator.foreign_session(avatar_id=AVATAR, duration=60)
    assert simulator.books()["open_sessions"] == 1


def test_reset_forgets(simulator, peer):
    peer.request("POST", SESSION_CREATE, {"avatar_id": AVATAR}, **KEY)
    simulator.reset()
    assert simulator.books()["sessions"] == []
    assert simulator.requests(operation="session.create") == []


def test_mistakes_are_named(simulator, peer):
    for path, body in (("clock", {"advance": 1}), ("faults", {"rules": [{"fault": {}}]}), ("options", {"x": 1})):
        answer = peer.request("POST", f"/_simulator/{path}", body)
        assert answer.json["code"] != 1000 and answer.json["msg"], (path, answer)
    assert peer.request("GET", "/_simulator/nothing").json["code"] != 1000
