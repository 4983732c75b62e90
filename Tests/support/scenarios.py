"""Runs scenario files against a simulator; the format is described in `conformance/README.md`."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from support.akool_client import AkoolClient, Reply
from support.matching import mismatches

EVENT_BOUND_S = 30.0
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class ScenarioFailed(AssertionError):
    """A step did not go as the scenario says."""


@dataclass
class ScenarioRun:
    """One scenario on one front. `base_url` and `settings` say how to reach the simulator; `connect` makes a client."""

    connect: Callable[[dict], AkoolClient]
    scenario: dict
    base_url: str
    settings: Dict[str, Any]
    variables: Dict[str, Any] = field(default_factory=dict)
    clients: Dict[str, AkoolClient] = field(default_factory=dict)
    requests: Dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        try:
            # First, so that a simulator in this process is made with the scenario's options and outlives the rest.
            self.clients["admin"] = self._make({})
            for name, configuration in self.scenario.get("clients", {"main": {}}).items():
                self.clients[name] = self._make(configuration)
            for number, step in enumerate(self.scenario["steps"], 1):
                self._step(number, step)
        finally:
            for client in reversed(list(self.clients.values())):
                client.destroy()

    def _make(self, configuration: dict) -> AkoolClient:
        common = {"base_url": self.base_url, "environment": False, **self.settings}
        merged = {**common, **self.scenario.get("config", {}), **configuration}
        return self.connect({key: value for key, value in merged.items() if value is not None})

    def _step(self, number: int, step: dict) -> None:
        kinds = [kind for kind in _STEPS if kind in step]
        if len(kinds) != 1:
            raise ScenarioFailed(f"step {number} must have exactly one of {', '.join(_STEPS)}")
        unknown = set(step) - set(kinds) - _MEMBERS - {"comment"}
        if unknown:
            raise ScenarioFailed(f"step {number}: unknown members {sorted(unknown)}")
        try:
            _STEPS[kinds[0]](self, self._substituted(step))
        except ScenarioFailed as error:
            raise ScenarioFailed(f"step {number} ({kinds[0]} {step.get('call', '')}): {error}") from None

    # Steps.

    def _call(self, step: dict) -> None:
        client = self._client(step)
        self._judge(step, client.call(step["call"], step.get("params"), **step.get("options", {})))

    def _submit(self, step: dict) -> None:
        client = self._client(step)
        request = client.submit(step["submit"], step.get("params"), **step.get("options", {}))
        self.requests[step["as"]] = (client, request)
        self.variables[step["as"]] = request

    def _wait(self, step: dict) -> None:
        client, request = self.requests[step["wait"]]
        self._judge(step, client.wait(request))

    def _cancel(self, step: dict) -> None:
        client, request = self.requests[step["cancel"]]
        client.cancel(request)

    def _destroy(self, step: dict) -> None:
        result = self.clients.pop(step["destroy"]).destroy()
        self._compare(step.get("expect", {"result": "OK"}), {"result": result})

    def _advance(self, step: dict) -> None:
        self._admin("POST", "clock", {"advance_s": step["advance_s"]})

    def _faults(self, step: dict) -> None:
        self._admin("POST", "faults", {"rules": step["faults"]})

    def _options(self, step: dict) -> None:
        self._admin("POST", "options", step["simulator_options"])

    def _foreign(self, step: dict) -> None:
        self._save(step, {"data": self._admin("POST", "session", step["foreign_session"])})

    def _books(self, step: dict) -> None:
        self._eventually(step, step["books"], lambda: self._admin("GET", "books"))

    def _requests(self, step: dict) -> None:
        wanted = dict(step["requests"])
        count = wanted.pop("count")

        def matching() -> List[dict]:
            data = self._admin("GET", "requests", query={"since": 0})
            entries = data["requests"] if isinstance(data, dict) else data
            return [entry for entry in entries if not list(mismatches(wanted, entry))]

        self._eventually(step, {"$count": count}, matching)

    def _events(self, step: dict) -> None:
        """The expected events come in this order; others may come between them."""
        client, end, seen = self._client(step), time.monotonic() + EVENT_BOUND_S, []
        for expected in step["events"]:
            while True:
                event = client.next_event(max(0, int((end - time.monotonic()) * 1000)))
                if event is None:
                    raise ScenarioFailed(f"no event like {expected}; came: {seen}")
                seen.append(event)
                if not list(mismatches(expected, event)):
                    break

    # What steps share.

    def _judge(self, step: dict, reply: Reply) -> None:
        outcome = {"result": reply.result, **(reply.json or {})}
        self._compare(step.get("expect", {"result": "OK"}), outcome)
        self._save(step, outcome)

    def _save(self, step: dict, outcome: dict) -> None:
        for name, pointer in step.get("save", {}).items():
            self.variables[name] = _at(outcome, pointer)

    def _compare(self, expected: Any, actual: Any) -> None:
        found = list(mismatches(expected, actual))
        if found:
            raise ScenarioFailed("; ".join(found) + f"\n  in {actual}")

    def _eventually(self, step: dict, expected: Any, look: Callable[[], Any]) -> None:
        """At once, or within `within_ms` where the step gives time."""
        end = time.monotonic() + step.get("within_ms", 0) / 1000
        while True:
            actual = look()
            if not list(mismatches(expected, actual)) or time.monotonic() >= end:
                self._compare(expected, actual)
                return
            time.sleep(0.02)

    def _client(self, step: dict) -> AkoolClient:
        return self.clients[step.get("on", "main")]

    def _admin(self, method: str, path: str, body: Any = None, query: Optional[dict] = None) -> Any:
        parameters = {"method": method, "path": f"/_simulator/{path}"}
        if body is not None:
            parameters["body"] = body
        if query is not None:
            parameters["query"] = query
        reply = self.clients["admin"].call("request", parameters)
        if not reply.ok:
            raise ScenarioFailed(f"{method} {path}: {reply.json}")
        return reply.data

    def _substituted(self, value: Any) -> Any:
        """`${name}` in strings; a string that is nothing else becomes the saved value, of whatever type."""
        if isinstance(value, dict):
            return {key: self._substituted(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self._substituted(element) for element in value]
        if not isinstance(value, str):
            return value
        whole = _VARIABLE.fullmatch(value)
        if whole:
            return self.variables[whole.group(1)]
        return _VARIABLE.sub(lambda match: str(self.variables[match.group(1)]), value)


def _at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


_MEMBERS = {"on", "params", "options", "expect", "save", "as", "within_ms"}
_STEPS: Dict[str, Callable[[ScenarioRun, dict], None]] = {
    "call": ScenarioRun._call,
    "submit": ScenarioRun._submit,
    "wait": ScenarioRun._wait,
    "cancel": ScenarioRun._cancel,
    "destroy": ScenarioRun._destroy,
    "advance_s": ScenarioRun._advance,
    "faults": ScenarioRun._faults,
    "simulator_options": ScenarioRun._options,
    "foreign_session": ScenarioRun._foreign,
    "books": ScenarioRun._books,
    "requests": ScenarioRun._requests,
    "events": ScenarioRun._events,
}
