"""Every fault looks on the wire as it is called, and the request log tells the truth about it."""

from __future__ import annotations

import socket
import time

import pytest
from simulator_http.peers import KEY, Truncated
from support.canary import CANARY_KEY
from support.endpoints import CREDIT, SESSION_CREATE

OFFICIAL = {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60}
PAUSE_S = 0.4


def fault(operation: str = "account.credit", **fault: object) -> dict:
    return {"match": {"operation": operation}, "fault": fault}


@pytest.mark.parametrize("warm", [False, True], ids=["fresh", "reused"])
@pytest.mark.parametrize("when, handled", [("before_handling", False), ("after_handling", True)])
def test_reset_is_a_reset_and_the_books_know_whether_it_was_handled(when, handled, warm, simulator, peer):
    if warm:
        assert peer.request("GET", CREDIT, **KEY).json["code"] == 1000
    simulator.set_faults(fault("session.create", reset=when))
    with pytest.raises(ConnectionResetError):
        peer.request("POST", SESSION_CREATE, OFFICIAL, **KEY)
    entries = simulator.requests(operation="session.create")
    assert [entry["handled"] for entry in entries] == [handled]
    assert len(simulator.books()["sessions"]) == (1 if handled else 0)


def test_request_is_handled_later_although_its_connection_was_reset(simulator, peer):
    simulator.set_faults(fault("session.create", reset="before_handling", handle_later_s=10))
    with pytest.raises(ConnectionResetError):
        peer.request("POST", SESSION_CREATE, OFFICIAL, **KEY)
    assert simulator.books()["sessions"] == []
    simulator.advance(11)
    assert len(simulator.books()["sessions"]) == 1


def test_truncated_body_announces_more_than_it_brings(simulator, peer):
    whole = peer.request("GET", CREDIT, **KEY)
    simulator.set_faults(fault(truncate_body=7))
    with pytest.raises(Truncated) as cut:
        peer.request("GET", CREDIT, **KEY)
    assert cut.value.answer.body == whole.body[:7]
    assert int(cut.value.answer.header("content-length")) == len(whole.body)


def test_dripped_body_is_whole_but_slow(simulator, peer):
    whole = peer.request("GET", CREDIT, **KEY)
    simulator.set_faults(fault(drip_ms=5))
    begin = time.monotonic()
    assert peer.request("GET", CREDIT, **KEY).body == whole.body
    assert time.monotonic() - begin >= 0.005 * len(whole.body)


def test_delay_is_real_time_and_holds_up_nobody_else(simulator, peer, open_connection):
    other = open_connection()
    simulator.set_faults({"match": {"operation": "account.credit", "nth": 1}, "fault": {"delay_ms": 1000 * PAUSE_S}})
    begin = time.monotonic()
    peer.send("GET", CREDIT, [("x-api-key", CANARY_KEY)], b"")
    while not simulator.requests(operation="account.credit"):
        assert time.monotonic() - begin < PAUSE_S, "the machine is too slow for this test"
    assert other.request("GET", CREDIT, **KEY).json["code"] == 1000
    overtaken = time.monotonic() - begin
    assert peer.receive().json["code"] == 1000
    assert overtaken < PAUSE_S <= time.monotonic() - begin


def test_hung_request_keeps_the_connection_open(simulator, peer):
    simulator.set_faults(fault(hang=True))
    peer.socket.settimeout(PAUSE_S)
    with pytest.raises(socket.timeout):
        peer.request("GET", CREDIT, **KEY)


def test_replaced_reply_goes_out_as_scripted(simulator, peer):
    simulator.set_faults(fault(http_status=503, body="<html>busy</html>", headers={"Retry-After": "7"}))
    answer = peer.request("GET", CREDIT, **KEY)
    assert (answer.status, answer.body, answer.header("retry-after")) == (503, b"<html>busy</html>", "7")
    assert [entry["handled"] for entry in simulator.requests(operation="account.credit")] == [False]


def test_status_without_a_body_leaves_the_connection_usable(simulator, peer):
    simulator.set_faults({"match": {"operation": "account.credit", "nth": 1}, "fault": {"http_status": 204}})
    assert (peer.request("GET", CREDIT, **KEY).status, peer.request("GET", CREDIT, **KEY).status) == (204, 200)


def test_faults_can_be_cleared(simulator, peer):
    simulator.set_faults(fault(http_status=500))
    assert peer.request("GET", CREDIT, **KEY).status == 500
    simulator.clear_faults()
    assert peer.request("GET", CREDIT, **KEY).status == 200
