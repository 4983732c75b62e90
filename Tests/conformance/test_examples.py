"""The examples in the catalogue, and so those in docs/operations.md, work as they stand."""

from __future__ import annotations

import json

import pytest
from support.akool_client import AkoolClient
from support.catalogue import operations

# Stands for the _id of an open session in the examples of operations that need one.
SESSION = "6698c9d69cf7b0d61d1b6420"
RECORDING = "6698c9d69cf7b0d61d1b7101"
# What needs something that no example can bring along.
SPECIAL = {
    "avatar.wait",
    "session.watch",
    "session.unwatch",
    "session.handover",
    "session.heartbeat",
    "resource.save",
    "resource.sweep",
}


@pytest.fixture(scope="module")
def described(library):
    return operations(library)


def test_examples(library, described):
    failures = []
    for name, operation in described.items():
        if name in SPECIAL:
            continue
        configuration = {"base_url": "simulator:", "environment": False, "simulator": {"time_scale": 100}}
        with AkoolClient(library, configuration) as client:
            example = _with_real_ids(operation.description["example"], client)
            reply = client.call(name, example)
        if not reply.ok:
            failures.append(f"{name} {example}: {reply.json['error']}")
    assert failures == [], "\n".join(failures)


def _with_real_ids(example: dict, client: AkoolClient) -> dict:
    text = json.dumps(example)
    if SESSION in text:
        session = client.call("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60})
        text = text.replace(SESSION, session.data["_id"])
    if RECORDING in text:
        recording = client.call("voice.tts", {"input_text": "Hello!", "voice_id": "Xb7hH8MSUJpSbSDYk0k2"})
        text = text.replace(RECORDING, recording.data["_id"])
    return json.loads(text)


def test_every_parameter_that_is_required_is_in_the_example(described):
    """What an example leaves out must not be needed."""
    for name, operation in described.items():
        required = operation.description["parameters"].get("required", [])
        if name not in SPECIAL:
            assert set(required) <= set(operation.description["example"]), name
