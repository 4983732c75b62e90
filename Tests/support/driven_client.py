"""A client in another process, which a driver runs through its language's binding.

A driver reads one JSON object a line and answers each with one; `Tests/conformance/README.md` has the protocol.
"""

from __future__ import annotations

import itertools
import json
import subprocess
from typing import Any, Dict, List, Optional, Sequence

from support.akool_client import DEFAULT_TIMEOUT_MS, ClientNotCreated, Reply


class Driver:
    """A running driver. What it says on its standard error goes to ours."""

    def __init__(self, command: Sequence[str], environment: Dict[str, str]):
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        self._numbers = itertools.count(1)
        # The class of each error that came, by the name of its result.
        self.classes: Dict[str, set] = {}

    def ask(self, **asked: Any) -> dict:
        number = next(self._numbers)
        self._process.stdin.write(json.dumps({"id": number, **asked}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the driver has ended, asked for {asked}"
        answer = json.loads(line)
        assert answer["id"] == number, (asked, answer)
        if "class" in answer:
            self.classes.setdefault(answer["result"], set()).add(answer["class"])
        return answer

    def finish(self) -> int:
        """The driver's exit code, once it has ended."""
        try:
            self._process.stdin.close()
            return self._process.wait(30)
        finally:
            self._process.kill()
            self._process.stdout.close()


class DrivenClient:
    """What `AkoolClient` is, in a driver's process."""

    _names = itertools.count(1)

    def __init__(self, driver: Driver, configuration: dict):
        self._driver, self._name = driver, f"client{next(self._names)}"
        answer = driver.ask(do="create", client=self._name, config=configuration)
        if answer["result"] != "OK":
            raise ClientNotCreated(answer["result"], answer.get("reply"))

    def call(self, operation: str, parameters: Any = None, **options: Any) -> Reply:
        options.setdefault("timeout_ms", DEFAULT_TIMEOUT_MS)
        return self._reply(self._ask("call", operation=operation, params=parameters, options=options))

    def submit(self, operation: str, parameters: Any = None, **options: Any) -> int:
        options.setdefault("timeout_ms", DEFAULT_TIMEOUT_MS)
        answer = self._ask("submit", operation=operation, params=parameters, options=options)
        assert answer["result"] == "OK", answer
        return answer["request"]

    def wait(self, request: int, within_ms: int = DEFAULT_TIMEOUT_MS + 2000) -> Reply:
        return self._reply(self._ask("wait", request=request, timeout_ms=within_ms))

    def cancel(self, request: int) -> str:
        return self._ask("cancel", request=request)["result"]

    def next_event(self, timeout_ms: int = 0) -> Optional[dict]:
        return self._ask("next_event", timeout_ms=timeout_ms)["event"]

    def waiting_events(self) -> List[dict]:
        events = []
        while True:
            event = self.next_event(0)
            if event is None:
                return events
            events.append(event)

    def destroy(self, within_s: float = 10.0) -> str:
        return self._ask("destroy")["result"]

    def _ask(self, what: str, **more: Any) -> dict:
        return self._driver.ask(do=what, client=self._name, **more)

    @staticmethod
    def _reply(answer: dict) -> Reply:
        return Reply(answer["result"], answer.get("reply"))
