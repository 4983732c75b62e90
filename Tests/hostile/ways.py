"""The table of ways in which the outside misbehaves: phase, kind, what it does, and which rule it breaks today."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import List

from hostile.bodies import (
    CANCELLED,
    CONTINUATION,
    DATA,
    GOAWAY,
    PING,
    POST,
    PUSH_PROMISE,
    READ,
    RST_STREAM,
    SETTINGS,
    TWICE,
    UPLOAD,
    bomb,
    fifos,
    frame,
    gzipped,
    header_bomb,
    headers,
    headers_of,
    http2,
    items,
    many_names,
    members,
    nested,
    numbers,
    objects,
    ranges,
    refused,
    refuses,
    repeated,
    restarting,
    rows,
    said,
)
from hostile.worlds import (
    OK_HEAD,
    Make,
    after_bytes,
    after_request,
    body,
    catalogued,
    connections,
    full_backlog,
    handshakes,
    interface_name,
    ledgers,
    limited,
    locked,
    locked_bytes,
    names,
    proxies,
    replies,
    saves,
    tokens,
    unreachable,
    without_reading,
)
from support import misbehaviours
from support.misbehaviours import answers, drips, endless, redirects, resets, sends, sends_and_holds, silent
from support.raw_server import closed_port

STALL_MS = 50
# The watchdog shuts the sockets of an iteration that has spent 500 ms inside libcurl.
WATCHDOG_STALL_MS = 600
MEMORY_MB = 64
# Twelve times a body of 16 MB.
HUGE_MEMORY_MB = 192


@dataclass(frozen=True)
class Way:
    phase: str
    kind: str
    what: str
    make: Make
    stall_ms: float = STALL_MS
    memory_mb: float = MEMORY_MB

    breaks: str = ""
    """Finding and rules that the way breaks today, as "P3: calls stall". Deleted with the cause."""
    is_certain: bool = True
    """False when the way does not break the rule every time: then the xfail is not strict."""
    leaves: str = ""
    """Rules that the way breaks for good: no library can end a thread that waits for a disk."""
    is_nightly: bool = False

    @property
    def name(self) -> str:
        return f"{self.phase}: {self.kind}: {self.what}"

    @property
    def finding(self) -> str:
        return self.breaks.partition(": ")[0]

    @property
    def allowed(self) -> List[str]:
        """Rules that may be broken. An exit does what the destroy does that it replaces."""
        rules = self.breaks.partition(": ")[2].split()
        return rules + ["exit"] * ("destroy" in rules)


WAYS = [
    Way("DNS", "silent", "the resolver does not answer", names("silent")),
    Way("DNS", "slow", "0.6 s to each answer", names("slow:600")),
    Way("DNS", "endless", "fails for the moment, always", names("fail:-3")),
    Way("DNS", "cut", "the resolver is gone", names("fail:-11"), is_nightly=True),
    Way("DNS", "wrong", "no such name", names("fail:-2")),
    Way("DNS", "wrong", "an address that cannot be reached", names("wrong"), is_nightly=True),
    Way("DNS", "huge", "3 000 addresses at which nothing listens", names("many:3000")),
    Way(
        "DNS",
        "silent",
        "an outage under 40 cancelled calls",
        names("silent", *repeated(40, CANCELLED)),
    ),
    Way("DNS", "silent", "the interface's name", interface_name),
    Way("connect", "silent", "the backlog is full", full_backlog),
    Way("connect", "silent", "accepts and says nothing", connections(without_reading)),
    Way("connect", "silent", "a storm of 24 calls", connections(without_reading, *repeated(24, READ)), is_nightly=True),
    Way("connect", "cut", "closes at once", connections(misbehaviours.on_connect_close), is_nightly=True),
    Way("connect", "cut", "resets at once", connections(misbehaviours.on_connect_reset)),
    Way("connect", "wrong", "nothing listens", unreachable(closed_port)),
    Way("proxy CONNECT", "silent", "takes the request and says nothing", proxies(after_request(silent))),
    Way(
        "proxy CONNECT",
        "endless",
        "407 with an endless body",
        proxies(after_request(endless(b"x" * 1_000_000, b"HTTP/1.1 407 No\r\nconnection: close\r\n\r\n"))),
        stall_ms=WATCHDOG_STALL_MS,
    ),
    Way(
        "proxy CONNECT",
        "endless",
        "407 with an endless chunked body",
        proxies(
            after_request(
                endless(b"1000\r\n" + b"x" * 4096 + b"\r\n", b"HTTP/1.1 407 No\r\ntransfer-encoding: chunked\r\n\r\n")
            )
        ),
        stall_ms=WATCHDOG_STALL_MS,
    ),
    Way(
        "proxy CONNECT",
        "endless",
        "endless headers",
        proxies(after_request(endless(b"x-more: " + b"a" * 50 + b"\r\n", b"HTTP/1.1 200 OK\r\n"))),
        stall_ms=WATCHDOG_STALL_MS,
    ),
    Way(
        "proxy CONNECT",
        "endless",
        "an endless header line",
        proxies(after_request(endless(b"a", b"HTTP/1.1 200 OK\r\nx-more: "))),
        stall_ms=WATCHDOG_STALL_MS,
        is_nightly=True,
    ),
    Way(
        "proxy CONNECT",
        "endless",
        "endless interim replies",
        proxies(after_request(endless(b"HTTP/1.1 102 Processing\r\n\r\n"))),
        stall_ms=WATCHDOG_STALL_MS,
        is_nightly=True,
    ),
    Way(
        "proxy CONNECT",
        "slow",
        "a byte every 50 ms",
        proxies(after_request(drips(b"HTTP/1.1 200 OK\r\nx-more: 1\r\n\r\n", seconds=0.05))),
    ),
    Way("proxy CONNECT", "cut", "ends inside the reply", proxies(after_request(sends(b"HTTP/1.1 200 OK\r\nx-")))),
    Way("proxy CONNECT", "wrong", "not HTTP", proxies(after_request(sends(b"\0\1\2\3" * 100))), is_nightly=True),
    Way(
        "proxy CONNECT",
        "wrong",
        "agrees, then garbage instead of TLS",
        proxies(after_request(sends_and_holds(b"HTTP/1.1 200 OK\r\n\r\n" + b"\0\1\2\3" * 100))),
    ),
    Way(
        "proxy CONNECT",
        "huge",
        "407 with a body of 5 MB",
        proxies(after_request(sends(b"HTTP/1.1 407 No\r\ncontent-length: 5000000\r\n\r\n", *[b"x" * 1_000_000] * 5))),
        stall_ms=WATCHDOG_STALL_MS,
    ),
    Way(
        "proxy CONNECT",
        "silent",
        "the proxy's name",
        proxies(after_request(silent), host="p.example"),
    ),
    Way("SOCKS", "silent", "takes the greeting and says nothing", proxies(after_bytes(silent), "socks5h")),
    Way("SOCKS", "endless", "endless bytes", proxies(after_bytes(endless(b"\5")), "socks5h")),
    Way(
        "SOCKS",
        "slow",
        "a byte every 100 ms",
        proxies(after_bytes(drips(b"\5\0" + b"\5\0\0\1" + b"\0" * 6, seconds=0.1)), "socks5h"),
    ),
    Way("SOCKS", "cut", "ends after the greeting", proxies(after_bytes(sends(b"\5\0")), "socks5h"), is_nightly=True),
    Way(
        "SOCKS",
        "wrong",
        "another version",
        proxies(after_bytes(sends_and_holds(b"\x09\x09\x09\x09")), "socks5h"),
        is_nightly=True,
    ),
    Way(
        "SOCKS",
        "wrong",
        "an address of an unknown type",
        proxies(after_bytes(sends_and_holds(b"\5\0\5\0\0\x63" + b"a" * 300)), "socks5h"),
    ),
    Way("TLS", "silent", "takes the ClientHello and says nothing", handshakes(after_bytes(silent))),
    Way("TLS", "endless", "endless warnings", handshakes(after_bytes(endless(b"\x15\3\3\0\2\1\0")))),
    Way(
        "TLS",
        "endless",
        "endless empty handshake records",
        handshakes(after_bytes(endless(b"\x16\3\3\0\0"))),
        is_nightly=True,
    ),
    Way(
        "TLS",
        "endless",
        "a handshake message of 16 MB",
        handshakes(after_bytes(endless(b"\x16\3\3\x40\0" + b"a" * 16384, b"\x16\3\3\0\4\2\xff\xff\xff"))),
    ),
    Way(
        "TLS",
        "slow",
        "a byte every 50 ms",
        handshakes(after_bytes(drips(b"\x16\3\3\x40\0" + b"a" * 500, seconds=0.05))),
    ),
    Way("TLS", "cut", "ends inside a record", handshakes(after_bytes(sends(b"\x16\3\3\0\x50\2\0\0"))), is_nightly=True),
    Way("TLS", "cut", "resets at the ClientHello", handshakes(after_bytes(resets))),
    Way("TLS", "wrong", "plain HTTP", handshakes(after_bytes(sends(OK_HEAD + b"\r\n{}"))), is_nightly=True),
    Way("TLS", "wrong", "an expired certificate", connections(after_request(silent), tls="expired")),
    Way(
        "TLS",
        "wrong",
        "another host's certificate",
        connections(after_request(silent), tls="wrong_host"),
        is_nightly=True,
    ),
    Way("TLS", "silent", "nothing after the handshake", connections(after_request(silent), tls="server")),
    Way("TLS", "huge", "a certificate of 3 000 names", connections(after_request(silent), tls=many_names)),
    Way("upload", "silent", "6 MB of which nothing is read", connections(without_reading, UPLOAD)),
    Way("upload", "cut", "resets inside 6 MB", connections(after_bytes(resets), UPLOAD), is_nightly=True),
    Way(
        "upload",
        "wrong",
        "refuses at once and reads no more",
        connections(after_bytes(sends_and_holds(b"HTTP/1.1 413 No\r\ncontent-length: 0\r\n\r\n")), UPLOAD),
    ),
    Way(
        "upload",
        "endless",
        "100 Continue without end",
        connections(after_bytes(endless(b"HTTP/1.1 100 Continue\r\n\r\n")), UPLOAD),
    ),
    Way("headers", "silent", "nothing after the request", replies(lambda: silent)),
    Way("headers", "silent", "24 calls at once", replies(lambda: silent, *repeated(24, READ))),
    Way("headers", "silent", "12 POSTs at once", replies(lambda: silent, *repeated(12, POST))),
    Way("headers", "endless", "endless headers", replies(catalogued("endless headers"))),
    Way("headers", "endless", "an endless line", replies(catalogued("an endless header line")), is_nightly=True),
    Way("headers", "endless", "endless interim replies", replies(catalogued("endless interim responses"))),
    Way("headers", "slow", "a byte every 50 ms", replies(lambda: drips(OK_HEAD, seconds=0.05))),
    Way("headers", "cut", "ends inside a line", replies(lambda: sends(OK_HEAD + b"x-mo")), is_nightly=True),
    Way("headers", "cut", "resets", replies(lambda: resets)),
    Way("headers", "wrong", "no status line", replies(catalogued("no status line")), is_nightly=True),
    Way(
        "headers",
        "wrong",
        "a length beyond 64 bits",
        replies(lambda: sends_and_holds(OK_HEAD + b"content-length: 99999999999999999999\r\n\r\n")),
    ),
    Way(
        "headers",
        "wrong",
        "429 that asks for a wait of years",
        replies(lambda: answers(b"{}", 429, {"retry-after": "999999999"})),
        # Who asks to slow down means the whole account.
        leaves="others",
    ),
    Way("headers", "wrong", "a date in the year 9999", replies(headers(date="Fri, 31 Dec 9999 23:59:59 GMT"))),
    Way(
        "headers",
        "huge",
        "a content type of 60 KB",
        replies(body(b"<html>", content_type="://" * 20_000)),
    ),
    Way(
        "headers",
        "huge",
        "90 KB of headers",
        replies(headers(**{f"x-{n}": "v" * 900 for n in range(100)})),
        is_nightly=True,
    ),
    Way(
        "body",
        "silent",
        "nothing after the headers",
        replies(lambda: sends_and_holds(OK_HEAD + b"content-length: 9\r\n\r\n")),
    ),
    Way("body", "endless", "an endless body", replies(catalogued("an endless body"))),
    Way("body", "endless", "endless chunks", replies(catalogued("an endless chunked body")), is_nightly=True),
    Way(
        "body",
        "endless",
        "an endless chunk extension",
        replies(lambda: endless(b"a", OK_HEAD + b"transfer-encoding: chunked\r\n\r\n5;")),
    ),
    Way(
        "body",
        "endless",
        "endless trailers",
        replies(lambda: endless(b"x-more: 1\r\n", OK_HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")),
    ),
    Way(
        "body",
        "slow",
        "a byte every 50 ms",
        replies(lambda: drips(b" " * 600, OK_HEAD + b"content-length: 600\r\n\r\n", 0.05)),
    ),
    Way("body", "cut", "ends early", replies(catalogued("a body that ends early")), is_nightly=True),
    Way(
        "body",
        "cut",
        "compressed, ends early",
        replies(
            lambda: sends(
                OK_HEAD + b"content-encoding: gzip\r\ncontent-length: 500\r\n\r\n" + gzipped(os.urandom(300))[:200]
            )
        ),
    ),
    Way("body", "wrong", "invalid UTF-8", replies(catalogued("invalid UTF-8")), is_nightly=True),
    Way(
        "body",
        "wrong",
        "not gzip although it says so",
        replies(body(b"{}" * 200, content_encoding="gzip")),
        is_nightly=True,
    ),
    Way("body", "huge", "an object of 18 000 members", replies(body(members(18_000)))),
    Way("body", "huge", "an object of 60 000 members", replies(body(members(60_000)))),
    Way("body", "huge", "a list of 9 000 items", replies(body(items(9_000)))),
    Way("body", "huge", "one character of 240 KB", replies(body(refused("e" + "\u0301" * 40_000)))),
    Way(
        "body",
        "huge",
        "an echo of 20 000 escapes",
        replies(body(refused("%63" * 15_000 + "&#x63;" * 5_000))),
    ),
    Way("body", "wrong", "two replies for one request", replies(lambda: sends_and_holds(TWICE))),
    Way("body", "wrong", "200 000 brackets", replies(body(nested(100_000)))),
    Way(
        "body",
        "huge",
        "a sentence of 120 KB of ://",
        replies(body(refused("://" * 40_000))),
    ),
    Way(
        "body",
        "huge",
        "a sentence of 16 MB",
        replies(body(lambda: refused("abc:/" * 3_200_000)), calls=[READ], max_body_bytes=16_777_216),
        memory_mb=HUGE_MEMORY_MB,
        is_nightly=True,
    ),
    Way(
        "body",
        "huge",
        "a number of 900 000 digits",
        replies(body(b'{"code":1000,"data":{"credit":' + b"1" * 900_000 + b"}}")),
    ),
    Way(
        "body",
        "huge",
        "four replies of 15 MB of small objects",
        replies(body(rows), calls=repeated(4, READ), max_body_bytes=16_777_216),
        memory_mb=4 * HUGE_MEMORY_MB,
    ),
    Way(
        "body",
        "bomb",
        "packed five times",
        replies(body(lambda: gzipped(b" " * 100_000_000, 5), content_encoding="gzip, gzip, gzip, gzip, gzip")),
    ),
    Way("body", "bomb", "100 MB of blanks in 100 KB", replies(body(bomb, content_encoding="gzip"))),
    Way(
        "body",
        "bomb",
        "5 000 000 objects in 15 KB",
        replies(body(objects, content_encoding="gzip"), calls=[READ], max_body_bytes=16_777_216),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way("HTTP/2", "silent", "no SETTINGS", http2(silent)),
    Way("HTTP/2", "silent", "SETTINGS only", http2(sends_and_holds(frame(SETTINGS))), is_nightly=True),
    Way("HTTP/2", "endless", "endless PING", http2(endless(frame(PING, b"a" * 8), frame(SETTINGS)))),
    Way("HTTP/2", "endless", "endless SETTINGS", http2(endless(frame(SETTINGS))), is_nightly=True),
    Way(
        "HTTP/2",
        "endless",
        "endless CONTINUATION",
        http2(endless(frame(CONTINUATION, b"\0\1a\1b", 0, 1), frame(SETTINGS) + headers_of(flags=0))),
    ),
    Way(
        "HTTP/2",
        "endless",
        "endless empty DATA",
        http2(endless(frame(DATA, b"", 0, 1), frame(SETTINGS) + headers_of())),
    ),
    Way(
        "HTTP/2",
        "slow",
        "a byte every 50 ms",
        http2(drips(frame(SETTINGS) + headers_of() + frame(DATA, b"{" * 500, 0, 1), seconds=0.05)),
    ),
    Way("HTTP/2", "cut", "GOAWAY at once", http2(sends(frame(SETTINGS) + frame(GOAWAY, b"\0" * 8))), is_nightly=True),
    Way("HTTP/2", "cut", "ends inside a frame", http2(sends(frame(SETTINGS) + headers_of()[:-1]))),
    Way("HTTP/2", "silent", "no streams allowed", http2(sends_and_holds(frame(SETTINGS, b"\0\3\0\0\0\0")))),
    Way(
        "HTTP/2",
        "cut",
        "resets the stream",
        http2(sends_and_holds(frame(SETTINGS) + frame(RST_STREAM, b"\0\0\0\2", 0, 1))),
    ),
    Way("HTTP/2", "wrong", "garbage", http2(sends_and_holds(b"\xff" * 300)), is_nightly=True),
    Way(
        "HTTP/2",
        "wrong",
        "window of nothing for an upload",
        connections(
            after_bytes(sends_and_holds(frame(SETTINGS, b"\0\4\0\0\0\0"))), {**UPLOAD}, tls="server", protocol="h2"
        ),
    ),
    Way(
        "HTTP/2",
        "wrong",
        "a push nobody asked for",
        http2(sends_and_holds(frame(SETTINGS) + frame(PUSH_PROMISE, b"\0\0\0\2\x82", 4, 1))),
        is_nightly=True,
    ),
    Way(
        "HTTP/2",
        "huge",
        "a frame of 16 MB",
        http2(endless(b"a" * 16384, frame(SETTINGS) + headers_of() + b"\xff\xff\xff\0\0\0\0\0\1")),
    ),
    Way(
        "HTTP/2",
        "bomb",
        "one header of 4 KB named 12 000 times",
        http2(sends_and_holds(frame(SETTINGS) + header_bomb())),
    ),
    Way("redirects", "endless", "to itself", replies(lambda: redirects("/api/again"))),
    Way(
        "redirects",
        "silent",
        "to a name that does not resolve",
        replies(lambda: redirects("https://other.example/"), *repeated(3, READ)),
    ),
    Way("redirects", "wrong", "to a file", replies(lambda: redirects("file:///etc/passwd")), is_nightly=True),
    Way("redirects", "wrong", "to nowhere", replies(lambda: answers(b"", 302)), is_nightly=True),
    Way("redirects", "huge", "to an address of 60 KB", replies(lambda: redirects("/" + "a://" * 15_000))),
    Way("token", "silent", "nothing after the request", tokens(lambda: silent)),
    Way("token", "endless", "an endless body", tokens(catalogued("an endless body"))),
    Way(
        "token",
        "slow",
        "a byte every 50 ms",
        tokens(lambda: drips(b" " * 600, OK_HEAD + b"content-length: 600\r\n\r\n", 0.05)),
        is_nightly=True,
    ),
    Way("token", "cut", "resets", tokens(lambda: resets)),
    Way("token", "wrong", "no token", tokens(body(b'{"code":1000,"token":null}')), is_nightly=True),
    Way("token", "wrong", "a token that is over", tokens(body(b'{"code":1000,"token":"e30.eyJleHAiOjF9.e30"}'))),
    Way("token", "endless", "every token is refused", tokens(body(b'{"code":1000,"token":"t"}'), refuses)),
    Way(
        "token",
        "huge",
        "a token of 10 MB",
        tokens(body(lambda: b'{"code":1000,"token":"' + b"a" * 10_000_000 + b'"}')),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way("file", "silent", "the server says nothing", saves(lambda: silent), is_nightly=True),
    Way(
        "file",
        "endless",
        "an endless file",
        saves(lambda: endless(b"x" * 16384, OK_HEAD + b"\r\n")),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way("file", "endless", "another file at every request", saves(restarting)),
    Way("file", "slow", "the disk takes 200 ms for each write", saves(ranges, "slow:200")),
    Way("file", "silent", "the disk stops at a write", saves(ranges, "silent:2"), leaves="threads descriptors"),
    Way("file", "cut", "the disk is full", saves(ranges, "full")),
    Way("file", "cut", "short writes", saves(ranges, "short"), is_nightly=True),
    Way("file", "cut", "files may have 64 KB", saves(ranges, file_bytes=65_536)),
    Way("file", "wrong", "fsync fails", saves(ranges, "unsynced")),
    Way(
        "file",
        "silent",
        "the note beside the part file is a FIFO",
        saves(ranges, prepare=fifos),
    ),
    Way("file", "wrong", "the folder is gone", saves(ranges, prepare=lambda folder: folder.rmdir()), is_nightly=True),
    Way("ledger", "silent", "the disk stops at once", ledgers("silent:0"), leaves="threads descriptors"),
    Way(
        "ledger",
        "silent",
        "the disk stops after 30 calls",
        ledgers("silent:30"),
        leaves="threads descriptors",
        is_nightly=True,
    ),
    Way("ledger", "silent", "another program holds it", ledgers(prepare=locked)),
    Way("ledger", "silent", "its bytes are locked", ledgers(prepare=locked_bytes), leaves="threads descriptors"),
    Way("ledger", "slow", "20 ms for each call of the disk", ledgers("slow:20")),
    Way("ledger", "cut", "the disk is full", ledgers("full")),
    Way("ledger", "cut", "the disk is broken", ledgers("broken"), is_nightly=True),
    Way("ledger", "wrong", "fsync fails", ledgers("unsynced")),
    Way("ledger", "wrong", "it cannot be read", ledgers("unreadable"), is_nightly=True),
    Way(
        "ledger",
        "wrong",
        "not a database",
        ledgers(prepare=lambda file: file.write_bytes(b"not a database" * 999) and None),
    ),
    Way("ledger", "wrong", "a folder", ledgers(prepare=lambda file: file.mkdir()), is_nightly=True),
    Way("descriptors", "few", "none left at the client's start", limited("create", descriptors=0)),
    Way("descriptors", "few", "1 left at the client's start", limited("create", descriptors=1), is_nightly=True),
    Way(
        "descriptors",
        "few",
        "2 left at the client's start",
        limited("create", descriptors=2),
    ),
    Way(
        "descriptors",
        "few",
        "3 left at the client's start",
        limited("create", descriptors=3),
    ),
    Way("descriptors", "few", "4 left at the client's start", limited("create", descriptors=4)),
    Way("descriptors", "few", "5 left at the client's start", limited("create", descriptors=5), is_nightly=True),
    Way("descriptors", "few", "6 left at the client's start", limited("create", descriptors=6), is_nightly=True),
    Way("descriptors", "few", "7 left at the client's start", limited("create", descriptors=7), is_nightly=True),
    Way("descriptors", "few", "none left at the calls", limited("calls", descriptors=0)),
    Way("descriptors", "few", "1 left at the calls", limited("calls", descriptors=1), is_nightly=True),
    Way("descriptors", "few", "2 left at the calls", limited("calls", descriptors=2), is_nightly=True),
    Way(
        "memory",
        "few",
        "512 MB left, 5 000 000 objects in 15 KB",
        limited("calls", body(objects, content_encoding="gzip"), calls=[READ], memory_mb=512),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way(
        "memory",
        "few",
        "512 MB left, replies of 1 MB",
        limited("calls", body(lambda: said("a" * 1_000_000)), memory_mb=512),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way("memory", "few", "no room for a thread's stack", limited("create", memory_mb=4), is_nightly=True),
    Way("threads", "few", "none at the client's start", limited("create", refuses_threads=1)),
    Way("threads", "few", "none at the calls", limited("calls", refuses_threads=1)),
    Way(
        "threads",
        "few",
        "none for replies of 15 MB",
        limited("calls", body(numbers), calls=[READ], refuses_threads=1),
        memory_mb=HUGE_MEMORY_MB,
    ),
    Way(
        "threads",
        "few",
        "none for a file on a slow disk",
        saves(ranges, "slow:200", refuses_threads=1),
    ),
    Way("clocks", "wrong", "a calendar 20 days ahead", limited("calls", calendar_s=20 * 86400), is_nightly=True),
    Way("clocks", "wrong", "a calendar in 1970", limited("calls", calendar_s=-1_700_000_000)),
    Way("clocks", "wrong", "a calendar that jumps by a day to and fro", limited("calls", calendar_s=0, wild=1)),
]
