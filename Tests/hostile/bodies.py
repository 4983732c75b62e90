"""Calls, bodies and frames that the table of ways is made of."""

from __future__ import annotations

import gzip
import json
import os
import struct
from functools import lru_cache
from pathlib import Path
from typing import List

from hostile.worlds import after_bytes, body, call, connections
from support.certificates import Authority, Identity
from support.raw_connection import RawConnection


def repeated(count: int, *calls: dict) -> List[dict]:
    return [{**one, "name": f"{one['name']} {index}"} for one in calls for index in range(count)]


READ = call("read", "call", "account.credit", {})
POST = call("post", "call", "request", {"method": "POST", "path": "/api/any", "body": {}})
CANCELLED = call("cancelled", "cancel", "account.credit", {})
UPLOAD = call("upload", "call", "request", {"method": "POST", "path": "/upload", "body": {"text": "x" * 6_000_000}})

# Replies.


def gzipped(text: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        text = gzip.compress(text, 6)
    return text


@lru_cache(maxsize=1)
def bomb() -> bytes:
    """100 MB of blanks in 100 KB."""
    return gzipped(b" " * 100_000_000)


@lru_cache(maxsize=1)
def objects() -> bytes:
    """15 MB of empty objects in 15 KB, which a parser makes into more than a gigabyte (P10)."""
    return gzipped(b'{"code":1000,"msg":"OK","data":[' + b"{}," * 5_000_000 + b"{}]}")


def said(text: str) -> bytes:
    return json.dumps({"code": 1000, "msg": text, "data": None}).encode()


def refused(text: str) -> bytes:
    return json.dumps({"code": 1001, "msg": text}).encode()


def numbers() -> bytes:
    """15 MB that follow every rule of JSON and of this service."""
    return b'{"code":1000,"msg":"OK","data":[' + b"12345678," * 1_600_000 + b"1]}"


def rows() -> bytes:
    """15 MB of small objects."""
    return b'{"code":1000,"msg":"OK","data":[' + b'{"a":1},' * 1_900_000 + b"{}]}"


def members(count: int) -> bytes:
    return json.dumps({"code": 1000, "msg": "OK", "data": {f"member{n:05}": n for n in range(count)}}).encode()


def items(count: int) -> bytes:
    """A page of sessions, avatars or anything else."""
    rows = [{"_id": f"{n:06}", "status": 1} for n in range(count)]
    return json.dumps({"code": 1000, "msg": "OK", "data": {"count": count, "result": rows}}).encode()


# Bytes that come on a connection that is idle again.
TWICE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}" * 2


def refuses(connection: RawConnection, _request) -> bool:
    """Says that the token is no good."""
    connection.reply(401, {"code": 1101, "msg": "Invalid token"})
    return True


def many_names(authority: Authority) -> Identity:
    return authority.server("127.0.0.1", *[f"host{n}.example" for n in range(3_000)])


def nested(depth: int) -> bytes:
    return b'{"code":1000,"data":' + b"[" * depth + b"]" * depth + b"}"


def headers(**lines: str):
    return body(b'{"code":1000,"msg":"OK","data":{}}', **lines)


def restarting():
    """Never the same file twice: pieces of it are of no use."""
    count = [0]

    def behave(connection: RawConnection, request) -> bool:
        count[0] += 1
        first = int((request.headers.get("range") or "bytes=0-").split("=")[1].split("-")[0])
        lines = {"etag": f'"{count[0]}"', "content-range": f"bytes {first}-{first + 99}/100000"}
        connection.reply(206, b"x" * 100, lines)
        return True

    return behave


def ranges(size: int = 3_000_000):
    """A healthy file in pieces."""

    def behave(connection: RawConnection, request) -> bool:
        asked = (request.headers.get("range") or f"bytes=0-{size - 1}").split("=")[1].split("-")
        first, last = int(asked[0]), min(int(asked[1] or size), size - 1)
        lines = {"etag": '"one"', "content-range": f"bytes {first}-{last}/{size}"}
        connection.reply(206, b"x" * (last - first + 1), lines)
        return True

    return behave


def fifos(folder: Path) -> None:
    for name in ("video.mp4", "other.mp4"):
        os.mkfifo(folder / f".{name}.akool-part.json")


# HTTP/2 frames.

DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 9
# :status 200 of the static table.
OK_BLOCK = b"\x88"


def frame(kind: int, payload: bytes = b"", flags: int = 0, stream: int = 0) -> bytes:
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def http2(behaviour, **configuration):
    return connections(after_bytes(behaviour), tls="server", protocol="h2", **configuration)


def headers_of(stream: int = 1, block: bytes = OK_BLOCK, flags: int = 4) -> bytes:
    return frame(HEADERS, block, flags, stream)


def header_bomb() -> bytes:
    """One header of 4 000 bytes in the dynamic table, named again and again."""
    add = b"\x40\x01x\x7f\xa1\x1e" + b"a" * 4000
    return headers_of(1, OK_BLOCK + add + b"\xbe" * 12_000)
