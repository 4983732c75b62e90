"""Runs a workload in a fresh process, with or without a failing call, and judges it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Dict, List, Optional

from injection.points import Failure, Point, read
from support.canary import CANARY_KEY
from support.locations import REPOSITORY, library_path
from support.simulator import Simulator

_HERE = Path(__file__).resolve().parent
_SLOWNESS = float(os.environ.get("AKOOL_TEST_SLOWNESS", "1"))
# A call has 3 s, destroy 1 s for sessions; each 1 s more. The rest is for machines that are busy.
CALL_BOUND_MS = (3000 + 1000) * _SLOWNESS + 4000
DESTROY_BOUND_MS = (1000 + 1000) * _SLOWNESS + 4000
RUN_BOUND_S = 45 * _SLOWNESS
SWEEP_BOUND_S = 60 * _SLOWNESS
_OPTIONS = {"official_avatars_shared": True, "busy_after_close_s": 0, "close_takes_s": 0, "credit": 1_000_000}
_FILE = random.Random(1).randbytes(600_000)


class Programs:
    """The workload and the shim, compiled."""

    def __init__(self, folder: Path):
        self._folder = folder
        include = os.environ.get("AKOOL_INCLUDE") or REPOSITORY / "include"
        library = library_path()
        flags = [f"-I{include}", library, f"-Wl,-rpath,{library.parent}", "-lpthread"]
        self.workload = self._compile("workload", "workload.c", *flags)
        self.injector = self._compile("injector.so", "injector.c", "-shared", "-fPIC", "-fno-builtin", "-ldl")

    def _compile(self, name: str, source: str, *more: object) -> Path:
        strict = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror"]
        command = [*strict, _HERE / source, *more, "-o", self._folder / name]
        subprocess.run([str(word) for word in command], check=True, timeout=120)
        return self._folder / name


@dataclass
class Outcome:
    """The result of a run."""

    failure: Optional[Failure] = None
    is_reached: bool = True
    is_left_out: bool = False
    faults: List[str] = field(default_factory=list)
    """Each begins with its kind: hang, death, late, untyped, leak, stuck, twice, astray or lost."""
    output: str = ""

    @property
    def kinds(self) -> List[str]:
        return [fault.partition(":")[0] for fault in self.faults]

    def __str__(self) -> str:
        stack = "\n      ".join(self.failure.point.stack[:16]) if self.failure else ""
        return f"{self.failure}\n    {'; '.join(self.faults)}\n      {stack}\n    {self.output[-1500:]}"


class Bench:
    """A simulator, a server of one file, and a folder for each run."""

    def __init__(self, programs: Programs):
        self._programs = programs
        self._simulator = Simulator("--api-key", CANARY_KEY, options=_OPTIONS)
        self._files = _FileServer()
        self._proxy = _FileServer()

    def close(self) -> None:
        self._simulator.stop()
        for server in (self._files, self._proxy):
            server.shutdown()
            server.server_close()

    def record(self, workload: str) -> List[Point]:
        with tempfile.TemporaryDirectory(prefix="akool-inject-") as name:
            folder = Path(name)
            outcome = self._run(workload, folder, Outcome(), {})
            assert not outcome.faults, f"{workload} without a failing call: {outcome}"
            return read(folder / "report")

    def run(self, workload: str, failure: Failure) -> Outcome:
        variables = {
            "AKOOL_INJECT_POINT": failure.point.hash,
            "AKOOL_INJECT_OCCURRENCE": str(failure.occurrence),
            "AKOOL_INJECT_ERROR": str(failure.error.number),
            **({"AKOOL_INJECT_AFTER": "1"} if failure.error.is_after else {}),
        }
        with tempfile.TemporaryDirectory(prefix="akool-inject-") as name:
            return self._run(workload, Path(name), Outcome(failure), variables)

    def run_with_clock(self, workload: str, seconds_back: int) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="akool-inject-") as name:
            return self._run(workload, Path(name), Outcome(), {"AKOOL_INJECT_CLOCK": str(seconds_back)})

    def _run(self, workload: str, folder: Path, outcome: Outcome, variables: Dict[str, str]) -> Outcome:
        self._simulator.reset()
        report = folder / "report"
        (folder / "files").mkdir()
        process = self._start(workload, folder, {"AKOOL_INJECT_REPORT": str(report), **variables})
        status, output, errors = _finish(process, RUN_BOUND_S, outcome)
        outcome.is_reached = report.exists() and (outcome.failure is None or report.stat().st_size > 0)
        outcome.output = output.decode("utf-8", "replace") + errors.decode("utf-8", "replace")
        if status and _is_from_swift(outcome.failure):
            outcome.is_left_out = True
            return outcome
        _judge(status, output, outcome)
        if self._proxy.requests:
            outcome.faults.append(f"astray: {self._proxy.requests} reached a proxy of the environment")
            self._proxy.requests = []
        if workload != "inside":
            self._judge_sessions(folder, outcome)
        return outcome

    def _judge_sessions(self, folder: Path, outcome: Outcome) -> None:
        if not self._simulator.books()["open_sessions"]:
            return
        process = self._start("sweep", folder, {})
        _, output, _ = _finish(process, SWEEP_BOUND_S, outcome)
        left = self._simulator.books()["open_sessions"]
        if left:
            outcome.faults.append(f"lost: {left} sessions are open after the sweep")
            outcome.output += "\nsweep:\n" + output.decode("utf-8", "replace")

    def _start(self, workload: str, folder: Path, variables: Dict[str, str]) -> "subprocess.Popen[bytes]":
        port = self._simulator.url.rpartition(":")[2]
        configuration = {
            "environment": False,
            "base_url": "simulator:" if workload == "inside" else f"http://simulator.test:{port}",
            "allow_insecure_http": True,
            "api_key": CANARY_KEY,
            "account": "ledger",
            "close_timeout_ms": 1000,
            "reconcile_settle_ms": 400,
            "reconcile_window_ms": 4000,
            "ledger": {"file": str(folder / "ledger.db")},
        }
        return subprocess.Popen(
            [str(self._programs.workload), workload, json.dumps(configuration), self._files.url, str(folder / "files")],
            env={
                **os.environ,
                "LD_PRELOAD": str(self._programs.injector),
                "http_proxy": self._proxy.url,
                "all_proxy": self._proxy.url,
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def _is_from_swift(failure: Optional[Failure]) -> bool:
    """Returns true if libakool's own code called malloc: its Swift runtime does, and ends the process on failure."""
    return bool(failure) and failure.point.caller == "libakool" and failure.point.function in ("malloc", "calloc")


def _finish(process: "subprocess.Popen[bytes]", bound_s: float, outcome: Outcome):
    try:
        output, errors = process.communicate(timeout=bound_s)
        return process.returncode, output, errors
    except subprocess.TimeoutExpired:
        outcome.faults.append(f"hang: not ended after {bound_s:.0f} s")
        stacks = _stacks(process.pid)
        process.kill()
        output, errors = process.communicate()
        return None, output, errors + stacks


def _stacks(process: int) -> bytes:
    """Stacks of a process, where there is a debugger."""
    try:
        command = ["gdb", "-p", str(process), "-batch", "-ex", "thread apply all bt 14"]
        return subprocess.run(command, capture_output=True, timeout=30, stdin=subprocess.DEVNULL).stdout[-6000:]
    except (OSError, subprocess.TimeoutExpired):
        return b""


def _judge(status: Optional[int], output: bytes, outcome: Outcome) -> None:
    faults = outcome.faults
    steps = [_parse(line, faults) for line in output.decode("utf-8", "replace").splitlines()]
    steps = [step for step in steps if step]
    if status is not None and status < 0:
        last = steps[-1]["step"] if steps else "start"
        faults.append(f"death: {signal.Signals(-status).name} after step {last}")
    elif status:
        faults.append(f"death: exit status {status}")
    for step in steps:
        _judge_step(step, faults)
    if status == 0 and not any(step["step"] == "end" for step in steps):
        faults.append("stuck: no client can be made after the failure")


def _parse(line: str, faults: List[str]) -> Optional[dict]:
    try:
        return json.loads(line)
    except ValueError:
        faults.append(f"untyped: {line[:200]}")
        return None


def _judge_step(step: dict, faults: List[str]) -> None:
    name, number = step["step"], step.get("number", 0)
    if name in ("descriptors_left", "threads_left") and number > 0:
        faults.append(f"leak: {name} {number}")
    elif name == "replies_wrong":
        faults.append(f"twice: callback {number} did not run once")
    elif "result" in step:
        _judge_result(name, step, faults)


def _judge_result(name: str, step: dict, faults: List[str]) -> None:
    result, reply = step["result"], step["reply"]
    if name == "client_create_again" and result != "OK":
        faults.append(f"stuck: the second client_create returned {result}")
    if name == "all_replies" and result != "OK":
        faults.append("hang: a submitted request has no reply")
    if result == "INTERNAL" or not re.fullmatch(r"[A-Z_]+", result) or result == "UNKNOWN":
        faults.append(f"untyped: {name} returned {result}")
    if reply and result != "OK" and reply.get("error", {}).get("code") != result:
        faults.append(f"untyped: {name} returned {result} with {json.dumps(reply)[:300]}")
    bound = DESTROY_BOUND_MS if name == "destroy" else CALL_BOUND_MS
    if name != "settled" and step["ms"] > bound:
        faults.append(f"late: {name} took {step['ms']} ms")


class _FileServer(ThreadingHTTPServer):
    """Serves one file, in ranges."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _FileHandler)
        self.requests: List[str] = []
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/made/video.mp4"

    def handle_error(self, *_: object) -> None:
        pass


class _FileHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _FileServer

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if not self.path.startswith("/"):
            return self.do_POST()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        first, last = (int(wanted[1]), min(int(wanted[2]), len(_FILE) - 1)) if wanted else (0, len(_FILE) - 1)
        self.send_response(206 if wanted else 200)
        self.send_header("etag", '"one"')
        self.send_header("content-type", "video/mp4")
        if wanted:
            self.send_header("content-range", f"bytes {first}-{last}/{len(_FILE)}")
        self.send_header("content-length", str(last + 1 - first))
        self.end_headers()
        self.wfile.write(_FILE[first : last + 1])

    def do_POST(self) -> None:
        self.server.requests.append(self.requestline)
        self.send_error(502)
        self.close_connection = True
