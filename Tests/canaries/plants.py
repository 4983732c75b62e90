"""Secrets in every place that can hold one, each of a kind, so that whatever leaks tells where it came from."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, Iterator, List

from support.samples import AGORA, ELEVENLABS, LIVEKIT, MINIMAX, SAMPLES, TRTC, Sample
from support.world import World


def canary(place: str) -> str:
    """A secret with characters that encodings change, and a core that hardly any of them does."""
    return f"{place}+/{core(place)}="


def core(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:24]


def signed(place: str) -> str:
    """A URL that whoever reads it can use."""
    return f"https://files.example/{place.replace(' ', '')}.mp4?X-Amz-Signature={core(place)}&X-Amz-Expires=600"


CREDENTIALS: Dict[str, Dict[str, str]] = {
    "key": {"api_key": canary("key")},
    "token": {"token": canary("token")},
    "pair": {"client_id": canary("client-id"), "client_secret": canary("client-secret")},
}
MINTED_TOKEN = canary("minted")
HEADERS = {"X-Gateway-Token": canary("gateway-header"), "X-Trace-Note": canary("note-header")}

_VOICES = {
    "elevenlabs_settings": {**ELEVENLABS, "api_key": canary("elevenlabs")},
    "minimax_settings": {**MINIMAX, "api_key": canary("minimax")},
}
_ROOMS = {
    "agora": {**AGORA, "agora_token": canary("agora")},
    "livekit": {**LIVEKIT, "livekit_token": canary("livekit")},
    "trtc": {**TRTC, "trtc_sdk_user_sig": canary("trtc")},
}


def _session(label: str, **more: Any) -> Sample:
    return Sample(label, lambda world: {"avatar_id": world.free_avatar(), "duration": 60, **more})


def _upload(world: World) -> dict:
    return {"url": signed("upload"), "avatar_id": world.new_name(), "name": "me"}


# The signed addresses of voices and knowledge bases.
_FILES = ["document", "page", "clone", "hook", "recording", "webhook"]

# In place of the ordinary samples, for the operations that can be given a secret.
PLANTED: Dict[str, List[Sample]] = {
    "avatar.create": [Sample("a signed video", _upload)],
    "session.create": [
        *[_session(f"own {kind}", stream_type=kind, credentials=room) for kind, room in _ROOMS.items()],
        _session(
            "voices and signed files",
            voice_id="v",
            voice_url=signed("voice"),
            background_url=signed("background"),
            voice_params=_VOICES,
        ),
    ],
    "knowledge.create": [
        Sample(
            "signed documents",
            lambda world: {"name": world.new_name(), "docs": [{"url": signed("document")}], "urls": [signed("page")]},
        )
    ],
    "knowledge.update": [
        Sample(
            "signed documents",
            lambda world: {"id": world.knowledge_base(), "docs": [{"url": signed("document")}]},
        )
    ],
    "voice.clone": [
        Sample(
            "signed files",
            lambda _world: {"source_voice_file": signed("clone"), "webhookUrl": signed("hook")},
        )
    ],
    "voice.change": [
        Sample(
            "a signed file",
            lambda world: {
                "voice_id": world.official_voice()["voice_id"],
                "source_voice_file": signed("recording"),
            },
        )
    ],
    "webhook.verify": [
        Sample(
            "a secret of its own",
            lambda _world: {"body": {}, "client_id": "somebody", "client_secret": canary("webhook")},
        )
    ],
    "request": [
        Sample(
            "secrets everywhere",
            lambda _world: {
                "method": "POST",
                "path": f"/api/open/v3/some/thing?signature={core('path')}",
                "query": {"access_token": canary("query")},
                "body": {"settings": [{"api_key": canary("body")}], "file": signed("body-file")},
            },
        )
    ],
}


def samples(operation: str) -> List[Sample]:
    return PLANTED.get(operation) or SAMPLES[operation][:1]


def all_places() -> List[str]:
    """The names of all that is planted."""
    texts = [*_strings([CREDENTIALS, HEADERS, _VOICES, _ROOMS, MINTED_TOKEN])]
    named = [text.split("+/")[0] for text in texts if "+/" in text]
    return [*named, "upload", "voice", "background", "path", "query", "body", "body-file", *_FILES]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)
