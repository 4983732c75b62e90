"""`akool-simulator` as a child process, and its admin endpoints."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path
from typing import Any, List, Optional

from support.locations import simulator_path

_LISTENING = re.compile(r"listening on (https?://\S+)")
_AUTHORITY = re.compile(r"ca certificate: (\S.*)")
START_BOUND_S = 20.0


class SimulatorFailed(AssertionError):
    """The simulator did not start, or an admin endpoint refused."""


class Simulator:
    """A running simulator on a free port. `flags` go to the command line, `options` into its file."""

    def __init__(self, *flags: str, options: Optional[dict] = None, faults: Optional[list] = None, tls: bool = False):
        self._folder = tempfile.TemporaryDirectory(prefix="akool-simulator-")
        command = [str(simulator_path()), "--port", "0", "--exit-with-stdin", *flags]
        if tls:
            command.append("--tls")
        if options is not None:
            command += ["--options", self._write("options.json", options)]
        if faults is not None:
            command += ["--faults", self._write("faults.json", faults)]
        self._output: List[str] = []
        self._ready = threading.Event()
        self.url = ""
        self.ca_file: Optional[str] = None
        self._tls = tls
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._read, daemon=True).start()
        if not self._ready.wait(START_BOUND_S) or not self.url:
            self.stop()
            raise SimulatorFailed(f"no address from {' '.join(command)}:\n" + "\n".join(self._output[-20:]))

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._folder.cleanup()

    @property
    def output(self) -> List[str]:
        """What it has printed so far."""
        return list(self._output)

    def books(self) -> dict:
        return self._admin("GET", "books")

    def requests(self, since: int = 0, **matching: Any) -> List[dict]:
        """The requests received after number `since`, of which every given member has the given value."""
        data = self._admin("GET", f"requests?since={since}")
        entries = data["requests"] if isinstance(data, dict) else data
        return [entry for entry in entries if all(entry.get(key) == value for key, value in matching.items())]

    def last_request(self) -> int:
        """The number of the last request so far, for `requests(since=…)`."""
        return max((entry["n"] for entry in self.requests()), default=0)

    def advance(self, seconds: float) -> dict:
        return self._admin("POST", "clock", {"advance_s": seconds})

    def set_faults(self, *rules: dict) -> None:
        self._admin("POST", "faults", {"rules": list(rules)})

    def clear_faults(self) -> None:
        self._admin("DELETE", "faults")

    def set_options(self, **options: Any) -> None:
        self._admin("POST", "options", options)

    def webhooks(self) -> List[dict]:
        """What programs were told or are to be told."""
        return self._admin("GET", "webhooks")["webhooks"]

    def reset(self) -> None:
        self._admin("POST", "reset", {})

    def foreign_session(self, **session: Any) -> dict:
        return self._admin("POST", "session", session)

    def end_foreign(self, session: str) -> dict:
        """Somebody else ends a session, whoever opened it."""
        return self._admin("DELETE", f"session?id={session}")

    def _admin(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.url}/_simulator/{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._context())
        )
        with opener.open(request, timeout=10) as response:
            reply = json.load(response)
        if reply.get("code") != 1000:
            raise SimulatorFailed(f"{method} {path}: {reply}")
        return reply.get("data")

    def _context(self) -> Optional[ssl.SSLContext]:
        return ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None

    def _write(self, name: str, content: Any) -> str:
        path = Path(self._folder.name) / name
        path.write_text(json.dumps(content))
        return str(path)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._output.append(line.rstrip("\n"))
            self._note(line)
        self._ready.set()

    def _note(self, line: str) -> None:
        listening, authority = _LISTENING.search(line), _AUTHORITY.search(line)
        if listening:
            self.url = listening.group(1)
        if authority:
            self.ca_file = authority.group(1).strip()
        if self.url and (self.ca_file or not self._tls):
            self._ready.set()
