"""A conversation from end to end: what message.encode makes goes to the simulated avatar, shuffled and doubled, and
message.decode makes of its answer the very text."""

from __future__ import annotations

import json
import random

import pytest
from support.akool_client import AkoolClient

AVATAR = "dvp_Tristan_cloth2_1080P"
LIMITS = {"agora": 1024, "livekit": 15_360, "trtc": 1024}
CHARACTERS = 'abc äß "\\\n\t你好世界😀👩‍👩‍👧🇩🇪é\u0001'


class Conversation:
    """A session with a stream of its own, and the simulated avatar in its room."""

    def __init__(self, client: AkoolClient, transport: str, seed: int):
        self._client, self._transport = client, transport
        self.random = random.Random(seed)
        parameters = {"avatar_id": AVATAR, "duration": 60, "stream_type": transport, "mode_type": 1}
        self.session = client.call("session.create", parameters).data["_id"]

    def say(self, **message) -> list:
        """Encodes, sends, and decodes what comes back, all of it out of order and some of it twice."""
        parameters = {"transport": self._transport, "stream": self.session, **message}
        chunks = self._client.call("message.encode", parameters).data["chunks"]
        assert all(chunk["bytes"] == len(chunk["payload"].encode()) <= LIMITS[self._transport] for chunk in chunks)
        body = {"id": self.session, "frames": self._shuffled([chunk["payload"] for chunk in chunks])}
        reply = self._client.call("request", {"method": "POST", "path": "/_simulator/room", "body": body})
        assert reply.ok, reply.json
        return [item for frame in self._shuffled(reply.data["frames"]) for item in self.hear(frame)]

    def hear(self, frame: str) -> list:
        return self._client.call("message.decode", {"stream": self.session, "payload": frame}).data["items"]

    def _shuffled(self, frames: list) -> list:
        doubled = frames + self.random.sample(frames, len(frames) // 2)
        self.random.shuffle(doubled)
        return doubled


@pytest.fixture(params=["in process", "http"])
def client(request, library, make_simulator):
    if request.param == "http":
        configuration = {"base_url": make_simulator("--api-key", "k").url, "api_key": "k", "environment": False}
    else:
        configuration = {"base_url": "simulator:", "environment": False}
    with AkoolClient(library, configuration) as client:
        yield client


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("transport", list(LIMITS))
def test_a_long_text_comes_back_exactly(client, transport, seed):
    conversation = Conversation(client, transport, seed)
    text = "".join(conversation.random.choice(CHARACTERS) for _ in range(5000))
    items = conversation.say(type="chat", text=text)
    said = [item for item in items if item["kind"] == "chat"]
    whole = [item["message"] for item in said if item["complete"]]
    assert whole == [text]
    assert "".join(item["text"] for item in said) == text
    assert {item["kind"] for item in items} <= {"chat", "event", "duplicate"}
    assert "audio_start" in json.dumps(items) and "audio_end" in json.dumps(items)


@pytest.mark.parametrize("transport", list(LIMITS))
def test_commands_are_acknowledged(client, transport):
    conversation = Conversation(client, transport, 7)
    for message in (
        {"type": "set-params", "data": {"mode": 1, "lang": "en"}},
        {"type": "interrupt"},
        {"type": "set-action", "data": {"action": "nod"}},
    ):
        acks = [item for item in conversation.say(**message) if item["kind"] == "ack"]
        assert acks and acks[0]["ok"] and acks[0]["expected"] and acks[0]["cmd"] == message["type"]
