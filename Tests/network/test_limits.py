"""Limits on what a server can make the library swallow, and on what a caller can make it send."""

from __future__ import annotations

import gzip
import json

import pytest
from support import misbehaviours
from support.akool_client import ClientNotCreated
from support.canary import CANARY_KEY
from support.endpoints import CREDIT
from support.expectations import assert_failed
from support.misbehaviours import answers, sends
from support.raw_server import RawServer

LIMIT = 10_000


def padded(length: int) -> bytes:
    """A proper credit answer of exactly this many bytes."""
    text = json.dumps(misbehaviours.CREDIT).encode()
    return text + b" " * (length - len(text))


@pytest.mark.parametrize("framing", ["length", "chunked", "end of stream"])
@pytest.mark.parametrize("excess", [0, 1])
def test_body_limit(framing, excess, make_client):
    body = padded(LIMIT + excess)
    framed = {
        "length": b"content-length: %d\r\n\r\n%s" % (len(body), body),
        "chunked": b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
        "end of stream": b"connection: close\r\n\r\n" + body,
    }[framing]
    with RawServer(routes={CREDIT: sends(misbehaviours.OK_HEAD + framed)}) as server:
        reply = make_client(server.url, max_body_bytes=LIMIT).call("account.credit", max_attempts=1)
        if excess:
            assert_failed(reply, "BAD_RESPONSE", "max_body_bytes", str(LIMIT))
        else:
            assert reply.ok, reply


def test_compressed_bomb_counts_unpacked(make_client):
    bomb = gzip.compress(padded(20_000_000))
    assert len(bomb) < 100_000
    headers = {"content-encoding": "gzip"}
    with RawServer(routes={CREDIT: answers(bomb, headers=headers)}) as server:
        reply = make_client(server.url, max_body_bytes=1_000_000).call("account.credit", max_attempts=1)
        assert_failed(reply, "BAD_RESPONSE")


def test_many_headers_within_reason_are_fine(make_client):
    headers = {f"x-header-{index}": "v" * 100 for index in range(100)}
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT, headers=headers)}) as server:
        assert make_client(server.url).call("account.credit").ok


@pytest.mark.parametrize("total", [2_000_000])
def test_headers_beyond_reason_are_refused(total, make_client):
    line = b"x-filler: " + b"a" * 1000 + b"\r\n"
    reply_bytes = misbehaviours.OK_HEAD + line * (total // len(line)) + b"content-length: 2\r\n\r\n{}"
    with RawServer(routes={CREDIT: sends(reply_bytes)}) as server:
        reply = make_client(server.url).call("account.credit", max_attempts=1)
        assert_failed(reply, "BAD_RESPONSE")


@pytest.mark.parametrize("depth", [64, 65, 5000, 200_000])
def test_depth_limit(depth, make_client):
    nested = b"[" * (depth - 2) + b"]" * (depth - 2)
    body = b'{"code":1000,"msg":"OK","data":{"credit":1,"deep":' + nested + b"}}"
    with RawServer(routes={CREDIT: answers(body)}) as server:
        reply = make_client(server.url).call("account.credit", max_attempts=1)
        if depth <= 64:
            assert reply.ok, reply
        else:
            assert_failed(reply, "BAD_RESPONSE")


@pytest.mark.parametrize("number", [b"1e999", b"9223372036854775808", b"1" + b"0" * 400])
def test_numbers_out_of_range_come_back_as_they_are(number, make_client):
    body = b'{"code":1000,"msg":"OK","data":{"credit":' + number + b"}}"
    with RawServer(routes={CREDIT: answers(body)}) as server:
        client = make_client(server.url)
        result, text = client.library.call(client.handle, b"account.credit", {}, {"max_attempts": 1})
        assert result == 0 and number.decode() in text


@pytest.mark.parametrize("number", [b"0.1", b"1.1", b"12345.5", b"9007199254740993", b"1e21", b"-0.0", b"3"])
def test_numbers_arrive_exactly(number, make_client):
    body = b'{"code":1000,"msg":"OK","data":{"credit":1,"number":' + number + b"}}"
    with RawServer(routes={CREDIT: answers(body)}) as server:
        reply = make_client(server.url).call("account.credit")
        assert reply.ok, reply
        assert reply.data["number"] == json.loads(number)


@pytest.mark.parametrize("length", [255_000, 300_000, 3_000_000])
def test_large_bodies_do_not_disturb_others(length, make_client):
    """Bodies around and beyond the size that is parsed off the I/O thread."""
    routes = {CREDIT: answers(padded(length)), "/small": answers(misbehaviours.CREDIT)}
    with RawServer(routes=routes) as server:
        client = make_client(server.url, max_body_bytes=10_000_000)
        request = client.submit("account.credit", {})
        assert client.call("request", {"method": "GET", "path": "/small"}).ok
        assert client.wait(request).ok


@pytest.mark.parametrize("name, value", [("x-good", "a\r\nx-evil: 1"), ("x-bad\n", "v"), ("x bad", "v"), ("", "v")])
def test_headers_that_would_smuggle_are_refused(name, value, make_client):
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT)}) as server:
        reply = make_client(server.url).call("account.credit", {}, headers={name: value})
        assert_failed(reply, "INVALID_ARGUMENT", "headers")
        assert server.connections == 0


@pytest.mark.parametrize(
    "name", ["x-api-key", "X-Api-Key", "Authorization", "Content-Length", "Host", "Transfer-Encoding"]
)
def test_headers_that_are_ours_are_refused(name, make_client):
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT)}) as server:
        reply = make_client(server.url).call("account.credit", {}, headers={name: "1"})
        assert_failed(reply, "INVALID_ARGUMENT", name)
        assert server.connections == 0


def test_own_headers_are_sent(make_client):
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT)}) as server:
        reply = make_client(server.url).call("account.credit", {}, headers={"x-trace": "abc"})
        assert reply.ok, reply
        assert server.requests[0].headers["x-trace"] == "abc"
        assert server.requests[0].headers["x-api-key"] == CANARY_KEY


# The configuration.


@pytest.mark.parametrize(
    "wrong",
    [
        {"resolve": ["a.example:443:" + ",".join(["127.0.0.1"] * 17)]},
        {"resolve": ["a.example:443:127.0.0.1"] * 65},
        {"no_proxy": "x" * 16_385},
        {"no_proxy": "é" * 8_193},
        {"ca_blob": "x" * 1_048_577},
    ],
    ids=["addresses", "hosts", "no_proxy", "no_proxy in bytes", "ca_blob"],
)
def test_client_is_refused_when_a_list_of_the_configuration_is_too_long(wrong, make_client):
    with pytest.raises(ClientNotCreated) as refused:
        make_client("https://a.example", **wrong)
    assert refused.value.result == "INVALID_ARGUMENT"
    assert f"configuration: {next(iter(wrong))}" in refused.value.reply.error["message"]


def test_client_is_made_when_lists_of_the_configuration_are_as_long_as_allowed(make_client):
    hosts = [f"h{number}.example:443:" + ",".join(["127.0.0.1"] * 16) for number in range(64)]
    make_client("https://a.example", resolve=hosts, no_proxy="x" * 16_384)
