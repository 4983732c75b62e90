"""Requests of every shape reach the model whole, and its replies arrive unadorned."""

from __future__ import annotations

import email.utils
import resource
import time

import pytest
from simulator_http.peers import HTTP1, HTTP2, KEY, Http1Peer, connect, open_peer
from support.canary import CANARY_KEY
from support.endpoints import AVATAR_LIST, CREDIT, SESSION_CREATE, TOKEN
from support.simulator import Simulator

MEBIBYTE = 1 << 20


def test_reply_has_no_header_that_the_model_does_not_give(peer):
    answer = peer.request("GET", CREDIT, **KEY)
    assert answer.status == 200 and answer.json["code"] == 1000
    assert sorted(name for name, _ in answer.headers) == ["content-length", "content-type", "date"]
    assert answer.header("content-type").startswith("application/json")


def test_date_is_simulated_time(simulator, peer):
    before = email.utils.parsedate_to_datetime(peer.request("GET", CREDIT, **KEY).header("date"))
    simulator.advance(86_400)
    after = email.utils.parsedate_to_datetime(peer.request("GET", CREDIT, **KEY).header("date"))
    assert (after - before).total_seconds() == 86_400


def test_connections_are_told_apart(simulator, open_connection):
    first, second = open_connection(), open_connection()
    for peer in (first, first, second, first):
        peer.request("GET", CREDIT, **KEY)
    numbers = [entry["connection"] for entry in simulator.requests(operation="account.credit")]
    assert numbers[0] == numbers[1] == numbers[3] != numbers[2]


def test_query_and_body_reach_the_model(simulator, peer):
    peer.request("GET", f"{AVATAR_LIST}?page=2&size=3", **KEY)
    peer.request("POST", SESSION_CREATE, {"avatar_id": "nobody-ø"}, **KEY)
    listed, created = simulator.requests()[-2:]
    assert (listed["path"], listed["query"]) == (AVATAR_LIST, {"page": "2", "size": "3"})
    assert created["body"]["avatar_id"] == "nobody-ø"


def test_unknown_path_and_wrong_method_are_answered(simulator, peer):
    for method, path in (("GET", "/api/open/v9/nothing"), ("DELETE", CREDIT), ("GET", "/"), ("PATCH", "/%ff%00")):
        answer = peer.request(method, path, **KEY)
        assert answer.status == 404, (method, path, answer)
    assert [entry.get("operation") for entry in simulator.requests()[-4:]] == [None] * 4


def test_malformed_body_is_a_business_error(peer):
    for body in (b"{", b"\xff\xfe", b"[]", b""):
        assert peer.request("POST", TOKEN, body).json["code"] != 1000


def test_head_has_no_body_and_the_connection_goes_on(peer):
    assert peer.request("HEAD", "/api/open/v9/nothing", **KEY).body == b""
    assert peer.request("GET", CREDIT, **KEY).json["code"] == 1000


def test_large_bodies_arrive_and_larger_ones_are_refused(simulator, peer):
    body = {"clientId": "x" * (15 * MEBIBYTE), "clientSecret": "y"}
    assert peer.request("POST", TOKEN, body).status == 200
    assert simulator.requests()[-1]["operation"] == "auth.token"
    assert peer.request("POST", TOKEN, b"x" * (16 * MEBIBYTE + 1)).status == 413
    assert peer.request("GET", CREDIT, **KEY).json["code"] == 1000


def test_waiting_client_is_told_to_go_on(make_simulator):
    with open_peer(make_simulator("--stepped"), HTTP1) as peer:
        peer.send("POST", TOKEN, [("expect", "100-continue"), ("content-length", "2")], b"")
        assert peer.receive().status == 100
        peer.socket.sendall(b"{}")
        assert peer.receive().json["code"] != 1000


def test_connection_is_closed_on_request(make_simulator):
    with open_peer(make_simulator("--stepped"), HTTP1) as peer:
        assert peer.request("GET", CREDIT, connection="close", **KEY).json["code"] == 1000
        assert peer.socket.recv(1) == b""


def test_streams_of_one_connection_do_not_wait_for_each_other(make_simulator):
    simulator: Simulator = make_simulator("--stepped", tls=True)
    simulator.set_faults({"match": {"operation": "account.credit"}, "fault": {"delay_ms": 300}})
    with open_peer(simulator, HTTP2) as peer:
        begin = time.monotonic()
        for _ in range(20):
            peer.begin("GET", CREDIT, [("x-api-key", CANARY_KEY)])
        assert {peer.receive().json["code"] for _ in range(20)} == {1000}
        assert time.monotonic() - begin < 20 * 0.3 / 2
    assert len({entry["connection"] for entry in simulator.requests(operation="account.credit")}) == 1


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_connections_at_once(many_descriptors, make_simulator):
    simulator: Simulator = make_simulator("--stepped")
    peers = [Http1Peer(connect(simulator.url), "simulator") for _ in range(1000)]
    for peer in peers:
        peer.send("GET", CREDIT, [("x-api-key", CANARY_KEY)], b"")
    assert {peer.receive().json["code"] for peer in peers} == {1000}
    assert len({entry["connection"] for entry in simulator.requests(operation="account.credit")}) == 1000
    for peer in peers:
        peer.socket.close()


def test_bytes_that_are_no_http_are_refused(make_simulator):
    simulator: Simulator = make_simulator("--stepped")
    with connect(simulator.url) as sock:
        sock.sendall(b"GARBAGE\r\n\r\n")
        assert sock.recv(4096).startswith(b"HTTP/1.1 400 ")
        assert sock.recv(4096) == b""
    with Http1Peer(connect(simulator.url), "simulator") as peer:
        assert peer.request("GET", CREDIT, **KEY).json["code"] == 1000
