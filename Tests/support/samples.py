"""Valid parameters for every operation, several where an operation has several forms.

An operation that is in the catalogue and not here fails the contract tests: whoever adds one adds its samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List

from support.world import World

AGORA = {"agora_uid": 4242, "agora_channel": "my-channel", "agora_token": "my-agora-token"}
LIVEKIT = {"livekit_url": "wss://rooms.example", "livekit_token": "my.livekit.token"}
TRTC = {"trtc_sdk_app_id": 1400001, "trtc_sdk_room_id": "r", "trtc_sdk_user_id": "u", "trtc_sdk_user_sig": "my-sig"}
TURNS = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500}
ELEVENLABS = {
    "api_key": "my-elevenlabs-key",
    "model_id": "eleven_flash_v2_5",
    "stability": 0.0,
    "similarity_boost": 1,
    "style": 0.5,
    "use_speaker_boost": True,
}
MINIMAX = {
    "api_key": "my-minimax-key",
    "model": "speech-2.8-turbo",
    "language_boost": "auto",
    "voice_setting": {"voice_id": "v", "speed": 1, "vol": 1.5, "pitch": -2, "emotion": "angry"},
}
SPOKEN = {"speed": 1.2, "pron_map": {"akool": "ai ku er"}, "stt_language": "en", "stt_type": "openai_realtime"}
KNOWLEDGE = {
    "prologue": "Hello, how can I help you?",
    "prompt": "You are a helpful assistant.",
    "docs": [{"name": "manual.pdf", "url": "https://example.com/manual.pdf", "size": 1_024_000}],
    "urls": ["https://example.com/help"],
}

MANNER = {"stability": 0.6, "similarity_boost": 0.8, "style": 0.5, "speaker_boost": True}
MANNER_SHARES = ("stability", "similarity_boost", "style")
EMOTIONS = ("happy", "sad", "angry", "fearful", "disgusted", "surprised", "neutral")
RATES = (8_000, 16_000, 22_050, 24_000, 32_000, 44_100)
BITRATES = (32_000, 64_000, 128_000, 256_000)
EFFECTS = ("spacious_echo", "auditorium_echo", "lofi_telephone", "robotic")
MODES = ("auto", "on", "off")
EXTRAS = {
    "previous_text": "Good morning.",
    "next_text": "Goodbye.",
    "apply_text_normalization": "auto",
    "apply_language_text_normalization": True,
    "latex_read": True,
    "text_normalization": True,
    "audio_setting": {"sample_rate": 24_000, "bitrate": 64_000, "format": "mp3", "channel": 2},
    "timber_weights": [
        {"voice_id": "Xb7hH8MSUJpSbSDYk0k2", "weight": 80},
        {"voice_id": "iP95p4xoKVk53GoZ742B", "weight": 20},
    ],
    "pronunciation_dict": {"tone": ["燕少飞/(yan4)(shao3)(fei1)", "omg/oh my god"]},
    "voice_modify": {"pitch": 50, "intensity": 30, "timbre": -50, "sound_effects": "robotic"},
    "subtitle_enable": True,
    "pitch": -5,
}


def _all_of(names: Iterable[str], value: Any) -> Dict[str, Any]:
    return {name: value for name in names}


LOWEST = {**_all_of(MANNER_SHARES, 0), "speaker_boost": False, "speed": 0.7, "volume": 0}
HIGHEST = {**_all_of(MANNER_SHARES, 1), "speaker_boost": True, "speed": 1.2, "volume": 100}
LOWEST_EXTRAS = {
    "audio_setting": {"format": "wav", "channel": 1},
    "timber_weights": [{"voice_id": "v", "weight": 1}],
    "voice_modify": _all_of(("pitch", "intensity", "timbre"), -100),
    "pitch": -12,
}
HIGHEST_EXTRAS = {
    "audio_setting": {"format": "mp3", "channel": 2},
    "timber_weights": [{"voice_id": "v", "weight": 100}] * 4,
    "voice_modify": _all_of(("pitch", "intensity", "timbre"), 100),
    "pitch": 12,
}


@dataclass(frozen=True)
class Sample:
    """One valid call. `parameters` may first bring about what the call needs."""

    label: str
    parameters: Callable[[World], Any]


def _session(label: str, **more: Any) -> Sample:
    return Sample(label, lambda world: {"avatar_id": world.free_avatar(), **more})


def _fixed(label: str, **parameters: Any) -> Sample:
    return Sample(label, lambda _world: parameters)


def _spoken(label: str, **more: Any) -> Sample:
    return Sample(label, lambda world: {"input_text": "Hello", "voice_id": world.official_voice()["voice_id"], **more})


def _changed(label: str, **more: Any) -> Sample:
    file = "https://example.com/me.mp3"
    return Sample(
        label, lambda world: {"voice_id": world.official_voice()["voice_id"], "source_voice_file": file, **more}
    )


SAMPLES: Dict[str, List[Sample]] = {
    "avatar.create": [
        Sample("url and id only", lambda world: {"url": "https://example.com/me.mp4", "avatar_id": world.new_name()}),
        Sample(
            "everything",
            lambda world: {
                "url": "https://example.com/me.mp4",
                "avatar_id": world.new_name(),
                "name": "My Avatar é😀",
                "type": 2,
                "url_from": 1,
            },
        ),
        Sample(
            "a page that has the video",
            lambda world: {"url": "https://www.youtube.com/watch?v=x", "avatar_id": world.new_name()},
        ),
        Sample(
            "a talking avatar",
            lambda world: {"url": "https://example.com/me.mp4", "avatar_id": world.new_name(), "type": 1},
        ),
    ],
    "avatar.detail": [
        Sample("the record by id", lambda world: {"id": world.uploaded_avatar()["_id"]}),
        Sample("the official avatar by avatar_id", lambda world: {"avatar_id": world.free_avatar()}),
    ],
    "avatar.list": [
        _fixed("without parameters"),
        _fixed("open platform", platform="open", page=1, size=100),
        _fixed("other platform", platform="aigc"),
        _fixed("a small page", page=2, size=1),
        _fixed("a page past the end", page=9999, size=100),
    ],
    "session.create": [
        _session("avatar only"),
        _session("a duration", duration=60),
        _session("the longest", duration=3600),
        _session("a fraction", duration=0.5),
        _session("agora", duration=60, stream_type="agora"),
        _session("livekit", duration=60, stream_type="livekit"),
        _session("trtc", duration=60, stream_type="trtc"),
        _session("own agora", duration=60, credentials=AGORA),
        _session("own agora, all", duration=60, stream_type="agora", credentials={**AGORA, "agora_app_id": "my-app"}),
        _session("own livekit", duration=60, stream_type="livekit", credentials=LIVEKIT),
        _session(
            "own livekit, all",
            duration=60,
            stream_type="livekit",
            credentials={
                **LIVEKIT,
                "livekit_room_name": "room",
                "livekit_server_identity": "server",
                "livekit_client_identity": "client",
            },
        ),
        _session("own trtc", duration=60, stream_type="trtc", credentials=TRTC),
        _session("numbers as text", duration=60, credentials={**AGORA, "agora_uid": "4242"}),
        _session("a normal voice", duration=60, voice_params={**SPOKEN, "turn_detection": TURNS}),
        _session(
            "third-party voices without keys",
            duration=60,
            voice_params={
                "elevenlabs_settings": {**ELEVENLABS, "api_key": ""},
                "minimax_settings": {**MINIMAX, "api_key": ""},
            },
        ),
        _session("the slowest voice", duration=60, voice_params={"speed": 0.8}),
        _session("semantic turns", duration=60, voice_params={"turn_detection": {"type": "semantic_vad"}}),
        _session(
            "a third-party voice",
            duration=60,
            voice_id="my-voice",
            voice_params={"elevenlabs_settings": ELEVENLABS, "minimax_settings": MINIMAX},
        ),
        _session(
            "fast dialogue",
            duration=60,
            scene_mode="fast_dialogue",
            e2e_type="openai",
            voice_params={"voice_id": "marin", "stt_language": "en", "turn_detection": TURNS},
        ),
        _session(
            "fast dialogue with a third-party voice",
            duration=60,
            scene_mode="fast_dialogue",
            voice_params={"elevenlabs_settings": ELEVENLABS, "minimax_settings": MINIMAX},
        ),
        _session(
            "everything else",
            duration=60,
            knowledge_id="64f8a1b2c3d4e5f6a7b8c9d0",
            voice_id="iP95p4xoKVk53GoZ742B",
            voice_url="https://example.com/voice.bin",
            language="zh-CN-shandong",
            mode_type=1,
            background_url="https://example.com/background.jpg",
        ),
    ],
    "session.detail": [
        Sample("an open one", lambda world: {"id": world.open_session()["_id"]}),
        Sample("a closed one", lambda world: {"id": world.closed_session()["_id"]}),
    ],
    "session.close": [
        Sample("an open one", lambda world: {"id": world.open_session()["_id"]}),
        Sample("a closed one", lambda world: {"id": world.closed_session()["_id"]}),
    ],
    "session.list": [
        _fixed("without parameters"),
        *[_fixed(f"status {status}", page=1, size=10, status=status) for status in (1, 2, 3, 4)],
        _fixed("a page past the end", page=9999, size=1),
    ],
    "account.credit": [_fixed("without parameters")],
    "avatar.list_v3": [
        _fixed("streaming ones", type=2, page=1, size=2),
        _fixed("without parameters"),
        Sample("uploaded ones", lambda world: {"from": 3, "type": world.uploaded_avatar() and 2}),
        _fixed("everything", all=True, size=3),
    ],
    "knowledge.create": [
        Sample("everything", lambda world: {"name": world.new_name(), **KNOWLEDGE}),
        _fixed("nothing"),
        Sample("an empty prologue", lambda world: {"name": world.new_name(), "prologue": ""}),
        Sample(
            "the longest",
            lambda world: {
                "name": (world.new_name() + "é😀" * 100)[:100],
                "prologue": "你" * 2000,
                "prompt": "é" * 10_000,
                "docs": [{"name": f"{n}.pdf", "url": "https://example.com/f", "size": 104_857_600} for n in range(5)],
            },
        ),
    ],
    "knowledge.detail": [Sample("one", lambda world: {"id": world.knowledge_base()})],
    "knowledge.list": [
        _fixed("without parameters"),
        _fixed("AKOOL's own", **{"from": 1, "page": 1, "size": 100}),
        _fixed("a name", name="SIMULATED"),
        _fixed("a page past the end", page=9999, size=10),
        _fixed("everything", all=True, limit=5),
    ],
    "knowledge.update": [
        Sample("everything", lambda world: {"id": world.knowledge_base(), "name": world.new_name(), **KNOWLEDGE}),
        Sample("one part", lambda world: {"id": world.knowledge_base(), "prologue": ""}),
    ],
    "knowledge.delete": [Sample("one", lambda world: {"id": world.knowledge_base()})],
    "voice.list": [
        _fixed("one of AKOOL's", type="2", size=1),
        _fixed("AKOOL's", type="2"),
        _fixed("cloned ones, with a number", type=1, page=1, size=100),
        _fixed("every filter", type="2", style="Calm,Warm", gender="Female", age="Middle", scenario="News", name="a"),
        _fixed("streaming ones", type="2", support_stream=1),
        _fixed("silent ones", type="2", support_stream=2),
        _fixed("everything", type="2", all=True, size=2),
    ],
    "voice.list_v3": [_fixed("without parameters"), _fixed("AKOOL's", **{"from": 3}), _fixed("cloned", **{"from": 4})],
    "voice.detail": [
        Sample("AKOOL's", lambda world: {"_id": world.official_voice()["_id"]}),
        Sample("a clone that is not ready", lambda world: {"_id": world.cloned_voice()}),
    ],
    "voice.delete": [
        Sample("a clone", lambda world: {"_ids": [world.cloned_voice()]}),
        Sample("a clone and one of others", lambda world: {"_ids": [world.cloned_voice(), "6698c9d69cf7b0d61d1b7001"]}),
    ],
    "voice.clone": [
        _fixed("recording only", source_voice_file="https://example.com/me.mp3"),
        _fixed("no webhook", source_voice_file="https://example.com/me.mp3", webhookUrl=""),
        _fixed(
            "everything",
            source_voice_file="https://example.com/me.mp3",
            name="Mine",
            text="A text for the preview.",
            voice_model_name="Akool Multilingual 1",
            webhookUrl="https://example.com/hook",
            voice_options={
                "style": ["Calm"],
                "gender": ["Male"],
                "age": ["Young"],
                "scenario": ["News"],
                "remove_background_noise": True,
                "language": "de",
                "clone_prompt": "calm",
                "need_volume_normalization": False,
            },
        ),
    ],
    "voice.tts": [
        _spoken("a text", input_text="Hello 😀"),
        _spoken("no webhook", webhookUrl=""),
        _spoken(
            "everything",
            voice_options={**MANNER, "speed": 1.0, "emotion": "happy", "volume": 80},
            webhookUrl="https://example.com/hook",
            language_code="zh",
            pitch=-5,
            extra_options=EXTRAS,
        ),
        _spoken("the lowest", voice_options=LOWEST, pitch=-12, extra_options=LOWEST_EXTRAS),
        _spoken("the highest", voice_options=HIGHEST, pitch=12, extra_options=HIGHEST_EXTRAS),
        *[_spoken(f"emotion {emotion}", voice_options={"emotion": emotion}) for emotion in EMOTIONS],
        *[_spoken(f"sample rate {rate}", extra_options={"audio_setting": {"sample_rate": rate}}) for rate in RATES],
        *[_spoken(f"bitrate {rate}", extra_options={"audio_setting": {"bitrate": rate}}) for rate in BITRATES],
        *[_spoken(f"effect {effect}", extra_options={"voice_modify": {"sound_effects": effect}}) for effect in EFFECTS],
        *[_spoken(f"normalization {mode}", extra_options={"apply_text_normalization": mode}) for mode in MODES],
    ],
    "voice.change": [
        _changed("a recording"),
        _changed("no webhook", webhookUrl=""),
        _changed(
            "everything",
            voice_options={**MANNER, "file_format": "mp3", "remove_background_noise": True, "speed": 1},
            voice_model_name="Akool Multilingual 1",
            webhookUrl="https://example.com/hook",
        ),
        _changed("the lowest", voice_options={**_all_of(MANNER_SHARES, 0), "speed": 0.7, "file_format": "wav"}),
        _changed("the highest", voice_options={**_all_of(MANNER_SHARES, 1), "speed": 1.2}),
    ],
    "voice.resource_list": [_fixed("spoken", type="1"), _fixed("changed", type=2, page=1, size=100)],
    "voice.resource_detail": [Sample("one", lambda world: {"_id": world.recording()})],
    "language.list": [_fixed("without parameters")],
}

# Calls the service refuses; both the request and the answer still have to keep to the contract.
REFUSED: Dict[str, List[Sample]] = {
    "avatar.create": [
        Sample("a taken name", lambda world: {"url": "https://example.com/x.mp4", "avatar_id": world.taken_name()})
    ],
    "avatar.detail": [
        _fixed("an unknown record", id="66a1a02d591ad336275eda62"),
        _fixed("an unknown avatar", avatar_id="nobody"),
    ],
    "session.create": [
        _fixed("an unknown avatar", avatar_id="nobody", duration=60),
        Sample("a busy avatar", lambda world: {"avatar_id": world.busy_avatar(), "duration": 60}),
    ],
    "session.detail": [_fixed("an unknown session", id="6698c9d69cf7b0d61d1b6420")],
    "knowledge.create": [
        Sample("a taken name", lambda world: {"name": world.knowledge_name()}),
    ],
    "knowledge.detail": [_fixed("an unknown one", id="64f8a1b2c3d4e5f6a7b8c999")],
    "knowledge.update": [_fixed("AKOOL's own", id="64f8a1b2c3d4e5f6a7b8c900", name="mine")],
    "knowledge.delete": [_fixed("an unknown one", id="64f8a1b2c3d4e5f6a7b8c999")],
    "voice.detail": [_fixed("an unknown one", _id="6698c9d69cf7b0d61d1b7999")],
    "voice.tts": [_fixed("an unknown voice", input_text="Hello", voice_id="nobody")],
    "voice.change": [
        _fixed("an unknown voice", voice_id="nobody", source_voice_file="https://example.com/me.mp3"),
        _fixed(
            "a voice of another model", voice_id="iP95p4xoKVk53GoZ742B", source_voice_file="https://example.com/me.mp3"
        ),
    ],
    "voice.resource_detail": [_fixed("an unknown one", _id="6698c9d69cf7b0d61d1b7999")],
}
