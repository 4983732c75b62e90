"""Numbers that no machine type holds: they never make a reply unreadable, and come back digit by digit."""

from __future__ import annotations

import json

import pytest
from support.akool_client import AkoolClient
from support.bounded import bounded
from support.endpoints import CREDIT, SESSION_CLOSE, SESSION_CREATE, SESSION_LIST, VOICE_TTS
from support.expectations import assert_failed
from support.misbehaviours import answers
from support.raw_server import RawServer
from support.session_service import CREATE, ID, session, session_routes

# Integers within 64 bits, which have always been kept.
KEPT = ["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"]
# Integers beyond them, and numbers beyond a double.
BEYOND = [
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1" + "0" * 400,
    "-" + "7" * 1_000,
    "1e400",
    "-1E+999",
    "2.5e1000",
]
NUMBERS = [*KEPT, *BEYOND]


def shortened(number: str) -> str:
    """Returns the start of a number, for the name of a test."""
    return number[:40]


def ask(client: AkoolClient, operation: str, parameters: dict, **options) -> tuple:
    """The result's name and the reply, in which each number is the text that stands in the JSON."""
    result, text = bounded(12, client.library.call, client.handle, operation.encode(), parameters, options)
    reply = json.loads(text, parse_int=str, parse_float=str, parse_constant=refused)
    return client.library.result_name(result), reply


def refused(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def with_number(value: dict, number: str) -> bytes:
    """JSON in which the text "NUMBER" is this number."""
    return json.dumps(value).replace('"NUMBER"', number).encode()


PLACES = {
    "member": {"credit": 1, "x": "NUMBER"},
    "deep member": {"credit": 1, "x": {"y": [{"z": "NUMBER"}]}},
    "element": {"credit": 1, "x": ["NUMBER", "NUMBER", 1]},
}


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("number", NUMBERS, ids=shortened)
def test_number_comes_back_unchanged_when_a_reply_has_it(number, place, make_client):
    body = with_number({"code": 1000, "msg": "OK", "data": PLACES[place]}, number)
    with RawServer(routes={CREDIT: answers(body)}) as server:
        result, reply = ask(make_client(server.url), "account.credit", {})
        assert result == "OK", reply
        assert reply["data"]["x"] == json.loads(body, parse_int=str, parse_float=str)["data"]["x"]


@pytest.mark.parametrize("number", NUMBERS, ids=shortened)
def test_number_comes_back_unchanged_when_the_raw_body_is_asked_for(number, make_client):
    body = with_number({"code": 1000, "msg": "OK", "data": {"credit": 1}, "beside": "NUMBER"}, number)
    with RawServer(routes={CREDIT: answers(body)}) as server:
        result, reply = ask(make_client(server.url), "account.credit", {}, raw=True)
        assert result == "OK", reply
        assert reply["raw"]["beside"] == number


@pytest.mark.parametrize("number", NUMBERS, ids=shortened)
def test_number_comes_back_unchanged_when_request_asks_for_it(number, make_client):
    body = with_number({"code": 1000, "msg": "OK", "data": "NUMBER"}, number)
    with RawServer(default=answers(body)) as server:
        result, reply = ask(make_client(server.url), "request", {"method": "GET", "path": "/x"})
        assert (result, reply.get("data")) == ("OK", number), reply


@pytest.mark.parametrize("number", BEYOND, ids=shortened)
def test_list_is_read_when_one_element_has_the_number(number, make_client):
    sessions = [{**session(2), "_id": f"{index:024x}", "uid": "NUMBER" if index == 1 else 7} for index in range(3)]
    body = with_number({"code": 1000, "msg": "OK", "data": {"count": 3, "result": sessions}}, number)
    with RawServer(routes={SESSION_LIST: answers(body)}) as server:
        result, reply = ask(make_client(server.url), "session.list", {})
        assert result == "OK", reply
        assert [element["uid"] for element in reply["data"]["result"]] == ["7", number, "7"]


MEMBERS = ["uid", "new_member", "credentials"]


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("number", BEYOND, ids=shortened)
def test_paid_create_succeeds_when_its_reply_has_the_number(number, member, make_client):
    """The session is open and paid: the caller gets it, and the library closes it in the end."""
    opened = session(1)
    opened[member] = {**opened["credentials"], "agora_uid": "NUMBER"} if member == "credentials" else "NUMBER"
    body = with_number({"code": 1000, "msg": "OK", "data": opened}, number)
    with RawServer(routes={**session_routes(), SESSION_CREATE: answers(body)}) as server:
        client = make_client(server.url, close_timeout_ms=1_000)
        result, reply = ask(client, "session.create", CREATE, timeout_ms=1_500)
        assert result == "OK" and reply["data"]["_id"] == ID, reply
        assert number in json.dumps(reply["data"])
        client.destroy()
        assert server.count(SESSION_CREATE) == 1 and server.count(SESSION_CLOSE) >= 1


@pytest.mark.parametrize("number", BEYOND, ids=shortened)
def test_paid_call_succeeds_when_its_reply_has_the_number(number, make_client):
    record = {"_id": ID, "status": 1, "deduction_duration": 3, "new_member": "NUMBER"}
    body = with_number({"code": 1000, "msg": "OK", "data": record}, number)
    with RawServer(routes={VOICE_TTS: answers(body)}) as server:
        result, reply = ask(make_client(server.url), "voice.tts", {"input_text": "Hello", "voice_id": "v"})
        assert result == "OK", reply
        assert reply["data"]["new_member"] == number


@pytest.mark.parametrize("number", BEYOND, ids=shortened)
def test_refusal_keeps_its_meaning_when_its_reply_has_the_number(number, make_client):
    body = with_number({"code": 1104, "msg": "no credit", "data": {"missing": "NUMBER"}}, number)
    with RawServer(routes={SESSION_CREATE: answers(body)}) as server:
        reply = make_client(server.url, close_timeout_ms=0).call("session.create", CREATE, timeout_ms=1_500)
        assert_failed(reply, "QUOTA_EXCEEDED")
        assert reply.error["akool_code"] == 1104


@pytest.mark.parametrize("number", BEYOND)
def test_reply_is_bad_when_its_code_is_the_number(number, make_client):
    """A code is compared, and no code of AKOOL's has more than four digits."""
    with RawServer(routes={CREDIT: answers(b'{"code":' + number.encode() + b',"data":{"credit":1}}')}) as server:
        result, reply = ask(make_client(server.url), "account.credit", {}, max_attempts=1)
        assert result in ("BAD_RESPONSE", "REMOTE_FAILED"), reply
