"""Numbers at the ends of their types, in every field of every operation: each call is answered and no process dies."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Tuple

import pytest
from support.akool_library import AkoolLibrary
from support.locations import library_path
from support.measured_child import run_child

SMALLEST, LARGEST = -(2**63), 2**63 - 1
EXTREMES = [SMALLEST, SMALLEST + 1, -1, 0, 1, 2**31, 2**53, LARGEST - 1, LARGEST, 1e308, -1e308, 0.5]
MODES = ["strict", "warn", "off"]
KINDS = {"integer", "number"}

SIGNED = {
    "timestamp": 1_710_757_981_609,
    "nonce": "9",
    "signature": "eecc076b489df1ced6f2e6492884d62fc15a8707",
    "dataEncrypt": "zJUgDZGbULoP5IZDdcTjGRuGphOZXZfWE1AsbUUF53VDGlvZF7q6h3fLtXfWMCti",
}
FRAME = '{"v":2,"type":"chat","mid":"m","idx":3,"fin":true,"pld":{"text":"x"}}'
# Parameters beside the number, where the example of the catalogue does not reach the code that uses it.
BASES: Dict[str, List[dict]] = {
    "session.handover": [{"id": "@session"}],
    "session.heartbeat": [{"id": "@session"}],
    "message.encode": [
        {"transport": "agora", "type": "chat", "text": "Hello! " * 40, "stream": "s"},
        {"transport": "trtc", "type": "interrupt", "stream": "s"},
        {"transport": "agora", "type": "set-params"},
    ],
    "message.decode": [{"payload": FRAME}, {"payload": FRAME, "stream": "s"}, {"stream": "s"}],
    "webhook.verify": [
        {"client_id": "0123456789abcdef01234567", "client_secret": "dummySecret0123456789abc", "body": SIGNED}
    ],
    "resource.save": [{"url": "http://127.0.0.1:1/x", "directory": "@folder"}],
    "resource.sweep": [{"directory": "@folder"}],
}
PROGRAM = """
import shutil, tempfile

folder = tempfile.mkdtemp()
client = AkoolClient(library, {{
    "base_url": "simulator:extremes", "environment": False, "close_timeout_ms": 100, "max_requests": 10000,
}})
avatar = {{"avatar_id": "dvp_Tristan_cloth2_1080P", "heartbeat_timeout_ms": 60000}}
session = client.call("session.create", avatar).data["_id"]
filled = lambda text: text.replace("@session", session).replace("@folder", folder).encode()

def told(operation, parameters, result, text):
    reply = json.loads(text or "null")
    fine = isinstance(reply, dict) and result != 23 and ("error" in reply) == (result != 0)
    if not fine:
        tell(wrong=[operation, parameters, result, text])

with open({path!r}, encoding="utf-8") as file:
    groups = json.load(file)
for operation, isOffline, texts in groups:
    tell(operation=operation)
    options = {{"timeout_ms": 150, "validate": {mode!r}}}
    for text in texts if isOffline else []:
        if '"stream"' not in text:
            told(operation, text, *library.call(None, operation.encode(), filled(text), options))
    waiting = [(text, client.submit(operation, filled(text), **options)) for text in texts]
    for text, request in waiting:
        told(operation, text, *library.wait(client.handle, request, 10000))
tell(destroyed=client.destroy())
shutil.rmtree(folder)
"""


def numbers(schema: dict, path: Tuple = ()) -> Iterator[Tuple[Tuple, dict]]:
    """The numbers that a schema has, at any depth: the path and the schema of each."""
    if schema.get("type") in KINDS:
        yield path, schema
    for name, member in (schema.get("properties") or {}).items():
        yield from numbers(member, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from numbers(schema["items"], (*path, 0))
    for kind in schema.get("anyOf", []):
        yield from numbers(kind, path)


def placed(path: Tuple, value: Any) -> Any:
    """The value in the objects and arrays that lead to it."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return value


def merged(base: Any, more: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(more, dict)):
        return more
    return {**base, **{name: merged(base.get(name), value) for name, value in more.items()}}


def bases(operation: dict) -> List[dict]:
    found = BASES.get(operation["name"], [operation.get("example") or {}])
    # A limit counts only where all pages are asked for.
    if "all" in operation["parameters"]["properties"]:
        found = [*found, *({**base, "all": True} for base in found)]
    return found


def calls(operation: dict) -> List[str]:
    """Parameters with one extreme number each, also as an extra parameter."""
    texts = []
    for path, _ in numbers(operation["parameters"]):
        for base in bases(operation):
            for value in EXTREMES:
                number = placed(path, value)
                texts += [merged(base, number), {**base, "extra_params": number}]
    # Of an object that takes any member: a whole create.
    if operation["name"] == "session.handover":
        texts += [{"id": "@session", "create": {"duration": value}} for value in EXTREMES]
    return [json.dumps(text) for text in texts]


def groups() -> List[Tuple[str, bool, List[str]]]:
    described = AkoolLibrary(library_path()).describe()["operations"]
    found = [(entry["name"], entry.get("needs_client") is False, calls(entry)) for entry in described]
    return [group for group in found if group[2]]


@pytest.mark.parametrize("mode", MODES)
def test_every_call_is_answered_when_a_number_is_extreme(mode, tmp_path):
    path = tmp_path / "calls.json"
    path.write_text(json.dumps(groups()), encoding="utf-8")
    ended = run_child(PROGRAM.format(path=str(path), mode=mode), within_s=60)
    assert ended.status == 0, f"died in {ended.value('operation')}: {ended.errors[-500:]}"
    assert [told["wrong"] for told in ended.told if "wrong" in told] == []
    assert ended.value("destroyed")


def test_search_reaches_every_operation_that_takes_a_number():
    assert {name for name, _, _ in groups()} >= {
        "session.create", "session.handover", "message.encode", "message.decode", "webhook.verify", "resource.save",
        "resource.list", "resource.sweep", "ledger.report", "voice.tts", "knowledge.create", "avatar.list",
    }  # fmt: skip


def test_every_integer_of_a_parameter_has_a_maximum():
    described = AkoolLibrary(library_path()).describe()["operations"]
    endless = [
        (operation["name"], path)
        for operation in described
        for path, schema in numbers(operation["parameters"])
        if schema["type"] == "integer" and not {"maximum", "enum"} & schema.keys()
    ]
    assert endless == []
