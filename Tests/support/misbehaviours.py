"""Ways to answer, as `RawServer` behaviours: the right one first, then all the wrong ones."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from support.raw_connection import PeerGone, RawConnection, ReceivedRequest
from support.raw_server import Behaviour

OK_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CREDIT = {"code": 1000, "msg": "OK", "data": {"credit": 42.5}}


def answers(data: Any, status: int = 200, headers: Optional[Dict[str, str]] = None) -> Behaviour:
    """A proper answer with this body; bytes go out as they are."""

    def behave(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.reply(status, data, headers)
        return True

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request is treated by the first behaviour and so on; the last one repeats."""
    left = list(behaviours)

    def behave(connection: RawConnection, request: ReceivedRequest) -> bool:
        behaviour = left.pop(0) if len(left) > 1 else left[0]
        return behaviour(connection, request)

    return behave


def silent(connection: RawConnection, _request: ReceivedRequest) -> bool:
    """Takes the request and says nothing."""
    connection.hold()
    return False


def resets(connection: RawConnection, _request: ReceivedRequest) -> bool:
    """Has the whole request, then RST."""
    connection.reset()
    return False


def closes(connection: RawConnection, _request: ReceivedRequest) -> bool:
    """Has the whole request, then closes without a word."""
    return False


def sends(*pieces: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the stream."""

    def behave(connection: RawConnection, _request: ReceivedRequest) -> bool:
        for piece in pieces:
            connection.send(piece)
        return False

    return behave


def sends_and_holds(data: bytes) -> Behaviour:
    """Exactly these bytes, then silence on an open connection."""

    def behave(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.send(data)
        connection.hold()
        return False

    return behave


def drips(data: bytes, prefix: bytes = b"", seconds: float = 1.0) -> Behaviour:
    """The prefix at once, the rest one byte per `seconds`."""

    def behave(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.send(prefix)
        for index in range(len(data)):
            connection.send(data[index : index + 1])
            if connection.stopping.wait(seconds):
                return False
        connection.hold()
        return False

    return behave


def endless(unit: bytes, prefix: bytes = b"") -> Behaviour:
    """The prefix, then the unit again and again until the client goes."""

    def behave(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.send(prefix)
        block = unit * max(1, 16384 // len(unit))
        while not connection.stopping.is_set():
            connection.send(block)
        return False

    return behave


def redirects(location: str, status: int = 302) -> Behaviour:
    return answers(b"", status, {"location": location})


# On the connection itself, before any request is read.


def on_connect_silent(connection: RawConnection) -> None:
    connection.hold()


def on_connect_reset(connection: RawConnection) -> None:
    connection.reset()


def on_connect_close(_connection: RawConnection) -> None:
    return


def on_connect_reset_at_first_bytes(connection: RawConnection) -> None:
    """Resets as soon as anything of a request is there."""
    try:
        connection.read_some()
    except PeerGone:
        return
    connection.reset()


def truncated_body() -> Behaviour:
    """Promises more than it sends."""
    return sends(OK_HEAD + b"content-length: 500\r\n\r\n" + b'{"code":1000,"msg":"OK","data":{"cre')


def truncated_chunks() -> Behaviour:
    return sends(OK_HEAD + b"transfer-encoding: chunked\r\n\r\n" + b'20\r\n{"code":1000,"msg":"OK"')


def content_length_too_small() -> Behaviour:
    """The body goes on after the promised length, which ends inside the JSON text."""
    return sends(OK_HEAD + b"content-length: 20\r\n\r\n" + b'{"code":1000,"msg":"OK","data":{"credit":42.5}}')


def html(status: int) -> Behaviour:
    page = b"<html><head><title>Gateway</title></head><body><h1>Something is wrong</h1></body></html>"
    return answers(page, status, {"content-type": "text/html"})


def data_null() -> Behaviour:
    return answers({"code": 1000, "msg": "OK", "data": None})


CATALOGUE: Dict[str, Callable[[], Behaviour]] = {
    "silent after the request": lambda: silent,
    "one byte a second in the headers": lambda: drips(OK_HEAD),
    "one byte a second in the body": lambda: drips(b" " * 600, OK_HEAD + b"content-length: 600\r\n\r\n"),
    "headers that never end": lambda: sends_and_holds(OK_HEAD + b"x-more: 1\r\n"),
    "endless headers": lambda: endless(b"x-filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", OK_HEAD),
    "an endless header line": lambda: endless(b"a", OK_HEAD + b"x-filler: "),
    "an endless body": lambda: endless(b" ", OK_HEAD + b"connection: close\r\n\r\n"),
    "an endless chunked body": lambda: endless(
        b"10\r\n                \r\n", OK_HEAD + b"transfer-encoding: chunked\r\n\r\n"
    ),
    "endless interim responses": lambda: endless(b"HTTP/1.1 102 Processing\r\n\r\n"),
    "a body that never ends": lambda: sends_and_holds(OK_HEAD + b'content-length: 500\r\n\r\n{"code":1000'),
    "a body that ends early": truncated_body,
    "chunks that end early": truncated_chunks,
    "a content-length too small": content_length_too_small,
    "HTML with status 200": lambda: html(200),
    "HTML with status 502": lambda: html(502),
    "HTML with status 503": lambda: html(503),
    "an empty body": lambda: answers(b""),
    "JSON that is no object": lambda: answers(b"[1000]"),
    "JSON without a code": lambda: answers({"msg": "OK", "data": {"credit": 1}}),
    "invalid UTF-8": lambda: answers(b'{"code":1000,"msg":"\xff\xfe","data":{"credit":1}}'),
    "a garbage status line": lambda: sends(b"SSH-2.0-OpenSSH_9.2p1 hello\r\n\r\n"),
    "no status line": lambda: sends(b"\x00\x01\x02\x03\x04\x05\x06\x07" * 64),
    "closes without an answer": lambda: closes,
    "resets without an answer": lambda: resets,
    "status 200 with data null": data_null,
}
