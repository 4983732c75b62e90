"""The simulator serves the files that its recordings name."""

from __future__ import annotations

from simulator_http.peers import KEY
from support.endpoints import VOICE_RESOURCE, VOICE_TTS

VOICE = "Xb7hH8MSUJpSbSDYk0k2"


def record(peer, **more: object) -> str:
    return peer.request("POST", VOICE_TTS, {"input_text": "Hello", "voice_id": VOICE, **more}, **KEY).json["data"][
        "_id"
    ]


def link(peer, recording: str) -> str:
    return peer.request("GET", VOICE_RESOURCE + recording, **KEY).json["data"]["result"]["preview"]


def test_the_link_of_a_recording_leads_back_and_its_pieces_make_the_file(simulator, peer):
    recording = record(peer)
    assert link(peer, recording) is None
    simulator.advance(20)
    url = link(peer, recording)
    assert url.startswith(simulator.url + "/")
    path = url[len(simulator.url) :]
    whole = peer.request("GET", path)
    assert whole.status == 200 and whole.header("content-type") == "audio/mpeg"
    assert int(whole.header("content-length")) == len(whole.body)
    tag = whole.header("etag")
    first = peer.request("GET", path, **{"range": "bytes=0-999", "if-range": tag})
    rest = peer.request("GET", path, **{"range": "bytes=1000-", "if-range": tag})
    assert (first.status, rest.status) == (206, 206)
    assert first.body + rest.body == whole.body
    assert rest.header("content-range") == f"bytes 1000-{len(whole.body) - 1}/{len(whole.body)}"
    assert peer.request("GET", path, range=f"bytes={len(whole.body)}-").status == 416


def test_after_seven_days_the_file_is_gone(simulator, peer):
    recording = record(peer)
    simulator.advance(20)
    path = link(peer, recording)[len(simulator.url) :]
    simulator.advance(7 * 86_400)
    assert peer.request("GET", path).status == 404
