"""Whatever bytes a server sends, a call ends with a known code and well-formed JSON, and the process lives."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from support.akool_client import AkoolClient
from support.locations import REPOSITORY
from support.misbehaviours import OK_HEAD
from support.raw_server import RawServer

set_hypothesis_home_dir(REPOSITORY / "build" / "hypothesis")

# Codes that no server can be the reason for.
NOT_THE_SERVERS = {
    "INTERNAL",
    "BAD_HANDLE",
    "WRONG_THREAD",
    "LOCAL_IO",
    "LOCAL_LIMIT",
    "FORKED",
    "CANCELLED",
    "UNKNOWN",
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
envelopes = st.fixed_dictionaries(
    {},
    optional={"code": json_values | st.sampled_from([1000, 1003, 1101, 1215]), "msg": json_values, "data": json_values},
)


class Scripted:
    """A server that sends the bytes of the moment and closes."""

    def __init__(self) -> None:
        self.bytes = b""
        self.server = RawServer(default=self._send)

    def _send(self, connection, _request) -> bool:
        connection.send(self.bytes)
        return False


@pytest.fixture(scope="module")
def scripted():
    script = Scripted()
    yield script
    script.server.stop()


@pytest.fixture(scope="module")
def client(library, scripted):
    with AkoolClient(library, {"base_url": scripted.server.url, "api_key": "key", "environment": False}) as made:
        yield made


def check(client: AkoolClient, **options: object) -> str:
    reply = client.call("account.credit", timeout_ms=3000, max_attempts=1, **options)
    assert reply.result not in NOT_THE_SERVERS, reply
    assert ("data" in reply.json) is reply.ok
    assert ("error" in reply.json) is not reply.ok
    return reply.result


fuzz = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@fuzz
@given(raw=st.binary(max_size=400))
def test_any_bytes(scripted, client, raw):
    scripted.bytes = raw
    check(client)


@fuzz
@given(body=st.binary(max_size=200), status=st.sampled_from([200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 503]))
def test_any_body(scripted, client, body, status):
    head = b"HTTP/1.1 %d Reason\r\ncontent-length: %d\r\n\r\n" % (status, len(body))
    scripted.bytes = head + body
    check(client)


@fuzz
@given(body=envelopes)
def test_any_envelope(scripted, client, body):
    text = json.dumps(body).encode()
    scripted.bytes = OK_HEAD + b"content-length: %d\r\n\r\n" % len(text) + text
    result = check(client, raw=True)
    if body.get("code") != 1000:
        assert result != "OK"


@fuzz
@given(header=st.binary(max_size=100).filter(lambda raw: b"\n" not in raw and b"\r" not in raw))
def test_any_header(scripted, client, header):
    body = b'{"code":1000,"msg":"OK","data":{"credit":1}}'
    scripted.bytes = OK_HEAD + header + b"\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    check(client)
