"""Asks a service about every assumption of the simulator. Each answer is what the switch would have to be set to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from support.akool_client import AkoolClient, Reply

# Two sessions of this length are the most that is ever paid for.
SESSION_S = 30
BUDGET_S = 60
# How long something is waited for that may never come.
PATIENCE_S = 8
UNKNOWN_ID = "000000000000000000000000"
_CLOSE = "/api/open/v4/liveAvatar/session/close"


@dataclass
class Survey:
    """What was found out, by the name of the switch; what is missing could not be told, for the reason given."""

    client: AkoolClient
    # Another client of the same account, with a key that is none.
    stranger: AkoolClient
    # How much faster than ours the service's time runs: 1 but for an akool-simulator.
    time_scale: float = 1
    found: Dict[str, Any] = field(default_factory=dict)
    reasons: Dict[str, str] = field(default_factory=dict)
    paid_s: int = 0

    def ask(self, operation: str, parameters: Optional[dict] = None, **options: Any) -> Reply:
        return self.client.call(operation, parameters or {}, raw=True, trace=True, **options)

    def note(self, name: str, value: Any) -> None:
        self.found[name] = value

    def until(self, holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> Optional[float]:
        """After how many seconds of the service's time something held; None when it did not."""
        start = time.monotonic()
        while not holds():
            if (time.monotonic() - start) * self.time_scale > patience_s:
                return None
            time.sleep(0.2 / self.time_scale)
        return (time.monotonic() - start) * self.time_scale


def shape(data: Any, /, **names: str) -> str:
    """How a list came: as an array, or under which name."""
    if isinstance(data, list):
        return "array"
    return next((value for name, value in names.items() if isinstance((data or {}).get(name), list)), "unknown")


# What costs nothing.


def read_only(survey: Survey) -> None:
    _errors(survey)
    _avatars(survey)
    _voices(survey)
    _session_list(survey)


def _errors(survey: Survey) -> None:
    missing = survey.ask("avatar.detail", {"avatar_id": "nobody-of-this-name"})
    survey.note("unknown_avatar_code", missing.json["error"].get("akool_code"))
    survey.note("business_error_status", missing.json["meta"]["trace"][0].get("http_status"))
    raw = missing.json.get("raw") or {}
    survey.note("error_data", "absent" if "data" not in raw else "null" if raw["data"] is None else "object")
    lost = survey.ask("session.detail", {"id": UNKNOWN_ID})
    survey.note("unknown_session_code", lost.json["error"].get("akool_code"))
    refused = survey.stranger.call("account.credit", {}, trace=True)
    survey.note("auth_error_status", refused.json["meta"]["trace"][0].get("http_status"))


def _avatars(survey: Survey) -> None:
    listed = survey.ask("avatar.list")
    survey.note("success_msg", listed.json["raw"].get("msg"))
    detail = survey.ask("avatar.detail", {"avatar_id": listed.data["result"][0]["avatar_id"]})
    survey.note("avatar_detail_has_available", "available" in detail.json["raw"]["data"])
    old = survey.ask("avatar.list_v3", {"size": 2})
    survey.note("avatar_list_shape", shape(old.json["raw"]["data"], result="wrapped"))


def _voices(survey: Survey) -> None:
    voices = survey.ask("voice.list", {"type": "2", "size": 1000})
    raw = voices.json["raw"]["data"]["result"]
    if raw:
        survey.note("support_stream_as_number", not isinstance(raw[0].get("support_stream"), bool))
        survey.note("voice_update_time", "update_time" in raw[0])
    if len(raw) < voices.data.get("count", 0):
        survey.note("voice_list_size_cap", len(raw))
    else:
        survey.reasons["voice_list_size_cap"] = "the account has too few voices"
    recordings = survey.ask("voice.resource_list", {"type": "1"})
    if recordings.ok and recordings.data["result"]:
        detail = survey.ask("voice.resource_detail", {"_id": recordings.data["result"][0]["_id"]})
        survey.note("recording_shape", "wrapped" if "result" in detail.json["raw"]["data"] else "object")
    else:
        survey.reasons["recording_shape"] = "the account has no recording"


def _session_list(survey: Survey) -> None:
    listed = survey.ask("session.list", {"size": 1000})
    survey.note("session_list_shape", shape(listed.json["raw"]["data"], result="result", data="data"))
    count = listed.data.get("count", 0)
    if count > len(listed.data["result"]):
        survey.note("list_size_cap", len(listed.data["result"]))
    elif count > 100:
        survey.note("list_size_cap", 0)
    else:
        survey.reasons["list_size_cap"] = "the account has too few sessions"


# What leaves a trace and takes it away again.


def knowledge(survey: Survey) -> None:
    made = survey.ask("knowledge.create", {"name": f"libakool live-check {time.time_ns()}"})
    if not made.ok:
        survey.reasons["knowledge_list_short"] = made.json["error"]["message"]
        return
    try:
        listed = survey.ask("knowledge.list", {"size": 1}).json["raw"]["data"]
        survey.note("knowledge_list_shape", shape(listed, knowledge_list="wrapped"))
        first = (listed if isinstance(listed, list) else listed.get("knowledge_list") or [{}])[0]
        survey.note("knowledge_list_short", "prologue" not in first)
    finally:
        survey.ask("knowledge.delete", {"id": made.data["_id"]})


# What costs.


class Sessions:
    """At most two creates, one after the other, of which the second may be refused."""

    def __init__(self, survey: Survey):
        self.survey = survey
        avatars = [avatar for avatar in survey.ask("avatar.list").data["result"] if avatar.get("from") == 2]
        self.avatar = next((a["avatar_id"] for a in avatars if a.get("available", True)), avatars[0]["avatar_id"])

    def run(self) -> None:
        started = time.monotonic()
        first = self._open("agora")
        if first is None:
            for name in ("stream_type_answered", "credentials_name", "credit_per_second", "close_reply"):
                self.survey.reasons[name] = f"no session could be opened: {self.refusal['message']}"
            return
        paid = self._credit()
        session, opened = first.data["_id"], time.monotonic()
        self._look_at_reply(first)
        self._look_at_open(session, started)
        second = self._try_second()
        used = (time.monotonic() - opened) * self.survey.time_scale
        self._end(session)
        if second:
            self._end_quietly(second)
        self._look_at_ended(session)
        self._look_at_refund(paid, used, second is not None)
        self._try_meeting()

    def _open(self, stream_type: str, **more: Any) -> Optional[Reply]:
        assert self.survey.paid_s + SESSION_S <= BUDGET_S, "this would cost more than was promised"
        self._before = self._credit()
        reply = self.survey.ask(
            "session.create", {"avatar_id": self.avatar, "duration": SESSION_S, "stream_type": stream_type, **more}
        )
        if reply.ok:
            self.survey.paid_s += SESSION_S
            return reply
        self.refusal = reply.json["error"]
        return None

    def _credit(self) -> float:
        return self.survey.ask("account.credit").data["credit"]

    def _look_at_reply(self, reply: Reply) -> None:
        raw = reply.json["raw"]["data"]
        self.survey.note("stream_type_answered", "stream_type" in raw)
        self.survey.note("credentials_name", "credentials" if "credentials" in raw else "stream_urls")
        self.rate = (self._before - self._credit()) / SESSION_S
        self.survey.note("credit_per_second", round(self.rate, 4))

    def _look_at_open(self, session: str, started: float) -> None:
        lag = self.survey.until(lambda: any(s["_id"] == session for s in self._listed()))
        self.survey.note("list_lag_s", None if lag is None else lag)
        detail = self._detail(session)
        room = detail.get("credentials") or detail.get("stream_urls") or {}
        self.survey.note("detail_shows_join_token", "agora_token" in room)
        joined = self.survey.until(lambda: self._detail(session)["status"] == 2)
        self.survey.note("status_stays_queueing", joined is None)
        if joined is None:
            self.survey.reasons["join_s"] = f"the session had status 1 for {PATIENCE_S} s"
        else:
            self.survey.note("join_s", (time.monotonic() - started) * self.survey.time_scale)
        self._look_at_order()
        avatars = self.survey.ask("avatar.list").json["raw"]["data"]["result"]
        mine = next((avatar for avatar in avatars if avatar["avatar_id"] == self.avatar), {})
        if "available" in mine:
            self.survey.note("available_tells_occupancy", mine["available"] is False)

    def _look_at_order(self) -> None:
        times = [session["_id"][:8] for session in self._listed()]
        if len(set(times)) > 1:
            newest_first = times == sorted(times, reverse=True)
            oldest_first = times == sorted(times)
            if newest_first or oldest_first:
                self.survey.note("session_list_order", "newest_first" if newest_first else "oldest_first")
        else:
            self.survey.reasons["session_list_order"] = "the account has had too few sessions"

    def _try_second(self) -> Optional[str]:
        """The same avatar again, in a room of another kind."""
        reply = self._open("trtc")
        self.survey.note("official_avatars_shared", reply is not None)
        if reply is None:
            self.survey.note("busy_code", self.refusal.get("akool_code"))
            self.survey.reasons["trtc_names"] = "the avatar takes one session at a time"
            return None
        raw = reply.json["raw"]["data"]
        room = raw.get("credentials") or raw.get("stream_urls") or {}
        self.survey.note("trtc_names", "trtc" if "trtc_app_id" in room else "trtc_sdk")
        self.survey.reasons["busy_code"] = "the avatar takes several sessions at a time"
        return reply.data["_id"]

    def _end(self, session: str) -> None:
        by_other_name = self._close({"session_id": session})
        accepted = by_other_name.ok and self.survey.until(lambda: self._is_over(session), 4) is not None
        self.survey.note("close_accepts_session_id", accepted)
        closed = by_other_name if accepted else self._close({"id": session})
        raw = closed.json.get("raw") or {}
        self.survey.note("close_reply", "bare" if "data" not in raw else "null" if raw["data"] is None else "data")
        taken = self.survey.until(lambda: self._is_over(session), 15)
        if taken is not None:
            self.survey.note("close_takes_s", taken)
        self._end_quietly(session)

    def _end_quietly(self, session: str) -> None:
        self.survey.client.call("session.close", {"id": session})

    def _close(self, body: dict) -> Reply:
        return self.survey.ask("request", {"method": "POST", "path": _CLOSE, "body": body}, validate="off")

    def _look_at_ended(self, session: str) -> None:
        again = self._close({"id": session})
        self.survey.note("close_ended_code", 1000 if again.ok else again.json["error"].get("akool_code"))
        detail = self._detail(session)
        self.survey.note(
            "ended_sessions_show_credentials", bool(detail.get("credentials") or detail.get("stream_urls"))
        )

    def _look_at_refund(self, paid: float, used_s: float, had_second: bool) -> None:
        """`paid` is the credit that was left when the first session had been paid for."""
        if had_second:
            for name in ("billing_unit_s", "refund_delay_s"):
                self.survey.reasons[name] = "two sessions were open, whose refunds cannot be told apart"
            return
        low = self._credit()
        delay = 0.0 if low > paid else self.survey.until(lambda: self._credit() > paid, 30)
        if delay is None:
            self.survey.note("billing_unit_s", SESSION_S)
            self.survey.reasons["refund_delay_s"] = f"nothing was refunded for {30} s"
            return
        self.survey.note("refund_delay_s", delay)
        charged_s = SESSION_S - (self._credit() - paid) / self.rate
        self.survey.note("billing_unit_s", 1 if charged_s < used_s + 4 else round(charged_s))

    def _try_meeting(self) -> None:
        """With what is left of the budget."""
        if self.survey.paid_s + SESSION_S > BUDGET_S:
            self.survey.reasons["scene_mode_meeting_accepted"] = "the budget was used up before"
            return
        reply = self._open("agora", scene_mode="meeting")
        if reply:
            self.survey.note("scene_mode_meeting_accepted", True)
            self._end_quietly(reply.data["_id"])
        elif self.refusal.get("akool_code") == 1003:
            self.survey.note("scene_mode_meeting_accepted", False)
        else:
            self.survey.reasons["scene_mode_meeting_accepted"] = self.refusal["message"]

    def _detail(self, session: str) -> dict:
        return self.survey.ask("session.detail", {"id": session}).json["raw"]["data"]

    def _is_over(self, session: str) -> bool:
        reply = self.survey.ask("session.detail", {"id": session})
        return not reply.ok or reply.data["status"] in (3, 4)

    def _listed(self) -> List[dict]:
        return self.survey.ask("session.list", {"size": 100}).data["result"]


# Client id and secret.


def tokens(survey: Survey, client_id: str, secret: str) -> None:
    def mint(client_secret: str) -> Reply:
        body = {"clientId": client_id, "clientSecret": client_secret}
        return survey.ask("request", {"method": "POST", "path": "/api/open/v3/getToken", "body": body})

    raw = mint(secret).json.get("raw") or {}
    top, inner = "token" in raw, isinstance(raw.get("data"), dict) and "token" in raw["data"]
    if top or inner:
        survey.note("token_place", "both" if top and inner else "top" if top else "data")
    wrong = mint(secret[:-1] + ("a" if secret[-1] != "a" else "b"))
    survey.note("wrong_secret_code", (wrong.json.get("error") or {}).get("akool_code"))
