"""Messages stay short, in bytes and not in what a reader takes for one character.

One letter with many combining marks is one character of thousands of bytes.
"""

from __future__ import annotations

import json

import pytest
from support.akool_client import ClientNotCreated, Reply
from support.endpoints import CREDIT
from support.misbehaviours import answers, sends
from support.raw_server import RawServer

MOST_BYTES = 1024
# Below the limit of a reply's headers in every encoding.
COUNT = 5_000
TEXTS = {
    "ASCII": "x" * 50_000,
    "two bytes each": "é" * 25_000,
    "four bytes each": "😀" * 10_000,
    "combining marks": "e" + "\u0301" * 25_000,
    "stacked marks": "".join("e" + "\u0301\u0316\u0335" * 100 for _ in range(100)),
    "joined emoji": "👩\u200d" * COUNT + "👩",
    "joined letters": "क\u094d" * COUNT + "क",
    "selectors": "a" + "\ufe0f" * COUNT,
    "flags": "🇪🇺" * COUNT,
    "returns": "\r\n" * COUNT,
    "escaped in JSON": "\u0001" * COUNT,
}


def assert_short(reply: Reply) -> None:
    assert not reply.ok
    texts = {"message": reply.error["message"], "hint": reply.error.get("hint") or ""}
    texts["operation"] = (reply.json.get("meta") or {}).get("operation") or ""
    sizes = {name: len(text.encode()) for name, text in texts.items()}
    assert max(sizes.values()) <= MOST_BYTES, sizes
    assert len(json.dumps(reply.json, ensure_ascii=False).encode()) <= 8 * MOST_BYTES


# What the service says.


@pytest.mark.parametrize("code", [1104, 4242])
@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_message_is_short_when_the_service_says_much(text, code, make_client):
    with RawServer(routes={CREDIT: answers({"code": code, "msg": text})}) as server:
        assert_short(make_client(server.url).call("account.credit", max_attempts=1))


def header_cases():
    for header in ["content-type", "retry-after", "location", "x-other"]:
        for name in ["ASCII", "combining marks", "joined emoji", "selectors", "flags"]:
            yield pytest.param(header, TEXTS[name], id=f"{header}, {name}")


@pytest.mark.parametrize("header, text", header_cases())
def test_message_is_short_when_a_header_is_long(header, text, make_client):
    head = f"HTTP/1.1 302 Found\r\n{header}: {text}\r\n\r\n".encode()
    with RawServer(routes={CREDIT: sends(head + b"no JSON")}) as server:
        assert_short(make_client(server.url).call("account.credit", max_attempts=1))


@pytest.mark.parametrize(
    "reply",
    [
        b'{"code":' + b"9" * 50_000 + b"}",
        b'{"code":"' + b"9" * 50_000 + b'"}',
        b"x" * 50_000,
        b'{"' + b"k" * 50_000 + b'":1,',
    ],
    ids=["a number", "a text", "no JSON", "a key"],
)
def test_message_is_short_when_a_reply_cannot_be_read(reply, make_client):
    with RawServer(routes={CREDIT: answers(reply)}) as server:
        assert_short(make_client(server.url).call("account.credit", max_attempts=1))


def test_message_is_short_when_the_status_line_is_long(make_client):
    head = b"HTTP/1.1 200 " + TEXTS["combining marks"].encode() + b"\r\n\r\n"
    with RawServer(routes={CREDIT: sends(head)}) as server:
        assert_short(make_client(server.url).call("account.credit", max_attempts=1))


# What the caller says.

CALLS = {
    "operation": lambda text: (text, {}, {}),
    "parameter": lambda text: ("account.credit", {text: 1}, {}),
    "option": lambda text: ("account.credit", {}, {text: 1}),
    "header": lambda text: ("account.credit", {}, {"headers": {text: "v"}}),
    "value": lambda text: ("session.list", {"size": text}, {}),
    "choice": lambda text: ("account.credit", {}, {"validate": text}),
    "identifier": lambda text: ("session.close", {"id": text}, {}),
    "path": lambda text: ("request", {"method": "GET", "path": "/" + text[:8_000]}, {}),
}


def call_cases():
    for what in CALLS:
        for name, text in TEXTS.items():
            yield pytest.param(what, text, id=f"{what}, {name}")


@pytest.mark.parametrize("what, text", call_cases())
def test_message_is_short_when_the_caller_says_much(what, text, make_client):
    with RawServer() as server:
        operation, parameters, options = CALLS[what](text)
        assert_short(make_client(server.url).call(operation, parameters, max_attempts=1, **options))


CONFIGURATIONS = {
    "key": lambda text: {text: 1},
    "key inside": lambda text: {"ledger": {text: 1}},
    "choice": lambda text: {"validate": text},
    "path": lambda text: {"ca_file": "/" + text},
}


def configuration_cases():
    for what in CONFIGURATIONS:
        for name, text in TEXTS.items():
            yield pytest.param(what, text, id=f"{what}, {name}")


@pytest.mark.parametrize("what, text", configuration_cases())
def test_message_is_short_when_the_configuration_says_much(what, text, make_client):
    with pytest.raises(ClientNotCreated) as refused:
        make_client("http://127.0.0.1:1", **CONFIGURATIONS[what](text))
    assert_short(refused.value.reply)
