"""`request` reaches only the origin of `base_url`, and no paid endpoint, in any spelling of the path.

The rule concerns the URL that is sent, after libcurl and the server have normalised it. It holds in every mode of
`validate`: that option relaxes the checks of parameters, not the checks of credentials and money.
"""

from __future__ import annotations

import pytest
from support.endpoints import CREDIT, SESSION_CREATE, SESSION_LIST, VOICE_TTS
from support.expectations import assert_failed
from support.misbehaviours import answers
from support.raw_server import RawServer

MODES = ["strict", "warn", "off"]
SESSION_CREATE_V3 = "/api/open/v3/liveAvatar/session/create"
# The operation that a caller shall use instead of each paid endpoint.
PAID = {
    SESSION_CREATE: "session.create",
    SESSION_CREATE_V3: "session.create",
    VOICE_TTS: "voice.tts",
    "/api/open/v4/voice/clone": "voice.clone",
    "/api/open/v4/voice/change": "voice.change",
}
BODY = {"avatar_id": "a", "duration": 60}


@pytest.fixture
def server():
    with RawServer(default=answers({"code": 1000, "msg": "OK", "data": {}})) as running:
        yield running


@pytest.fixture
def other():
    """A server to which the key must not go."""
    with RawServer(default=answers({"code": 1000, "msg": "OK", "data": {}})) as running:
        yield running


# Another origin. `{service}` and `{other}` are ports of 127.0.0.1; the resolver knows every name used here.
# Each row: the base URL and what is appended to it.
ORIGINS = {
    "user information": ("http://127.0.0.1:{service}", "@127.0.0.1:{other}/x"),
    "user information without a path": ("http://127.0.0.1:{service}", "@127.0.0.1:{other}"),
    "user and password": ("http://127.0.0.1:{service}", "x:y@127.0.0.1:{other}/x"),
    "two at signs": ("http://127.0.0.1:{service}", "@127.0.0.1:{service}@127.0.0.1:{other}/x"),
    "backslash before user information": ("http://127.0.0.1:{service}", "\\@127.0.0.1:{other}/x"),
    "encoded slash before user information": ("http://127.0.0.1:{service}", "%2F@127.0.0.1:{other}/x"),
    "another port": ("http://127.0.0.1", ":{other}/x"),
    "more digits of an address": ("http://127.0.0.1", "1:{other}/x"),
    "more labels of a name": ("http://localhost", ".evil.test:{other}/x"),
    "more letters of a name": ("http://localhost", "er.test:{other}/x"),
    "an ideographic full stop": ("http://localhost", "。evil.test:{other}/x"),
    "an absolute URL": ("http://127.0.0.1:{service}", "http://127.0.0.1:{other}/x"),
    "another scheme": ("http://127.0.0.1:{service}", "ftp://127.0.0.1:{other}/x"),
}
NAMES = ["127.0.0.11", "localhost.evil.test", "localhoster.test"]


def reaching(origin: str, server: RawServer, other: RawServer) -> tuple:
    """The base URL, the path and the fixed addresses of a row of `ORIGINS`."""
    ports = {"service": server.port, "other": other.port}
    base, path = ORIGINS[origin]
    return base.format(**ports), path.format(**ports), [f"{name}:{other.port}:127.0.0.1" for name in NAMES]


def assert_refused_unsent(reply, *servers: RawServer) -> None:
    assert [request.target for server in servers for request in server.requests] == []
    assert_failed(reply, "INVALID_ARGUMENT")
    assert [server.connections for server in servers] == [0] * len(servers)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("origin", list(ORIGINS))
def test_request_is_refused_unsent_when_its_url_has_another_origin(origin, mode, make_client, server, other):
    base, path, resolve = reaching(origin, server, other)
    client = make_client(base, resolve=resolve, max_attempts=1)
    reply = client.call("request", {"method": "GET", "path": path}, validate=mode, timeout_ms=3000)
    assert_refused_unsent(reply, server, other)


def test_request_is_refused_unsent_when_the_configuration_relaxes_validation(make_client, server, other):
    client = make_client(server.url, validate="off")
    reply = client.call("request", {"method": "POST", "path": f"@127.0.0.1:{other.port}/x", "body": BODY})
    assert_refused_unsent(reply, server, other)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", ["//127.0.0.1:{other}/x", "/\\127.0.0.1:{other}/x", "/http://127.0.0.1:{other}/x"])
def test_request_never_leaves_the_origin_when_only_a_path_looks_like_a_host(path, mode, make_client, server, other):
    path = path.format(other=other.port)
    make_client(server.url, max_attempts=1).call("request", {"method": "GET", "path": path}, validate=mode)
    assert other.connections == 0


@pytest.mark.parametrize(
    "path", ["/users/@me", "/a:b@c/d", "/x?next=http://evil.test/", "/x?mail=a@b.test", "/a%2Fb", "/%E4%BD%A0", "/."]
)
def test_request_is_sent_when_its_origin_is_that_of_the_base_url(path, make_client, server):
    reply = make_client(server.url).call("request", {"method": "GET", "path": path})
    assert reply.ok, reply
    assert len(server.requests) == 1


# Spellings that libcurl, a proxy or a server may take for the same endpoint.


def swapped(path: str, old: str, new: str) -> str:
    """The path with the last `old` replaced."""
    head, _, tail = path.rpartition(old)
    return head + new + tail


def encoded(path: str, form: str) -> str:
    """Every character but slashes in percent-encoding."""
    return "".join(c if c == "/" else "%" + format(ord(c), form) for c in path)


def spellings(path: str) -> dict:
    last = path.rsplit("/", 1)[1]
    first, rest = last[0], last[1:]
    return {
        "as documented": path,
        "slash at the end": path + "/",
        "slashes at the end": path + "//",
        "dot segment at the end": path + "/.",
        "dots at the end": path + "/x/..",
        "dot behind the name": path + ".",
        "encoded dot behind the name": path + "%2e",
        "encoded blank behind the name": path + "%20",
        "encoded NUL behind the name": path + "%00",
        "parameter of the segment": path + ";v=1",
        "query": path + "?a=1",
        "empty query": path + "?",
        "encoded query": path + "%3Fa=1",
        "encoded fragment": path + "%23a",
        "query with dots": path + "?/../..",
        "two slashes in front": "/" + path,
        "two slashes inside": swapped(path, "/", "//"),
        "three slashes inside": swapped(path, "/", "///"),
        "dot segment": swapped(path, "/", "/./"),
        "dots": swapped(path, "/", "/x/../"),
        "dots from the root": "/x/.." + path,
        "dots beyond the root": "/../.." + path,
        "dots across segments": "/api/open/v4/a/b/../../../../.." + path,
        "dots in capital encoding": swapped(path, "/", "/x/%2E%2E/"),
        "dots in small encoding": swapped(path, "/", "/x/%2e%2e/"),
        "dots half encoded": swapped(path, "/", "/x/.%2e/"),
        "encoded dot segment": swapped(path, "/", "/%2e/"),
        "empty segment before dots": swapped(path, "/", "/x//../../"),
        "slash in capital encoding": swapped(path, "/", "%2F"),
        "slash in small encoding": swapped(path, "/", "%2f"),
        "backslash": swapped(path, "/", "\\"),
        "encoded backslash": swapped(path, "/", "%5C"),
        "dots with backslashes": swapped(path, "/", "/x\\..\\"),
        "encoded letter": swapped(path, last, f"%{ord(first):x}{rest}"),
        "twice encoded letter": swapped(path, last, f"%25{ord(first):x}{rest}"),
        "thrice encoded letter": swapped(path, last, f"%2525{ord(first):x}{rest}"),
        "all in small encoding": encoded(path, "x"),
        "all in capital encoding": encoded(path, "X"),
        "twice encoded slash": swapped(path, "/", "%252F"),
        "twice encoded dots": swapped(path, "/", "/x/%252e%252e/"),
        "small letters": path.lower() if path.lower() != path else path.upper(),
        "capital letters": path.upper(),
        "all at once": "//x/%2E./" + swapped(path, last, f"%25{ord(first):x}{rest}").lstrip("/") + "/.?a=1",
        "fragment": path + "#a",
        "fragment with dots": path + "#/..",
    }


def spelling_cases():
    for path, operation in PAID.items():
        for name, spelling in spellings(path).items():
            yield pytest.param(spelling, operation, id=f"{path.split('/', 3)[3]}, {name}")


def assert_paid_refused(reply, operation: str, server: RawServer) -> None:
    assert_refused_unsent(reply, server)
    assert operation in reply.told, f"does not name {operation}: {reply.told}"


@pytest.mark.parametrize("path, operation", spelling_cases())
def test_request_is_refused_unsent_when_the_path_is_paid(path, operation, make_client, server):
    reply = make_client(server.url).call("request", {"method": "POST", "path": path, "body": BODY})
    assert_paid_refused(reply, operation, server)


@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.parametrize("name", list(spellings(SESSION_CREATE)))
def test_request_is_refused_unsent_when_the_path_is_paid_and_validation_relaxed(name, mode, make_client, server):
    path = spellings(SESSION_CREATE)[name]
    reply = make_client(server.url).call("request", {"method": "POST", "path": path, "body": BODY}, validate=mode)
    assert_paid_refused(reply, "session.create", server)


@pytest.mark.parametrize(
    "method, mode",
    [(method, mode) for method in ["PUT", "PATCH", "DELETE"] for mode in MODES]
    + [(method, mode) for method in ["post", "Post"] for mode in ["warn", "off"]],
)
def test_request_is_refused_unsent_when_the_path_is_paid_with_another_method(method, mode, make_client, server):
    reply = make_client(server.url).call(
        "request", {"method": method, "path": SESSION_CREATE, "body": BODY}, validate=mode
    )
    assert_paid_refused(reply, "session.create", server)


BASES = [
    ("/api/open", "/v4/liveAvatar/session/create"),
    ("/api/open/v4/liveAvatar", "/session/create"),
    ("/api/open/v4/liveAvatar/session/create", "/"),
    ("/api/open/v4/liveAvatar/session/create", "?a=1"),
    ("/gateway", SESSION_CREATE),
    ("/gateway", "/.." + SESSION_CREATE),
    ("/a/b", "/../x/../.." + SESSION_CREATE),
    ("/api/open/v4/liveAvatar", "/x/%2e%2e/session/%63reate"),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("base, path", BASES)
def test_request_is_refused_unsent_when_base_url_and_path_together_are_paid(base, path, mode, make_client, server):
    client = make_client(server.url + base)
    reply = client.call("request", {"method": "POST", "path": path, "body": BODY}, validate=mode)
    assert_paid_refused(reply, "session.create", server)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", list(spellings(SESSION_CREATE)))
def test_request_opens_no_session_when_the_path_is_paid_in_the_simulator(name, mode, make_client):
    """The simulator in this process takes the same calls by another transport."""
    client = make_client("simulator:", api_key=None)
    path = spellings(SESSION_CREATE)[name]
    body = {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60}
    client.call("request", {"method": "POST", "path": path, "body": body}, validate=mode)
    listed = client.call("session.list")
    assert listed.ok and listed.data["count"] == 0, listed


METHODS_WITH_MORE = [
    f"POST {SESSION_CREATE} HTTP/1.1\r\nx-a:",
    "GET /x HTTP/1.1\nx-evil: 1\nx-a:",
    f"GET /x HTTP/1.1\r\nhost: h\r\n\r\nPOST {SESSION_CREATE}",
    "GET /y",
    "GET ",
    "",
]


@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.parametrize("method", METHODS_WITH_MORE)
def test_request_is_refused_unsent_when_its_method_is_no_token(method, mode, make_client, server):
    reply = make_client(server.url).call("request", {"method": method, "path": "/x"}, validate=mode, timeout_ms=3000)
    assert_refused_unsent(reply, server)


@pytest.mark.parametrize("mode", ["warn", "off"])
@pytest.mark.parametrize(
    "path",
    [
        f"/x HTTP/1.1\r\nhost: h\r\n\r\nPOST {SESSION_CREATE}",
        "/x HTTP/1.1\r\nx-evil: 1\r\nx-a:",
        "/x\r\nx-evil: 1",
        "/x\nx-evil: 1",
        "/x\ty",
        "/x y",
    ],
)
def test_request_is_refused_unsent_when_its_path_has_control_characters(path, mode, make_client, server):
    reply = make_client(server.url).call("request", {"method": "GET", "path": path}, validate=mode, timeout_ms=3000)
    assert_refused_unsent(reply, server)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        CREDIT,
        SESSION_LIST,
        SESSION_CREATE + "d",
        SESSION_CREATE + "/history",
        "/v2" + SESSION_CREATE,
        "/x?path=" + SESSION_CREATE,
        "/x/..%2F.." + "/session/creates",
        SESSION_CREATE + "/../list",
    ],
)
def test_request_is_sent_when_the_path_only_resembles_a_paid_one(path, method, make_client, server):
    reply = make_client(server.url).call("request", {"method": method, "path": path}, validate="warn")
    assert reply.ok, reply
    assert len(server.requests) == 1
