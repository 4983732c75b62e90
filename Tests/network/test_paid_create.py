"""A payment reaches the server at most once, on fresh and reused connections, over HTTP/1.1 and HTTP/2.

The count is the server's. On reused connections libcurl itself would repeat a request whose connection
dies after the server has handled it; these tests fail when it does.
"""

from __future__ import annotations

import shutil
import subprocess

import h2.errors
import pytest
from support import http2_server, misbehaviours
from support.canary import CANARY_KEY
from support.endpoints import (
    AVATAR_CREATE,
    AVATAR_DETAIL,
    AVATAR_RECORD,
    CREDIT,
    SESSION_CLOSE,
    SESSION_CREATE,
    SESSION_LIST,
)
from support.expectations import assert_failed
from support.http2_server import Http2Server
from support.misbehaviours import answers, in_turn
from support.raw_server import RawServer

SESSION = {
    "code": 1000,
    "msg": "OK",
    "data": {
        "_id": "6698c9d69cf7b0d61d1b6420",
        "uid": 100010,
        "type": 1,
        "status": 1,
        "stream_type": "agora",
        "credentials": {"agora_uid": 1, "agora_app_id": "app", "agora_channel": "ch", "agora_token": "tok"},
    },
}
CREATE = {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60}
ENDINGS = {"reset": misbehaviours.resets, "closed": misbehaviours.closes}


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("ending", list(ENDINGS))
@pytest.mark.parametrize("reused", [False, True], ids=["fresh", "reused"])
def test_create_is_sent_once_over_http_1(reused, ending, tls, make_client, authority):
    routes = {CREDIT: answers(misbehaviours.CREDIT), SESSION_CREATE: in_turn(ENDINGS[ending], answers(SESSION))}
    with RawServer(routes=routes, identity=authority.server() if tls else None) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        if reused:
            assert client.call("account.credit").ok
        reply = client.call("session.create", CREATE)
        assert_failed(reply, "OUTCOME_UNKNOWN", secrets=[CANARY_KEY])
        assert server.count(SESSION_CREATE) == 1
        create = [request for request in server.requests if request.path == SESSION_CREATE][0]
        assert create.json["duration"] == 60, "the whole body had come in"
        assert create.connection == 0, "the connection was not the one meant"
        assert client.call("account.credit").ok, "the client goes on"
        assert server.count(SESSION_CREATE) == 1


@pytest.mark.parametrize("reused", [False, True], ids=["fresh", "reused"])
def test_create_is_sent_once_over_http_2(reused, make_client, authority):
    routes = {CREDIT: http2_server.answers(misbehaviours.CREDIT), SESSION_CREATE: http2_server.breaks}
    with Http2Server(authority.server(), routes) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        if reused:
            assert client.call("account.credit").ok
        reply = client.call("session.create", CREATE)
        assert_failed(reply, "OUTCOME_UNKNOWN", secrets=[CANARY_KEY])
        assert server.count(SESSION_CREATE) == 1
        create = [request for request in server.requests if request.path == SESSION_CREATE][0]
        assert create.json["duration"] == 60 and create.connection == 0
        assert client.call("account.credit").ok, "the client goes on"
        assert server.count(SESSION_CREATE) == 1


@pytest.mark.parametrize("code", [h2.errors.ErrorCodes.INTERNAL_ERROR, h2.errors.ErrorCodes.CANCEL])
def test_create_whose_stream_is_reset_is_sent_once(code, make_client, authority):
    """The connection lives on; only the one stream has been ended without an answer."""
    routes = {
        CREDIT: http2_server.answers(misbehaviours.CREDIT),
        SESSION_CREATE: http2_server.resets_stream(code),
    }
    with Http2Server(authority.server(), routes) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        assert client.call("account.credit").ok
        assert_failed(client.call("session.create", CREATE), "OUTCOME_UNKNOWN")
        assert server.count(SESSION_CREATE) == 1


@pytest.mark.parametrize(
    "refusal",
    [http2_server.resets_stream(h2.errors.ErrorCodes.REFUSED_STREAM), http2_server.goes_away_unhandled],
    ids=["refused stream", "goaway"],
)
def test_create_that_the_server_says_it_has_not_handled(refusal, make_client, authority):
    """Both signs mean *not processed*: a repeat is allowed, a lie about the outcome is not, three is the most."""
    routes = {CREDIT: http2_server.answers(misbehaviours.CREDIT), SESSION_CREATE: refusal}
    with Http2Server(authority.server(), routes) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        assert client.call("account.credit").ok
        assert_failed(client.call("session.create", CREATE), ("OUTCOME_UNKNOWN", "UNAVAILABLE"))
        assert 1 <= server.count(SESSION_CREATE) <= 3


def test_many_creates_side_by_side_on_one_http_2_connection(make_client, authority):
    """All streams die with their connection; each create has come in at most once."""
    routes = {CREDIT: http2_server.answers(misbehaviours.CREDIT), SESSION_CREATE: http2_server.silent}
    with Http2Server(authority.server(), routes) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        assert client.call("account.credit").ok
        requests = [client.submit("session.create", {**CREATE, "duration": 60 + n}) for n in range(8)]
        server.wait_for_request(SESSION_CREATE, count=8)
        server._routes[SESSION_CREATE] = http2_server.breaks
        last = client.submit("session.create", {**CREATE, "duration": 100})
        for request in [*requests, last]:
            assert_failed(client.wait(request), "OUTCOME_UNKNOWN")
        durations = [request.json["duration"] for request in server.requests if request.path == SESSION_CREATE]
        assert sorted(durations) == [60, 61, 62, 63, 64, 65, 66, 67, 100]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_create_answered_by_a_gateway_is_not_repeated(status, make_client):
    with RawServer(routes={SESSION_CREATE: misbehaviours.html(status)}) as server:
        reply = make_client(server.url).call("session.create", CREATE)
        assert not reply.ok
        assert server.count(SESSION_CREATE) == 1, reply


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs the curl command")
@pytest.mark.parametrize("version", ["1.1", "2"])
def test_libcurl_left_alone_would_pay_twice(version, authority):
    """The guard of the counts above: these very servers make libcurl repeat a request that it can rewind."""
    identity, trust = authority.server(), str(authority.ca_file)
    if version == "2":
        routes = {CREDIT: http2_server.answers({}), SESSION_CREATE: http2_server.breaks}
        server = Http2Server(identity, routes)
    else:
        behaviour = in_turn(misbehaviours.resets, answers({}))
        server = RawServer(routes={CREDIT: answers({}), SESSION_CREATE: behaviour}, identity=identity)
    common = ["-sS", "-m", "5", "--cacert", trust]
    warm = ["curl", *common, server.url + CREDIT]
    with server:
        subprocess.run([*warm, "--next", *common, "-d", "{}", server.url + SESSION_CREATE], capture_output=True)
        assert server.count(SESSION_CREATE) == 2


def test_create_on_a_connection_closed_while_idle_succeeds(make_client):
    """The server ends its idle connection between two calls: the create goes out once, on another one."""

    def answers_then_closes(connection, request):
        connection.reply(200, misbehaviours.CREDIT)
        return False

    with RawServer(routes={CREDIT: answers_then_closes, SESSION_CREATE: answers(SESSION)}) as server:
        client = make_client(server.url)
        assert client.call("account.credit").ok
        reply = client.call("session.create", CREATE)
        assert reply.ok or reply.result == "OUTCOME_UNKNOWN", reply
        assert server.count(SESSION_CREATE) <= 1


@pytest.mark.parametrize(
    "operation, path, parameters",
    [
        ("account.credit", CREDIT, {}),
        ("session.list", SESSION_LIST, {}),
        ("session.close", SESSION_CLOSE, {"id": "6698c9d69cf7b0d61d1b6420"}),
    ],
)
def test_what_is_safe_to_repeat_is_repeated(operation, path, parameters, make_client):
    """The guard of the tests above: the same reset on a reused connection, and the call comes through."""
    bodies = {
        CREDIT: misbehaviours.CREDIT,
        SESSION_LIST: {"code": 1000, "msg": "OK", "data": {"count": 0, "result": []}},
        SESSION_CLOSE: {"code": 1000, "msg": "OK"},
    }
    with RawServer(routes={path: in_turn(misbehaviours.resets, answers(bodies[path]))}) as server:
        server.route("/warm", answers(misbehaviours.CREDIT))
        over = {**SESSION, "data": {**SESSION["data"], "status": 3}}
        server.route("/api/open/v4/liveAvatar/session/detail", answers(over))
        client = make_client(server.url)
        assert client.call("request", {"method": "GET", "path": "/warm"}).ok
        reply = client.call(operation, parameters)
        assert reply.ok, reply
        assert server.count(path) == 2


def test_uploading_an_avatar_twice_is_no_error(make_client):
    """1222 after a lost reply means that our own first request was handled: it is looked up."""
    record = {
        "_id": "66a1a02d591ad336275eda62",
        "uid": 1,
        "type": 2,
        "from": 3,
        "status": 1,
        "name": "mine",
        "url": "u",
    }
    exists = {"code": 1222, "msg": "resource already exists"}
    with RawServer(routes={AVATAR_CREATE: in_turn(misbehaviours.resets, answers(exists))}) as server:
        server.route(AVATAR_DETAIL, answers({"code": 1000, "data": {**record, "avatar_id": "mine"}}))
        server.route(AVATAR_RECORD, answers({"code": 1000, "data": [record]}))
        reply = make_client(server.url).call("avatar.create", {"url": "https://example.com/v.mp4", "avatar_id": "mine"})
        assert reply.ok, reply
        assert reply.data["_id"] == record["_id"]
        assert server.count(AVATAR_CREATE) == 2


@pytest.mark.parametrize("version", ["auto", "1.1"])
@pytest.mark.parametrize("when", ["before_handling", "after_handling"])
@pytest.mark.parametrize("reused", [False, True], ids=["fresh", "reused"])
def test_create_against_the_simulator(reused, when, version, make_client, make_simulator):
    """The simulator's own books: one request, and one charge exactly if it was handled."""
    rule = {"match": {"operation": "session.create"}, "fault": {"reset": when}}
    simulator = make_simulator("--credit", "1000", tls=True, faults=[rule])
    settings = {"ca_file": simulator.ca_file, "http_version": version}
    avatar = make_client(simulator.url, **settings).call("avatar.list").data["result"][0]["avatar_id"]
    client = make_client(simulator.url, **settings)
    if reused:
        assert client.call("account.credit").ok
    before = simulator.books()["credit"]
    reply = client.call("session.create", {"avatar_id": avatar, "duration": 60})
    assert_failed(reply, "OUTCOME_UNKNOWN")
    creates = simulator.requests(operation="session.create")
    assert len(creates) == 1, creates
    assert creates[0]["handled"] is (when == "after_handling")
    books = simulator.books()
    assert books["open_sessions"] == (1 if when == "after_handling" else 0)
    assert (books["credit"] < before) is (when == "after_handling")
    others = {entry["connection"] for entry in simulator.requests() if entry["operation"] != "session.create"}
    assert (creates[0]["connection"] in others) is reused, "the connection was not the one meant"


def test_http_2_is_used_where_the_server_has_it(make_client, authority):
    routes = {CREDIT: http2_server.answers(misbehaviours.CREDIT)}
    with Http2Server(authority.server(), routes) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        for _ in range(3):
            assert client.call("account.credit").ok
        assert server.connections == 1
        assert [request.connection for request in server.requests] == [0, 0, 0]


def test_http_1_can_be_asked_for(make_client, authority):
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT)}, identity=authority.server()) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file), http_version="1.1")
        assert client.call("account.credit").ok
        assert server.count(CREDIT) == 1
