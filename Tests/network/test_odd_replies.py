"""Replies and headers at the edge of HTTP: HEAD, status 101, malformed header lines, empty header values."""

from __future__ import annotations

import json

import pytest
from support.canary import CANARY_KEY
from support.endpoints import CREDIT, VOICE_TTS
from support.expectations import assert_by_deadline, assert_failed, assert_outcome_unknown
from support.misbehaviours import CREDIT as A_BALANCE
from support.misbehaviours import OK_HEAD, answers, in_turn, sends, sends_and_holds
from support.raw_server import RawServer

STATUS_LINE = b"HTTP/1.1 200 OK\r\n"
BODY = json.dumps(A_BALANCE).encode()
FRAMED_BODY = b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)
# A paid call that does not look for its outcome afterwards.
SPEECH = {"input_text": "Hello", "voice_id": "v"}


# HEAD.

HEAD_REPLIES = {
    "a length": b"content-length: 40\r\n",
    "a length of nothing": b"content-length: 0\r\n",
    "chunks": b"transfer-encoding: chunked\r\n",
    "neither": b"",
    "an encoding": b"content-encoding: gzip\r\ncontent-length: 40\r\n",
}


@pytest.mark.parametrize("announced", list(HEAD_REPLIES))
def test_head_succeeds_in_one_try_when_the_reply_announces_a_body(announced, make_client):
    """The server keeps the connection open, and no body ever follows."""
    with RawServer(default=sends_and_holds(STATUS_LINE + HEAD_REPLIES[announced] + b"\r\n")) as server:
        client = make_client(server.url, attempt_timeout_ms=500)
        reply = client.call("request", {"method": "HEAD", "path": "/x"}, timeout_ms=4_000)
        assert [request.method for request in server.requests] == ["HEAD"]
        assert reply.ok and reply.data is None, reply
        assert reply.meta["attempts"] == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_head_fails_in_one_try_when_the_status_is_a_refusal(status, make_client):
    head = b"HTTP/1.1 %d No\r\ncontent-length: 40\r\n\r\n" % status
    with RawServer(default=sends_and_holds(head)) as server:
        client = make_client(server.url, attempt_timeout_ms=500)
        reply = client.call("request", {"method": "HEAD", "path": "/x"}, timeout_ms=4_000)
        assert not reply.ok and reply.error.get("http_status") == status, reply
        assert len(server.requests) == reply.meta["attempts"] == 1


def test_connection_is_used_again_when_head_had_no_body(make_client):
    def head(connection, _request):
        connection.send(STATUS_LINE + b"content-length: 40\r\n\r\n")
        return True

    with RawServer(default=head, routes={CREDIT: answers(A_BALANCE)}) as server:
        client = make_client(server.url, attempt_timeout_ms=500)
        for _ in range(3):
            assert client.call("request", {"method": "HEAD", "path": "/x"}, timeout_ms=4_000).ok
            assert client.call("account.credit").ok
        assert server.connections == 1


def test_get_still_reads_its_body_when_a_head_came_before(make_client):
    """A handle that was used for HEAD is used again."""
    with RawServer(default=sends(STATUS_LINE + b"\r\n"), routes={CREDIT: answers(A_BALANCE)}) as server:
        client = make_client(server.url)
        client.call("request", {"method": "HEAD", "path": "/x"}, max_attempts=1)
        reply = client.call("account.credit")
        assert reply.ok and reply.data["credit"] == 42.5, reply


def test_head_is_repeated_when_the_service_is_unavailable(make_client):
    with RawServer(default=in_turn(sends(b"HTTP/1.1 503 No\r\n\r\n"))) as server:
        reply = make_client(server.url).call("request", {"method": "HEAD", "path": "/x"})
        assert_failed(reply, "UNAVAILABLE")
        assert len(server.requests) == 3


# Status 101. The library never asks for another protocol.

SWITCHES = {
    "then silence": sends_and_holds(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    "without a header": sends_and_holds(b"HTTP/1.1 101 Switching\r\n\r\n"),
    "to HTTP/2": sends_and_holds(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"),
    "to WebSocket": sends_and_holds(b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\n\r\n\x81\x05hello"),
    "then a reply": sends_and_holds(b"HTTP/1.1 101 Switching\r\n\r\n" + OK_HEAD + FRAMED_BODY),
    "then the end": sends(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
}


@pytest.mark.parametrize("switch", list(SWITCHES))
def test_reply_is_bad_at_once_when_the_status_is_101(switch, make_client):
    with RawServer(routes={CREDIT: SWITCHES[switch]}) as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=2_000)
        assert_failed(reply, "BAD_RESPONSE", "101", secrets=[CANARY_KEY])
        assert reply.seconds < 1.5
        assert server.count(CREDIT) == 1


@pytest.mark.parametrize("switch", list(SWITCHES))
def test_outcome_is_unknown_at_once_when_a_paid_call_gets_status_101(switch, make_client):
    with RawServer(routes={VOICE_TTS: SWITCHES[switch]}) as server:
        reply = make_client(server.url).call("voice.tts", SPEECH, timeout_ms=2_000)
        assert_outcome_unknown(reply, secrets=[CANARY_KEY])
        assert reply.seconds < 1.5
        assert server.count(VOICE_TTS) == 1


# Header lines.

MALFORMED = {
    "no colon": b"garbage\r\n",
    "folded by a blank, as the first": b" folded\r\n",
    "folded by a tab and nothing, as the first": b"\t\r\n",
    "folded by a tab without a colon, as the first": b"\tfolded\r\n",
    "NUL in the value": b"x-a: a\0b\r\n",
    "NUL in the name": b"x\0a: b\r\n",
    "a second status line": b"HTTP/1.1 200 OK\r\n",
    "a negative length": b"content-length: -3\r\n",
}
# Lines that libcurl has always let pass, or has begun to refuse.
ODD = {
    "no name": b": v\r\n",
    "a colon only": b":\r\n",
    "a blank in the name": b"x a: b\r\n",
    "a blank before the colon": b"x-a : b\r\n",
    "a return inside": b"x-a: b\rc\r\n",
    "bytes above 127": b"x-\xff: \xfe\r\n",
    "ended by a line feed": b"x-a: b\nx-b: c\r\n",
    "folded by a blank": b"x-a: b\r\n c\r\n",
    "folded by a tab": b"x-a: b\r\n\tc\r\n",
    "folded by a tab, as the first": b"\tfolded: v\r\n",
    "an encoding of another name": b"content-encoding: bogus\r\n",
    "a transfer encoding of another name": b"transfer-encoding: bogus\r\n",
    "two returns": b"\r\r\n",
}


def broken(lines: bytes):
    return sends(STATUS_LINE + lines + b"content-type: application/json\r\n" + FRAMED_BODY)


@pytest.mark.parametrize("line", list(MALFORMED))
def test_reply_is_bad_when_a_header_line_is_malformed(line, make_client):
    with RawServer(routes={CREDIT: broken(MALFORMED[line])}) as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=3_000)
        assert_failed(reply, "BAD_RESPONSE", secrets=[CANARY_KEY])
        assert_by_deadline(reply, 3_000)


@pytest.mark.parametrize("line", list(ODD))
def test_caller_is_not_blamed_when_a_header_line_is_odd(line, make_client):
    with RawServer(routes={CREDIT: broken(ODD[line])}) as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=3_000, max_attempts=1)
        assert reply.ok or reply.result == "BAD_RESPONSE", reply


@pytest.mark.parametrize("line", list(MALFORMED))
def test_outcome_is_unknown_when_a_paid_call_gets_a_malformed_header_line(line, make_client):
    with RawServer(routes={VOICE_TTS: broken(MALFORMED[line])}) as server:
        reply = make_client(server.url).call("voice.tts", SPEECH, timeout_ms=3_000)
        assert_outcome_unknown(reply, secrets=[CANARY_KEY])
        assert server.count(VOICE_TTS) == 1


@pytest.mark.parametrize("line", list(MALFORMED))
def test_caller_is_not_blamed_when_a_trailer_is_malformed(line, make_client):
    chunks = b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)
    with RawServer(routes={CREDIT: sends(OK_HEAD + chunks + MALFORMED[line] + b"\r\n")}) as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=3_000, max_attempts=1)
        assert reply.ok or reply.result in ("BAD_RESPONSE", "UNAVAILABLE"), reply


@pytest.mark.parametrize("line", list(MALFORMED))
def test_proxy_is_named_when_its_header_lines_are_malformed(line, make_client, authority):
    reply_of_proxy = sends(b"HTTP/1.1 200 Connected\r\n" + MALFORMED[line] + b"\r\n")
    with RawServer(default=reply_of_proxy) as proxy, RawServer(identity=authority.server()) as server:
        client = make_client(server.url, proxy=proxy.url, ca_file=str(authority.ca_file))
        reply = client.call("account.credit", timeout_ms=3_000, max_attempts=1)
        assert_failed(reply, ("UNAVAILABLE", "BAD_RESPONSE"), secrets=[CANARY_KEY])
        assert_by_deadline(reply, 3_000)


# Header values of the caller.


@pytest.mark.parametrize("value", ["", " ", "\t", " \t "])
@pytest.mark.parametrize("operation, path", [("account.credit", CREDIT), ("voice.tts", VOICE_TTS)])
def test_header_is_sent_or_refused_when_its_value_is_empty(operation, path, value, make_client):
    with RawServer(routes={path: answers(A_BALANCE)}) as server:
        parameters = SPEECH if operation == "voice.tts" else {}
        reply = make_client(server.url).call(operation, parameters, headers={"x-empty": value, "x-full": "v"})
        if reply.result == "INVALID_ARGUMENT":
            assert "x-empty" in reply.told and server.connections == 0
        else:
            assert server.requests[0].headers["x-full"] == "v"
            assert server.requests[0].headers.get("x-empty") == ""


@pytest.mark.parametrize("value", [";", "v;", "a: b", ":", "@file", "x" * 8_000, " v ", "v\tw"])
def test_header_is_sent_when_its_value_means_something_to_libcurl(value, make_client):
    with RawServer(routes={CREDIT: answers(A_BALANCE)}) as server:
        reply = make_client(server.url).call("account.credit", {}, headers={"x-odd": value})
        assert reply.ok, reply
        assert server.requests[0].headers["x-odd"] == value.strip()
