"""Every limit of `akool-api.md` §2 is checked before anything is sent.

Each case must be refused with INVALID_ARGUMENT that names the field, the fault and the limit, and no
request may be sent. Beside the cases stand their neighbours that are just within the limit and pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Tuple

import pytest
from support.expectations import assert_failed
from support.misbehaviours import answers
from support.raw_server import RawServer
from support.samples import (
    AGORA,
    ELEVENLABS,
    HIGHEST,
    HIGHEST_EXTRAS,
    LIVEKIT,
    LOWEST,
    LOWEST_EXTRAS,
    MINIMAX,
    TRTC,
)

UPLOAD = {"url": "https://example.com/me.mp4", "avatar_id": "mine1"}
OPEN = {"avatar_id": "dvp_Tristan_cloth2_1080P"}
FAST = {**OPEN, "scene_mode": "fast_dialogue"}
FILE = "https://example.com/me.mp3"
SPEECH = {"input_text": "Hello", "voice_id": "Xb7hH8MSUJpSbSDYk0k2"}
CHANGE = {"voice_id": "Xb7hH8MSUJpSbSDYk0k2", "source_voice_file": FILE}
CLONE = {"source_voice_file": FILE}


@dataclass(frozen=True)
class Refused:
    """A call that must not leave; every word must be in what the error says."""

    operation: str
    parameters: Any
    words: Tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operation}: {' '.join(self.words)}"


def upload(*words: str, **changes: Any) -> Refused:
    return Refused("avatar.create", _changed(UPLOAD, changes), words)


def create(*words: str, **changes: Any) -> Refused:
    return Refused("session.create", _changed(OPEN, changes), words)


def fast(*words: str, **changes: Any) -> Refused:
    return Refused("session.create", _changed(FAST, changes), words)


def voice(*words: str, **parameters: Any) -> Refused:
    return create("voice_params", *words, voice_params=parameters)


def turns(*words: str, **parameters: Any) -> Refused:
    return voice("turn_detection", *words, turn_detection=parameters)


def room(*words: str, stream_type: str, **credentials: Any) -> Refused:
    return create("credentials", *words, stream_type=stream_type, credentials=credentials)


def speech(*words: str, **changes: Any) -> Refused:
    return Refused("voice.tts", _changed(SPEECH, changes), words)


def extra(*words: str, **options: Any) -> Refused:
    return speech("extra_options", *words, extra_options=options)


def change(*words: str, **changes: Any) -> Refused:
    return Refused("voice.change", _changed(CHANGE, changes), words)


def clone(*words: str, **changes: Any) -> Refused:
    return Refused("voice.clone", _changed(CLONE, changes), words)


def other(operation: str, *words: str, **parameters: Any) -> Refused:
    return Refused(operation, parameters, words)


def _changed(base: dict, changes: dict) -> dict:
    """The base with changes; `...` takes a member out."""
    return {key: value for key, value in {**base, **changes}.items() if value is not ...}


def _without(credentials: dict, name: str) -> dict:
    return {key: value for key, value in credentials.items() if key != name}


AVATAR_CREATE = [
    upload("url", "required", url=...),
    upload("url", url=""),
    upload("url", url="example.com/me.mp4"),
    upload("url", url="ftp://example.com/me.mp4"),
    upload("url", "string", url=7),
    upload("avatar_id", "required", avatar_id=...),
    upload("avatar_id", avatar_id=""),
    *[
        upload("avatar_id", "letters", "digits", avatar_id=bad)
        for bad in ("a_b", "a-b", "a b", "ä", "a.b", "a/b", "a\n")
    ],
    upload("type", "2", type=3),
    upload("type", "1", type=0),
    upload("type", "integer", type="2"),
    upload("url_from", "2", url_from=3),
    upload("url_from", "1", url_from=0),
    upload("name", "string", name=7),
    upload("avatar_idd", "avatar_id", avatar_idd="x"),
]

SESSION_CREATE = [
    create("avatar_id", "required", avatar_id=...),
    create("avatar_id", avatar_id=""),
    create("avatar_id", "string", avatar_id=7),
    create("duration", "3600", duration=3601),
    create("duration", "3600", duration=3600.5),
    create("duration", "3600", duration=1e300),
    create("duration", "0", duration=0),
    create("duration", "0", duration=-1),
    create("duration", "number", duration="600"),
    create("duration", "number", duration=True),
    create("mode_type", "2", mode_type=3),
    create("mode_type", "1", mode_type=0),
    create("mode_type", "integer", mode_type=1.5),
    create("scene_mode", "fast_dialogue", scene_mode="slow"),
    create("e2e_type", "fast_dialogue", e2e_type="openai"),
    fast("e2e_type", "openai", e2e_type="other"),
    create("stream_type", "agora", "livekit", "trtc", stream_type="zoom"),
    create("stream_type", "livekit", stream_type="livekitt"),
    create("knowledge_id", "24", knowledge_id="xyz"),
    create("voice_id", "string", voice_id=7),
    create("language", "string", language=7),
    create("background_url", "string", background_url=7),
    create("durration", "duration", durration=60),
]

VOICE_PARAMETERS = [
    create("voice_params", "object", voice_params="fast"),
    voice("speed", "0.8", speed=0.79),
    voice("speed", "1.2", speed=1.21),
    voice("speed", "1.2", speed=12),
    voice("speed", "number", speed="1.0"),
    voice("pron_map", "object", pron_map=["a"]),
    voice("pron_map", "string", pron_map={"a": 1}),
    voice("stt_type", "openai_realtime", stt_type="whisper"),
    voice("spead", "speed", spead=1),
    voice("turn_detection", "object", turn_detection="server_vad"),
    turns("type", "server_vad", "semantic_vad", type="vad"),
    turns("threshold", "1", threshold=1.01),
    turns("threshold", "0", threshold=-0.01),
    turns("prefix_padding_ms", "0", prefix_padding_ms=-1),
    turns("prefix_padding_ms", "integer", prefix_padding_ms=1.5),
    turns("silence_duration_ms", "0", silence_duration_ms=-1),
    *[
        voice("elevenlabs_settings", name, str(limit), elevenlabs_settings={**ELEVENLABS, name: value})
        for name in ("stability", "similarity_boost", "style")
        for value, limit in ((1.01, 1), (-0.01, 0))
    ],
    voice("use_speaker_boost", "true or false", elevenlabs_settings={**ELEVENLABS, "use_speaker_boost": 1}),
    voice("minimax_settings", "voice_setting", minimax_settings={**MINIMAX, "voice_setting": "v"}),
    voice("minimax_settings", "speed", "number", minimax_settings={"voice_setting": {"speed": "1"}}),
    fast("voice_params", "speed", voice_params={"speed": 1.0}),
    fast("voice_params", "pron_map", voice_params={"pron_map": {"a": "b"}}),
    fast("voice_params", "voice_id", "marin", voice_params={"voice_id": "iP95p4xoKVk53GoZ742B"}),
]

CREDENTIALS = [
    create("credentials", "object", credentials="mine"),
    *[room(name, "required", stream_type="agora", **_without(AGORA, name)) for name in AGORA],
    *[room(name, "required", stream_type="livekit", **_without(LIVEKIT, name)) for name in LIVEKIT],
    *[room(name, "required", stream_type="trtc", **_without(TRTC, name)) for name in TRTC],
    create("credentials", "agora_uid", credentials=LIVEKIT),
    room("livekit_url", stream_type="livekit", **AGORA),
    room("agora_uid", "number", stream_type="agora", **{**AGORA, "agora_uid": "me"}),
    room("trtc_sdk_app_id", "number", stream_type="trtc", **{**TRTC, "trtc_sdk_app_id": "my-app"}),
    room("agora_chanel", "agora_channel", stream_type="agora", **{**AGORA, "agora_chanel": "x"}),
]

_SHARES = [
    (name, value, limit)
    for name in ("stability", "similarity_boost", "style")
    for value, limit in ((1.01, "1"), (-0.01, "0"), ("0.5", "number"))
]

SPEECHES = [
    speech("input_text", "required", input_text=...),
    speech("input_text", "empty", input_text=""),
    speech("input_text", "50000", input_text="a" * 50_001),
    speech("voice_id", "required", voice_id=...),
    speech("voice_id", "timber_weights", voice_id=""),
    speech("voice_id", "timber_weights", voice_id="", extra_options={"timber_weights": []}),
    speech("voice_id", "256", voice_id="v" * 257),
    speech("voice_options", "object", voice_options="fast"),
    *[speech(name, limit, voice_options={name: value}) for name, value, limit in _SHARES],
    speech("speed", "0.7", voice_options={"speed": 0.69}),
    speech("speed", "1.2", voice_options={"speed": 1.21}),
    speech("speaker_boost", "true or false", voice_options={"speaker_boost": 1}),
    speech("emotion", "happy", voice_options={"emotion": "hapy"}),
    speech("volume", "100", voice_options={"volume": 101}),
    speech("volume", "0", voice_options={"volume": -1}),
    speech("volume", "integer", voice_options={"volume": 0.5}),
    speech("sped", "speed", voice_options={"sped": 1}),
    speech("webhookUrl", "http", webhookUrl="example.com/hook"),
    speech("language_code", "2", language_code="deu"),
    speech("language_code", "2", language_code="d"),
    speech("pitch", "12", pitch=13),
    speech("pitch", "-12", pitch=-13),
    extra("previous_text", "string", previous_text=1),
    extra("next_text", "string", next_text=["a"]),
    extra("apply_text_normalization", "auto", apply_text_normalization="always"),
    extra("apply_language_text_normalization", "true or false", apply_language_text_normalization="on"),
    extra("latex_read", "true or false", latex_read=1),
    extra("text_normalization", "true or false", text_normalization="auto"),
    extra("sample_rate", "11025", "8000", "44100", audio_setting={"sample_rate": 11_025}),
    extra("sample_rate", "integer", audio_setting={"sample_rate": "24000"}),
    extra("bitrate", "48000", "32000", "256000", audio_setting={"bitrate": 48_000}),
    extra("format", "mp3", "wav", audio_setting={"format": "ogg"}),
    extra("channel", "2", audio_setting={"channel": 3}),
    extra("channel", "1", audio_setting={"channel": 0}),
    extra("timber_weights", "4", timber_weights=[{"voice_id": "v", "weight": 1}] * 5),
    extra("timber_weights[0]", "weight", "required", timber_weights=[{"voice_id": "v"}]),
    extra("timber_weights[0]", "voice_id", "required", timber_weights=[{"weight": 1}]),
    extra("timber_weights[0].weight", "100", timber_weights=[{"voice_id": "v", "weight": 101}]),
    extra("timber_weights[0].weight", "1", timber_weights=[{"voice_id": "v", "weight": 0}]),
    extra("timber_weights[0].weight", "integer", timber_weights=[{"voice_id": "v", "weight": 1.5}]),
    extra("tone", "array", pronunciation_dict={"tone": "omg/oh my god"}),
    extra("tone[0]", "string", pronunciation_dict={"tone": [1]}),
    *[
        extra(f"voice_modify.{name}", str(limit), voice_modify={name: limit + step})
        for name in ("pitch", "intensity", "timbre")
        for limit, step in ((100, 1), (-100, -1))
    ],
    extra("sound_effects", "robotic", voice_modify={"sound_effects": "echo"}),
    extra("subtitle_enable", "true or false", subtitle_enable="yes"),
    extra("pitch", "12", pitch=13),
    extra("pitch", "-12", pitch=-13),
    extra("pitch", "integer", pitch=0.5),
]

CHANGES_AND_CLONES = [
    change("voice_id", "required", voice_id=...),
    change("voice_id", "empty", voice_id=""),
    change("source_voice_file", "required", source_voice_file=...),
    change("source_voice_file", "http", source_voice_file="me.mp3"),
    *[change(name, limit, voice_options={name: value}) for name, value, limit in _SHARES],
    change("speaker_boost", "true or false", voice_options={"speaker_boost": "yes"}),
    change("file_format", "mp3", "wav", voice_options={"file_format": "ogg"}),
    change("remove_background_noise", "true or false", voice_options={"remove_background_noise": 0}),
    change("speed", "0.7", voice_options={"speed": 0.69}),
    change("speed", "1.2", voice_options={"speed": 1.21}),
    change("emotion", "unknown", voice_options={"emotion": "happy"}),
    change("voice_model_name", "Akool Multilingual 1", voice_model_name="Akool Multilingual 3"),
    change("webhookUrl", "http", webhookUrl="hook"),
    clone("source_voice_file", "required", source_voice_file=...),
    clone("text", "string", text=1),
    clone("voice_model_name", "Akool Multilingual 4", voice_model_name="Akool Multilingual 2"),
    clone("webhookUrl", "http", webhookUrl="hook"),
    *[clone(name, "array", voice_options={name: "Calm"}) for name in ("style", "gender", "age", "scenario")],
    clone("remove_background_noise", "true or false", voice_options={"remove_background_noise": "no"}),
    clone("language", "2", voice_options={"language": "english"}),
    clone("clone_prompt", "string", voice_options={"clone_prompt": 1}),
    clone("need_volume_normalization", "true or false", voice_options={"need_volume_normalization": 1}),
    other("voice.list", "type", "required"),
    other("voice.list", "support_stream", "2", type="2", support_stream=3),
    other("voice.list_v3", "from", "4", **{"from": 5}),
    other("voice.list_v3", "from", "3", **{"from": 2}),
    other("voice.delete", "_ids", "array", _ids="66a1a02d591ad336275eda62"),
    other("voice.resource_list", "type", "required"),
    other("voice.resource_list", "size", "1", type="1", size=0),
    other("voice.resource_detail", "_id", "required"),
]

LISTS_AND_IDS = [
    other("avatar.list", "size", "100", size=101),
    other("avatar.list", "size", "1", size=0),
    other("avatar.list", "page", "1", page=0),
    other("avatar.list", "page", "integer", page="1"),
    other("avatar.list", "platform", "open", "aigc", platform="web"),
    other("avatar.detail", "id"),
    other("avatar.detail", "avatar_id", id="66a1a02d591ad336275eda62", avatar_id="both"),
    other("avatar.wait", "id"),
    other("session.detail", "id", "required"),
    other("session.detail", "id", id=""),
    other("session.close", "id", "required"),
    other("session.close", "session_id", session_id="6698c9d69cf7b0d61d1b6420"),
    other("session.list", "page", "1", page=0),
    other("session.list", "size", "1", size=0),
    other("session.list", "status", "4", status=5),
    other("session.list", "status", "1", status=0),
    other("account.credit", "unknown", unknown=1),
]

REFUSED = AVATAR_CREATE + SESSION_CREATE + VOICE_PARAMETERS + CREDENTIALS + SPEECHES + CHANGES_AND_CLONES
REFUSED += LISTS_AND_IDS

# Just within the limits.
ACCEPTED = [
    ("session.create", {**OPEN, "duration": 3600}),
    ("session.create", {**OPEN, "duration": 0.001}),
    ("session.create", {**OPEN, "voice_params": {"speed": 0.8}}),
    ("session.create", {**OPEN, "voice_params": {"speed": 1.2}}),
    ("session.create", {**OPEN, "voice_params": {"turn_detection": {"threshold": 0}}}),
    ("session.create", {**OPEN, "voice_params": {"turn_detection": {"threshold": 1, "silence_duration_ms": 0}}}),
    ("session.create", {**OPEN, "voice_params": {"elevenlabs_settings": {"stability": 1, "style": 0}}}),
    ("session.create", {**OPEN, "credentials": AGORA}),
    ("session.create", {**OPEN, "stream_type": "livekit", "credentials": LIVEKIT}),
    ("session.create", {**OPEN, "stream_type": "trtc", "credentials": TRTC}),
    ("session.create", {**OPEN, "scene_mode": "meeting"}),
    ("session.create", {**FAST, "e2e_type": "openai", "voice_params": {"voice_id": "cedar"}}),
    ("session.create", {"avatar_id": "dvp_Emma-x.y"}),
    ("session.create", {**OPEN, "voice_params": {"elevenlabs_settings": {"api_key": ""}}}),
    ("session.create", {**OPEN, "voice_params": {"minimax_settings": {"api_key": ""}}}),
    ("voice.tts", {**SPEECH, "voice_options": LOWEST, "pitch": -12, "extra_options": LOWEST_EXTRAS}),
    ("voice.tts", {**SPEECH, "voice_options": HIGHEST, "pitch": 12, "extra_options": HIGHEST_EXTRAS}),
    ("voice.tts", {**SPEECH, "input_text": "a" * 50_000, "webhookUrl": "", "language_code": "zh"}),
    ("voice.tts", {**SPEECH, "voice_id": "", "extra_options": {"timber_weights": [{"voice_id": "v", "weight": 1}]}}),
    ("voice.change", {**CHANGE, "voice_options": {"speed": 0.7, "file_format": "wav"}, "webhookUrl": ""}),
    ("voice.clone", {**CLONE, "voice_options": {"language": "de"}, "webhookUrl": ""}),
    ("avatar.list", {"size": 100, "page": 1}),
    ("session.list", {"size": 5000, "page": 1, "status": 4}),
]

SESSION = {"_id": "6698c9d69cf7b0d61d1b6420", "uid": 1, "type": 1, "status": 1}
ANSWER = {"code": 1000, "msg": "OK", "data": {**SESSION, "count": 0, "result": []}}


@pytest.fixture(scope="module")
def server():
    with RawServer(default=answers(ANSWER)) as running:
        yield running


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refused_before_anything_is_sent(case, make_client, server):
    before = len(server.requests)
    reply = make_client(server.url).call(case.operation, case.parameters)
    assert_failed(reply, "INVALID_ARGUMENT", case.words[0] if len(reply.error["details"]) == 1 else "")
    faults = " ".join(f"{fault['field']} {fault['fault']}" for fault in reply.error["details"])
    missing = [word for word in case.words if word not in faults]
    assert not missing, f"{missing} not in: {faults}"
    assert reply.meta["attempts"] == 0
    assert len(server.requests) == before


@pytest.mark.parametrize("operation, parameters", ACCEPTED, ids=str)
def test_accepted_just_within(operation, parameters, make_client, server):
    before = len(server.requests)
    reply = make_client(server.url).call(operation, parameters)
    assert reply.ok, reply
    assert len(server.requests) > before


def test_all_faults_are_told_at_once(make_client, server):
    reply = make_client(server.url).call(
        "session.create", {"duration": 4000, "voice_params": {"speed": 2}, "stream_type": "zoom"}
    )
    assert_failed(reply, "INVALID_ARGUMENT")
    fields = {fault["field"] for fault in reply.error["details"]}
    assert {"avatar_id", "duration", "stream_type"} <= fields, fields
    assert any(field.endswith("speed") for field in fields), fields


@pytest.mark.parametrize(
    "parameters", [b"[]", b"7", b"null", b'"x"', b"{", b"", b"\xff", b'{"a":1e999}', b"[" * 10_000_000]
)
def test_parameters_that_are_no_object(parameters, make_client, server):
    before = len(server.requests)
    reply = make_client(server.url).call("session.list", parameters)
    assert_failed(reply, "INVALID_ARGUMENT")
    assert len(server.requests) == before


@pytest.mark.parametrize(
    "operation, nearest",
    [("session.creat", "session.create"), ("sessions.list", "session.list"), ("credit", ""), ("", "")],
)
def test_unknown_operations_name_the_nearest(operation, nearest, make_client, server):
    before = len(server.requests)
    reply = make_client(server.url).call(operation, {})
    assert_failed(reply, "INVALID_ARGUMENT", operation, nearest)
    assert len(server.requests) == before


@pytest.mark.parametrize(
    "option, value, words",
    [
        ("timeout_ms", 0, ("timeout_ms", "1")),
        ("timeout_mss", 5, ("timeout_mss", "timeout_ms")),
        ("max_attempts", 0, ("max_attempts", "1")),
        ("raw", "yes", ("raw", "true or false")),
        ("reply", "never", ("reply", "event", "wait")),
    ],
)
def test_unknown_and_wrong_options(option, value, words, library, make_client, server):
    before = len(server.requests)
    client = make_client(server.url)
    result, text = library.call(client.handle, b"session.list", {}, {option: value})
    assert library.result_name(result) == "INVALID_ARGUMENT"
    assert text is not None and all(word in text for word in words), text
    assert len(server.requests) == before


def test_validation_can_be_switched_off(make_client, server):
    """A library is updated less often than a service grows."""
    before = len(server.requests)
    client = make_client(server.url)
    assert client.call("session.create", {**OPEN, "duration": 7200, "new_field": 1}, validate="off").ok
    assert client.call("session.create", {**OPEN, "duration": 7200}, validate="warn").ok
    assert client.call("session.create", {**OPEN, "extra_params": {"new_field": [1]}}).ok
    sent = [request.json for request in server.requests[before:] if request.path.endswith("create")]
    assert [body.get("duration") for body in sent] == [7200, 7200, 600]
    assert sent[0]["new_field"] == 1 and sent[2]["new_field"] == [1]


def test_secrets_in_refused_parameters_are_not_echoed(make_client, server):
    secrets = ["canary-agora", "canary-eleven"]
    reply = make_client(server.url).call(
        "session.create",
        {
            **OPEN,
            "credentials": {"agora_uid": "canary-agora", "agora_channel": 7, "agora_token": ["canary-agora"]},
            "voice_params": {"elevenlabs_settings": {"api_key": 5, "stability": 9, "model_id": ["canary-eleven"]}},
        },
    )
    assert_failed(reply, "INVALID_ARGUMENT", secrets=secrets)
