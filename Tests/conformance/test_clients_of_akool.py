"""What AKOOL's own clients send works unchanged: its React demo, and its plugin for LiveKit agents.

Both are described in docs/api/akool-api.md, sections 2.6, 2.8 and 6.
"""

from __future__ import annotations

import json
import math
import urllib.request
from typing import Any, List

import pytest
from support.endpoints import SESSION_CLOSE, SESSION_CREATE, SESSION_DETAIL
from support.simulator import Simulator

# The demo sends every key, and an empty text or object for what was not chosen.
DEMO = {
    "stream_type": "agora",
    "avatar_id": "dvp_Tristan_cloth2_1080P",
    "duration": 600,
    "voice_id": "",
    "voice_url": "",
    "language": "",
    "mode_type": 2,
    "background_url": "",
    "knowledge_id": "",
    "voice_params": {},
    "credentials": {},
}
PLUGIN = {
    "avatar_id": "dvp_Tristan_cloth2_1080P",
    "stream_type": "livekit",
    "mode_type": 2,
    "duration": 3600,
    "scene_mode": "meeting",
    "credentials": {
        "livekit_url": "wss://rooms.example",
        "livekit_token": "my.livekit.token",
        "livekit_room_name": "room",
        "livekit_client_identity": "agent",
        "livekit_server_identity": "akool-avatar-agent",
    },
}


@pytest.fixture
def simulator(make_simulator) -> Simulator:
    return make_simulator("--profile", "documented", "--api-key", "key")


def send(simulator: Simulator, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"x-api-key": "key", "content-type": "application/json"}
    request = urllib.request.Request(simulator.url + path, data, headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.loads(response.read())


def say(simulator: Simulator, session: str, frames: List[str]) -> List[dict]:
    answered = send(simulator, "/_simulator/room", {"id": session, "frames": frames})
    return [json.loads(frame) for frame in answered["data"]["frames"]]


def demo_frames(text: str, mid: str, maximum: int = 960) -> List[str]:
    """Slices of UTF-16 as the demo cuts them: a slice may end inside of a character."""
    units = text.encode("utf-16-le")

    def frame(piece: bytes, index: int, is_last: bool) -> str:
        said = piece.decode("utf-16-le", "surrogatepass")
        message = {"v": 2, "type": "chat", "mid": mid, "idx": index, "fin": is_last, "pld": {"text": said}}
        written = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        # As JSON.stringify writes half a character.
        return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in written)

    length = 2 * math.floor((maximum - len(frame(b"", 0, False))) / 4)
    pieces = [units[start : start + length] for start in range(0, len(units), length)]
    return [frame(piece, index, index == len(pieces) - 1) for index, piece in enumerate(pieces)]


def test_session_of_the_react_demo(simulator):
    created = send(simulator, SESSION_CREATE, DEMO)
    assert created["code"] == 1000
    session = created["data"]
    assert set(session["credentials"]) == {"agora_uid", "agora_app_id", "agora_channel", "agora_token"}
    told = {"v": 2, "type": "command", "mid": "msg-1", "pld": {"cmd": "set-params", "data": {"mode": 1, "lang": "en"}}}
    (acknowledged,) = say(simulator, session["_id"], [json.dumps(told)])
    assert acknowledged["pld"] == {"cmd": "set-params", "code": 1000, "msg": "OK"}
    text = "a" + "\U0001f600" * 500
    frames = demo_frames(text, "msg-2")
    assert any("\\ud83d" in frame for frame in frames), "no character was cut in two"
    assert all(len(frame.encode()) <= 960 for frame in frames)
    answers = [answer["pld"]["text"] for answer in say(simulator, session["_id"], frames) if answer["type"] == "chat"]
    assert "".join(answers).encode("utf-16-le", "surrogatepass").decode("utf-16-le") == text
    closed = send(simulator, SESSION_CLOSE, {"id": session["_id"]})
    assert closed["code"] == 1000
    assert closed["data"], "the demo throws without data"
    assert send(simulator, f"{SESSION_DETAIL}?id={session['_id']}")["data"]["status"] == 3


@pytest.mark.parametrize(
    "audio",
    [{"audio_only_from_data_stream": True}, {"audio_input_source": "audio_track", "audio_publisher_identity": "me"}],
    ids=["first version", "later version"],
)
def test_session_of_the_livekit_plugin(audio, simulator):
    created = send(simulator, SESSION_CREATE, {**PLUGIN, "credentials": {**PLUGIN["credentials"], **audio}})
    assert created["code"] == 1000
    closed = send(simulator, SESSION_CLOSE, {"session_id": created["data"]["_id"]})
    assert closed["code"] == 1000
    assert closed["data"]["session_id"] == created["data"]["_id"]
    assert simulator.books()["open_sessions"] == 0
