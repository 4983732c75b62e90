"""The simulator posts webhooks that it signs."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import queue
import threading
import time
from pathlib import Path
from typing import Callable, Iterator, List

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from support.simulator import Simulator

VOICE = "Xb7hH8MSUJpSbSDYk0k2"
CLIENT_ID = "dummyClientId0123456789="
SECRET = "dummySecret0123456789abcdefghijk"
BOUND_S = 20


class Receiver(http.server.ThreadingHTTPServer):
    """Takes webhooks, and answers them one after the other with `statuses`, then with 200."""

    daemon_threads = True

    def __init__(self, *statuses: int):
        super().__init__(("127.0.0.1", 0), _Taker)
        self.statuses: List[int] = list(statuses)
        self.taken: "queue.Queue[tuple]" = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told?by=akool"


class _Taker(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()
        self.server.taken.put((self.path, self.headers["content-type"], body))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server
        server.shutdown()


@pytest.fixture
def signing(make_simulator: Callable[..., Simulator]) -> Simulator:
    options = {"client_id": CLIENT_ID, "client_secret": SECRET, "webhook_retry_s": 60, "webhook_attempts": 3}
    return make_simulator("--stepped", "--api-key", "simulator", options=options)


def opened(body: dict) -> dict:
    """What a webhook says, read with another implementation than ours."""
    parts = sorted([CLIENT_ID, str(body["timestamp"]), body["nonce"], body["dataEncrypt"]])
    assert body["signature"] == hashlib.sha1("".join(parts).encode()).hexdigest()
    cipher = Cipher(algorithms.AES(SECRET.encode()), modes.CBC(CLIENT_ID[:16].encode())).decryptor()
    padded = cipher.update(base64.b64decode(body["dataEncrypt"], validate=True)) + cipher.finalize()
    return json.loads(padded[: -padded[-1]])


def spoken(simulator: Simulator, url: str, make_client) -> str:
    client = make_client(simulator.url, api_key="simulator")
    parameters = {"input_text": "Hello", "voice_id": VOICE, "webhookUrl": url}
    return client.call("voice.tts", parameters).data["_id"]


def becomes(simulator: Simulator, **expected: object) -> dict:
    """The first webhook, once it is as expected; the answer to a post is noted a moment after it was given."""
    deadline = time.monotonic() + BOUND_S
    while True:
        told = simulator.webhooks()[0]
        if all(told.get(name) == value for name, value in expected.items()):
            return told
        assert time.monotonic() < deadline, (told, expected)


def test_a_webhook_is_posted_and_webhook_verify_reads_it(signing, receiver, make_client, tmp_path):
    recording = spoken(signing, receiver.url, make_client)
    signing.advance(20)
    path, kind, body = receiver.taken.get(timeout=BOUND_S)
    assert (path, kind) == ("/told?by=akool", "application/json")
    content = opened(json.loads(body))
    assert content["_id"] == recording and content["status"] == 3 and content["type"] == "audio"
    assert content["url"].startswith(signing.url + "/recording/")
    client = make_client(signing.url, api_key="simulator", client_id=CLIENT_ID, client_secret=SECRET)
    assert client.call("webhook.verify", {"body": json.loads(body)}).data["payload"]["state"] == "ready"
    # The file that it names is known from now on, and can be saved.
    assert [entry["url"] for entry in client.call("resource.list").data["result"]] == [content["url"]]
    saved = client.call("resource.sweep", {"directory": str(tmp_path)}).data["saved"]
    assert len(saved) == 1 and Path(saved[0]["path"]).read_bytes()[:2] == b"\xff\xfb"
    assert becomes(signing, state="delivered")["attempts"] == 1


@pytest.mark.parametrize("refusal", [500, 302, 204])
def test_a_webhook_that_is_not_answered_with_200_comes_again(signing, receiver, make_client, refusal):
    receiver.statuses = [refusal]
    spoken(signing, receiver.url, make_client)
    signing.advance(20)
    first = receiver.taken.get(timeout=BOUND_S)
    becomes(signing, state="due", attempts=1, last_status=refusal)
    signing.advance(60)
    assert receiver.taken.get(timeout=BOUND_S) == first
    becomes(signing, state="delivered", attempts=2)


def test_where_nobody_listens_it_is_given_up(signing, make_client):
    spoken(signing, "http://127.0.0.1:1/nobody", make_client)
    signing.advance(20)
    for attempt in (1, 2):
        becomes(signing, state="due", attempts=attempt)
        signing.advance(60)
    assert "last_status" not in becomes(signing, state="failed", attempts=3)
