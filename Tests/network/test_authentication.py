"""The three ways to authenticate, what is said when none works, and that no secret comes back."""

from __future__ import annotations

import base64
import json
import threading
import time
from typing import Optional

import pytest
from support import misbehaviours
from support.akool_client import AkoolClient, ClientNotCreated, Reply
from support.canary import CANARY_CLIENT_ID, CANARY_CLIENT_SECRET, CANARY_KEY, CANARY_TOKEN
from support.endpoints import CREDIT, SESSION_LIST, TOKEN
from support.expectations import assert_failed, assert_timed_out, call_beside
from support.misbehaviours import answers, in_turn, silent
from support.network_state import wait_until
from support.raw_server import RawServer

VARIABLES = ("AKOOL_API_KEY", "AKOOL_TOKEN", "AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET")
ALL_SECRETS = [CANARY_KEY, CANARY_TOKEN, CANARY_CLIENT_ID, CANARY_CLIENT_SECRET]
BAD_TOKEN = {"code": 1101, "msg": "invalid authorization"}
PAIR = {"api_key": None, "client_id": CANARY_CLIENT_ID, "client_secret": CANARY_CLIENT_SECRET}


def jwt(expires_in_s: Optional[float], mark: str) -> str:
    """A token of the service's form; no one checks its signature."""
    claims = {"mark": mark}
    if expires_in_s is not None:
        claims["exp"] = int(time.time() + expires_in_s)

    def part(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return ".".join([part({"alg": "HS256", "typ": "JWT"}), part(claims), "c2lnbmF0dXJl"])


def token_reply(token: str) -> dict:
    return {"code": 1000, "token": token}


@pytest.fixture
def server():
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT)}) as running:
        yield running


def refusal(library, configuration: dict) -> Reply:
    """The error of a client that cannot authenticate: at once, or at its first call."""
    try:
        client = AkoolClient(library, configuration)
    except ClientNotCreated as refused:
        return refused.reply
    with client:
        return client.call("account.credit")


def test_wrong_key(make_client, make_simulator):
    simulator = make_simulator("--api-key", "the-right-key")
    reply = make_client(simulator.url).call("account.credit")
    assert_failed(reply, "UNAUTHENTICATED", "key", secrets=ALL_SECRETS)
    assert reply.error["akool_code"] == 1101
    assert reply.error["retryable"] is False
    assert len(simulator.requests()) == 1


def test_others_go_on_beside_a_wrong_key(make_client, make_simulator):
    simulator = make_simulator("--api-key", "the-right-key")
    wrong, right = make_client(simulator.url), make_client(simulator.url, api_key="the-right-key")
    request = wrong.submit("account.credit")
    assert right.call("account.credit").ok
    assert_failed(wrong.wait(request), "UNAUTHENTICATED")


def test_no_key_names_the_variables(library, server):
    for configuration in ({"base_url": server.url}, {"base_url": server.url, "environment": False}):
        reply = refusal(library, configuration)
        assert_failed(reply, "UNAUTHENTICATED", "AKOOL_API_KEY")
        assert sum(name in reply.told for name in VARIABLES) >= 3, reply.told
    assert server.connections == 0


def test_no_key_never_means_the_simulator(library):
    assert_failed(refusal(library, {}), "UNAUTHENTICATED", "AKOOL_API_KEY")


@pytest.mark.parametrize(
    "key", ["Bearer abc", "with blank", " abc", "abc ", "a\nb", "a\tb", "a\u0000b", "a\u007fb", ""]
)
@pytest.mark.parametrize("name", ["api_key", "token"])
def test_malformed_credentials_are_refused_without_being_echoed(name, key, library, server):
    marked = key.replace("a", CANARY_KEY, 1)
    reply = refusal(library, {"base_url": server.url, "environment": False, name: marked})
    assert_failed(reply, ("INVALID_ARGUMENT", "UNAUTHENTICATED"), name if key else "", secrets=ALL_SECRETS)
    assert server.connections == 0


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_half_a_pair_is_refused(missing, library, server):
    configuration = {"base_url": server.url, "environment": False, **PAIR}
    del configuration[missing], configuration["api_key"]
    reply = refusal(library, configuration)
    assert_failed(reply, ("INVALID_ARGUMENT", "UNAUTHENTICATED"), missing, secrets=ALL_SECRETS)
    assert server.connections == 0


@pytest.mark.parametrize(
    "given, header, value",
    [
        ({}, "x-api-key", CANARY_KEY),
        ({"api_key": None, "token": CANARY_TOKEN}, "authorization", f"Bearer {CANARY_TOKEN}"),
        ({"token": CANARY_TOKEN}, "x-api-key", CANARY_KEY),
        ({**PAIR, "api_key": CANARY_KEY}, "x-api-key", CANARY_KEY),
        ({**PAIR, "token": CANARY_TOKEN}, "authorization", f"Bearer {CANARY_TOKEN}"),
    ],
    ids=["key", "token", "key before token", "key before pair", "token before pair"],
)
def test_one_header_only(given, header, value, make_client, server):
    assert make_client(server.url, **given).call("account.credit").ok
    sent = server.requests[0].headers
    assert sent[header] == value
    assert len({"x-api-key", "authorization"} & set(sent)) == 1
    assert server.count(TOKEN) == 0


@pytest.mark.parametrize(
    "variables, header, value",
    [
        ({"AKOOL_API_KEY": CANARY_KEY}, "x-api-key", CANARY_KEY),
        ({"AKOOL_TOKEN": CANARY_TOKEN}, "authorization", f"Bearer {CANARY_TOKEN}"),
        ({"AKOOL_API_KEY": CANARY_KEY, "AKOOL_TOKEN": CANARY_TOKEN}, "x-api-key", CANARY_KEY),
    ],
)
def test_environment(variables, header, value, make_client, server, monkeypatch):
    for name, content in variables.items():
        monkeypatch.setenv(name, content)
    monkeypatch.setenv("AKOOL_BASE_URL", server.url)
    client = make_client(None, api_key=None, environment=None)
    for name in variables:
        monkeypatch.delenv(name)
    assert client.call("account.credit").ok
    assert server.requests[0].headers[header] == value


def test_configuration_comes_before_the_environment(make_client, server, monkeypatch):
    monkeypatch.setenv("AKOOL_API_KEY", "from-the-environment")
    monkeypatch.setenv("AKOOL_BASE_URL", "https://from-the-environment.invalid")
    assert make_client(server.url, environment=True).call("account.credit").ok
    assert server.requests[0].headers["x-api-key"] == CANARY_KEY


def test_environment_can_be_left_out(library, server, monkeypatch):
    monkeypatch.setenv("AKOOL_API_KEY", CANARY_KEY)
    assert_failed(refusal(library, {"base_url": server.url, "environment": False}), "UNAUTHENTICATED")
    assert server.connections == 0


def test_pair_is_exchanged_once_for_many_calls(make_client, server):
    release = threading.Event()

    def late(connection, _request):
        release.wait(10)
        connection.reply(200, token_reply(jwt(3600, "one")))
        return True

    server.route(TOKEN, late)
    client = make_client(server.url, **PAIR)
    requests = [client.submit("account.credit") for _ in range(20)]
    server.wait_for_request(TOKEN)
    release.set()
    assert all(client.wait(request).ok for request in requests)
    assert server.count(TOKEN) == 1
    exchange = next(request for request in server.requests if request.path == TOKEN)
    assert exchange.json == {"clientId": CANARY_CLIENT_ID, "clientSecret": CANARY_CLIENT_SECRET}
    assert "authorization" not in exchange.headers and "x-api-key" not in exchange.headers
    assert client.call("account.credit").ok
    assert server.count(TOKEN) == 1


@pytest.mark.parametrize(
    "body", [{"code": 1000, "data": {"token": "nested"}}, {"code": 1000, "msg": "OK", "token": "nested"}]
)
def test_token_is_read_from_either_place(body, make_client, server):
    server.route(TOKEN, answers(body))
    assert make_client(server.url, **PAIR).call("account.credit").ok
    assert server.requests[-1].headers["authorization"] == "Bearer nested"


def test_expired_token_is_minted_anew_once(make_client, server):
    server.route(TOKEN, in_turn(answers(token_reply("first")), answers(token_reply("second"))))
    server.route(CREDIT, in_turn(answers(BAD_TOKEN), answers(misbehaviours.CREDIT)))
    reply = make_client(server.url, **PAIR).call("account.credit")
    assert reply.ok, reply
    assert [request.headers.get("authorization") for request in server.requests] == [
        None,
        "Bearer first",
        None,
        "Bearer second",
    ]


def test_token_that_stays_refused_is_not_minted_for_ever(make_client, server):
    server.route(TOKEN, answers(token_reply("never-good")))
    server.route(CREDIT, answers(BAD_TOKEN))
    reply = make_client(server.url, **PAIR).call("account.credit")
    assert_failed(reply, "UNAUTHENTICATED", secrets=ALL_SECRETS)
    assert server.count(TOKEN) == 2
    assert server.count(CREDIT) == 2


def test_token_near_its_end_is_renewed_first(make_client, server):
    lifetime_s = 5
    server.route(TOKEN, in_turn(answers(token_reply(jwt(lifetime_s, "old"))), answers(token_reply(jwt(3600, "new")))))
    client = make_client(server.url, **PAIR)
    wait_until(lambda: client.call("account.credit").ok and server.count(TOKEN) == 2, within_s=lifetime_s - 1.5)


def test_refused_pair(make_client, server):
    server.route(TOKEN, answers(BAD_TOKEN))
    reply = make_client(server.url, **PAIR).call("account.credit")
    assert_failed(reply, "UNAUTHENTICATED", "client id and secret", secrets=ALL_SECRETS)
    assert server.count(TOKEN) == 1
    assert server.count(CREDIT) == 0


def test_banned_account_is_not_tried_again(make_client, server):
    server.route(CREDIT, answers({"code": 1200, "msg": "account banned"}))
    reply = make_client(server.url).call("account.credit")
    assert_failed(reply, "FORBIDDEN")
    assert reply.error["akool_code"] == 1200
    assert server.count(CREDIT) == 1


def test_hung_token_endpoint_ends_by_the_deadline(make_client, server):
    server.route(TOKEN, silent)
    client = make_client(server.url, **PAIR)
    reply = client.call("account.credit", timeout_ms=1000)
    assert_timed_out(reply, 1000)
    assert server.count(CREDIT) == 0


def test_calls_with_a_given_token_are_not_held_up_by_a_hung_exchange(make_client, server):
    server.route(SESSION_LIST, silent)
    client = make_client(server.url, api_key=None, token=CANARY_TOKEN)
    reply = call_beside(client, "session.list", {}, "account.credit", 1000, max_attempts=1)
    assert_timed_out(reply, 1000)


@pytest.mark.parametrize("way", ["key", "pair"])
def test_ways_against_the_simulator(way, make_client, make_simulator):
    flags = {
        "key": ("--api-key", CANARY_KEY),
        "pair": ("--client-id", CANARY_CLIENT_ID, "--client-secret", CANARY_CLIENT_SECRET),
    }[way]
    simulator = make_simulator(*flags)
    reply = make_client(simulator.url, **(PAIR if way == "pair" else {})).call("account.credit")
    assert reply.ok, reply
    kinds = json.dumps([entry["headers"] for entry in simulator.requests()])
    assert not any(secret in kinds for secret in ALL_SECRETS)
