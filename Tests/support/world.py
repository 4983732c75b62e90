"""A stage for samples: brings about avatars and sessions on a simulator."""

from __future__ import annotations

import itertools
from typing import Iterator, List

from support.akool_client import AkoolClient
from support.simulator import Simulator

# Longer than any avatar is queued and processed by default.
PROCESSING_S = 600
# Longer than an avatar stays occupied after its session was closed.
BUSY_AFTER_CLOSE_S = 300


class World:
    """What a test has created so far; avatars whose sessions are closed again can be used again."""

    def __init__(self, client: AkoolClient, simulator: Simulator):
        self._client = client
        self._simulator = simulator
        self._names = (f"sample{number}" for number in itertools.count(1))
        self._avatars: List[str] = []

    def new_name(self) -> str:
        return next(self._names)

    def uploaded_avatar(self) -> dict:
        """A record of ours that is ready."""
        name = self.new_name()
        created = self._call("avatar.create", {"url": "https://example.com/me.mp4", "avatar_id": name})
        self._simulator.advance(PROCESSING_S)
        return {**created, "avatar_id": name}

    def taken_name(self) -> str:
        return self.uploaded_avatar()["avatar_id"]

    def free_avatar(self) -> str:
        """An official avatar nobody has a session with: all sessions are closed first."""
        self.close_all()
        if not self._avatars:
            listed = self._call("avatar.list", {})["result"]
            self._avatars = [avatar["avatar_id"] for avatar in listed if avatar.get("available", True)]
        assert self._avatars, "the simulator has no available avatar"
        return self._avatars[0]

    def open_session(self) -> dict:
        return self._call("session.create", {"avatar_id": self.free_avatar(), "duration": 3600})

    def closed_session(self) -> dict:
        session = self.open_session()
        self._call("session.close", {"id": session["_id"]})
        return session

    def busy_avatar(self) -> str:
        """An avatar of ours with a session; official ones may be shared."""
        self.close_all()
        avatar = self.uploaded_avatar()["avatar_id"]
        self._call("session.create", {"avatar_id": avatar, "duration": 3600})
        return avatar

    def knowledge_base(self) -> str:
        return self._call("knowledge.create", {"name": self.new_name()})["_id"]

    def knowledge_name(self) -> str:
        return self._call("knowledge.create", {"name": self.new_name()})["name"]

    def official_voice(self) -> dict:
        """A voice that can stream."""
        return self._call("voice.list", {"type": "2", "support_stream": 1})["result"][0]

    def cloned_voice(self) -> str:
        """The record of a clone that is not ready."""
        return self._call("voice.clone", {"source_voice_file": "https://example.com/me.mp3"})["_id"]

    def recording(self) -> str:
        voice = self.official_voice()["voice_id"]
        return self._call("voice.tts", {"input_text": "Hello!", "voice_id": voice})["_id"]

    def close_all(self) -> None:
        sessions = list(self._open_ids())
        for session in sessions:
            self._call("session.close", {"id": session})
        if sessions:
            self._simulator.advance(BUSY_AFTER_CLOSE_S)

    def _open_ids(self) -> Iterator[str]:
        books = self._simulator.books()
        return (session["_id"] for session in books["sessions"] if session["status"] in (1, 2))

    def _call(self, operation: str, parameters: dict) -> dict:
        reply = self._client.call(operation, parameters)
        assert reply.ok, f"{operation} {parameters}: {reply.json}"
        return reply.data
