"""Redirects: never to plain http, never with credentials to another origin, never for a payment."""

from __future__ import annotations

import pytest
from support.canary import CANARY_KEY, CANARY_TOKEN
from support.endpoints import CREDIT, SESSION_CREATE, SESSION_LIST
from support.expectations import assert_failed
from support.misbehaviours import CREDIT as CREDIT_REPLY
from support.misbehaviours import answers, redirects
from support.raw_server import RawServer

SECRETS = ("x-api-key", "authorization", "cookie", "proxy-authorization")


@pytest.fixture
def identity(authority):
    return authority.server()


def test_https_to_http_is_refused(make_client, authority, identity):
    with RawServer(routes={CREDIT: answers(CREDIT_REPLY)}) as plain:
        with RawServer(routes={CREDIT: redirects(plain.url + CREDIT)}, identity=identity) as secure:
            reply = make_client(secure.url, ca_file=str(authority.ca_file)).call("account.credit", max_attempts=1)
            assert_failed(reply, ("BAD_RESPONSE", "UNAVAILABLE"), "redirect", secrets=[CANARY_KEY])
            assert plain.connections == 0


@pytest.mark.parametrize("credentials", [{"api_key": CANARY_KEY}, {"api_key": None, "token": CANARY_TOKEN}])
def test_another_origin_never_sees_credentials(credentials, make_client, authority, identity):
    with RawServer(routes={CREDIT: answers(CREDIT_REPLY)}, identity=identity) as other:
        with RawServer(routes={CREDIT: redirects(other.url + CREDIT)}, identity=identity) as first:
            client = make_client(first.url, ca_file=str(authority.ca_file), **credentials)
            reply = client.call("account.credit", max_attempts=1)
            assert first.count(CREDIT) == 1
            sent = first.requests[0].headers
            assert sent.get("x-api-key") == CANARY_KEY or sent.get("authorization") == f"Bearer {CANARY_TOKEN}"
            assert reply.ok, "a read may be redirected to another https origin"
            assert other.count(CREDIT) == 1
            for request in other.requests:
                assert not set(SECRETS) & set(request.headers), request.headers


def test_credentials_do_not_come_back_on_the_way_home(make_client, authority, identity):
    """first → other → first: whoever was led through a foreign origin stays without credentials there."""
    with RawServer(identity=identity) as other, RawServer(identity=identity) as first:
        first.route(CREDIT, redirects(f"{other.url}/hop"))
        other.route("/hop", redirects(f"{first.url}{SESSION_LIST}"))
        first.route(SESSION_LIST, answers(CREDIT_REPLY))
        make_client(first.url, ca_file=str(authority.ca_file)).call("account.credit", max_attempts=1)
        assert other.count("/hop") == 1
        assert not set(SECRETS) & set(other.requests[0].headers), other.requests[0].headers


def test_same_origin_keeps_credentials(make_client, authority, identity):
    routes = {CREDIT: redirects("/moved"), "/moved": answers(CREDIT_REPLY)}
    with RawServer(routes=routes, identity=identity) as server:
        reply = make_client(server.url, ca_file=str(authority.ca_file)).call("account.credit")
        assert reply.ok, reply
        assert server.requests[-1].path == "/moved"
        assert server.requests[-1].headers.get("x-api-key") == CANARY_KEY


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_paid_post_follows_no_redirect(status, make_client, authority, identity):
    with RawServer(identity=identity) as server:
        server.route(SESSION_CREATE, redirects("/moved", status))
        server.route("/moved", answers({"code": 1000, "msg": "OK", "data": {"_id": "6698c9d69cf7b0d61d1b6420"}}))
        client = make_client(server.url, ca_file=str(authority.ca_file))
        reply = client.call("session.create", {"avatar_id": "a", "duration": 60})
        assert_failed(reply, ("BAD_RESPONSE", "OUTCOME_UNKNOWN"), secrets=[CANARY_KEY])
        assert server.count("/moved") == 0
        assert server.count(SESSION_CREATE) == 1


def test_redirect_loop_ends(make_client, authority, identity):
    with RawServer(routes={CREDIT: redirects(CREDIT)}, identity=identity) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        reply = client.call("account.credit", timeout_ms=8000, max_attempts=1)
        assert_failed(reply, ("BAD_RESPONSE", "UNAVAILABLE"), "redirect")
        assert server.count(CREDIT) <= 21


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", ""])
def test_redirect_to_another_scheme_is_refused(location, make_client, authority, identity):
    with RawServer(routes={CREDIT: redirects(location)}, identity=identity) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        reply = client.call("account.credit", max_attempts=1)
        assert_failed(reply, ("BAD_RESPONSE", "UNAVAILABLE"))
        assert server.count(CREDIT) == 1
