"""Every sample answer of the contract is understood, and is what `akool_describe` says of the operation."""

from __future__ import annotations

import json
from typing import Any, Dict

import jsonschema
import pytest
from support.akool_client import AkoolClient
from support.catalogue import operations
from support.contract import Contract, matches
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer

SAMPLES = list(Contract().samples())
PARAMETERS: Dict[str, Any] = {
    "avatar.create": {"url": "https://example.com/me.mp4", "avatar_id": "mine"},
    "avatar.detail": {"id": "66a1a02d591ad336275eda62"},
    "session.create": {"avatar_id": "mine", "duration": 60},
    "session.detail": {"id": "6698c9d69cf7b0d61d1b6420"},
    "session.close": {"id": "6698c9d69cf7b0d61d1b6420"},
    "knowledge.create": {"name": "mine"},
    "knowledge.detail": {"id": "64f8a1b2c3d4e5f6a7b8c9d0"},
    "knowledge.update": {"id": "64f8a1b2c3d4e5f6a7b8c9d0", "name": "mine"},
    "knowledge.delete": {"id": "64f8a1b2c3d4e5f6a7b8c9d0"},
    "voice.list": {"type": "2"},
    "voice.detail": {"_id": "6698c9d69cf7b0d61d1b7001"},
    "voice.delete": {"_ids": ["6698c9d69cf7b0d61d1b7001"]},
    "voice.clone": {"source_voice_file": "https://example.com/me.mp3"},
    "voice.tts": {"input_text": "Hello", "voice_id": "v"},
    "voice.change": {"source_voice_file": "https://example.com/me.mp3", "voice_id": "v"},
    "voice.resource_list": {"type": "1"},
    "voice.resource_detail": {"_id": "6698c9d69cf7b0d61d1b7001"},
}
OVER = {"_id": "6698c9d69cf7b0d61d1b6420", "uid": 100010, "type": 1, "status": 3}


def answering(path: str, sample: dict):
    """The sample for its path; sessions are over for whoever looks, so that every close ends."""

    def answer(connection: RawConnection, request: ReceivedRequest) -> bool:
        body = {"code": 1000, "msg": "OK", "data": OVER}
        if matches(path, request.path):
            body = sample
        connection.reply(200, json.dumps(body).encode(), {"content-type": "application/json"})
        return True

    return answer


def operation_for(library, method: str, path: str):
    if path.endswith("liveAvatar/avatar/detail"):
        return next(one for one in operations(library).values() if one.name == "avatar.detail")
    found = [
        one
        for one in operations(library).values()
        if one.has_endpoint and (one.method, one.path.split("{")[0]) == (method, path.split("{")[0])
    ]
    return found[0]


@pytest.mark.parametrize(
    "method, path, label, sample", SAMPLES, ids=[f"{path.split('/open/')[1]} {label}" for _, path, label, _ in SAMPLES]
)
def test_documented_answer_is_understood(method, path, label, sample, library):
    credentials = {"api_key": "key"}
    if path.endswith("getToken"):
        credentials = {"client_id": "id", "client_secret": "secret"}
    with RawServer(default=answering(path, sample)) as server:
        client = AkoolClient(library, {"base_url": server.url, "environment": False, "timeout_ms": 5000, **credentials})
        if path.endswith("getToken"):
            client.call("session.detail", PARAMETERS["session.detail"])
            sent = [request.headers.get("authorization") for request in server.requests]
            assert f"Bearer {sample['token']}" in sent
            return
        operation = operation_for(library, method, path)
        parameters = PARAMETERS.get(operation.name, {})
        if path.endswith("liveAvatar/avatar/detail"):
            parameters = {"avatar_id": "dvp_Tristan_cloth2_1080P"}
        reply = client.call(operation.name, parameters)
        client.destroy()
    if sample["code"] != 1000:
        assert reply.json["error"]["akool_code"] == sample["code"]
        return
    assert reply.ok, reply.json
    jsonschema.validate(reply.data, operation.description["result"])
