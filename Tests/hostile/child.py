"""The program that runs in the child process: the same script for every way, with its settings in a JSON file.

Prints one JSON line per fact: each call as it ends, the destroys, and what is left. What is missing has hung.
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import resource
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.akool_library import REPLY_CALLBACK, AkoolLibrary  # noqa: E402

CANCELS_AFTER_S = 0.4
# Time after a bound at which the child goes on without the call.
PATIENCE_S = 0.2
EXIT_HUNG = 70


def now() -> float:
    return time.monotonic()


def tell(**fact: Any) -> None:
    os.write(1, json.dumps(fact).encode() + b"\n")


@lru_cache(maxsize=1)
def status_file() -> int:
    """Opened before the system runs out of descriptors."""
    return os.open("/proc/self/status", os.O_RDONLY)


def status(field: str) -> int:
    """A figure in KB of this process's status."""
    for line in os.pread(status_file(), 8192, 0).decode().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def threads() -> List[str]:
    names = []
    for task in os.listdir("/proc/self/task"):
        try:
            names.append(Path(f"/proc/self/task/{task}/comm").read_text().strip())
        except OSError:
            pass  # it has ended meanwhile
    return sorted(name for name in names if name.startswith("akool"))


def descriptors() -> Dict[int, str]:
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            pass  # the descriptor of the listing itself
    return found


# Threads that all clients share. They may outlive a client, and hold nothing of it; the rule for resolvers counts them.
OF_THE_PROCESS = {"akool-watchdog", "akool-dns"}


class Child:
    def __init__(self, spec: Dict[str, Any]):
        self.spec = spec
        self.library = AkoolLibrary(Path(spec["library"]))
        self.shim = ctypes.CDLL(None)
        self.deadline_s = spec["deadline_ms"] / 1000
        self.hostile: Optional[int] = None
        self.other: Optional[int] = None
        self.callbacks: List[int] = []
        self.on_reply = REPLY_CALLBACK(lambda _client, request, *_rest: self.callbacks.append(request))
        self.fillers: List[int] = []
        self.go = threading.Event()
        # Threads that exist before the system refuses them.
        self.cancels: "queue.Queue[Tuple[float, int, List[float]]]" = queue.Queue()
        self.destroys: "queue.Queue[Optional[int]]" = queue.Queue()
        self.destroyed: "queue.Queue[int]" = queue.Queue()
        self.kinds: Dict[str, Callable[[dict], None]] = {
            "call": self.call,
            "wait": self.wait,
            "cancel": self.cancel,
            "callback": self.callback,
            "healthy": self.healthy,
        }

    # The calls. Each reports its end once.

    def options(self, call: dict, **more: Any) -> dict:
        return {"timeout_ms": self.spec["deadline_ms"], **more, **call.get("options", {})}

    def call(self, call: dict) -> None:
        begun = now()
        client = self.other if call.get("client") == "other" else self.hostile
        answer = self.library.call(client, call["operation"].encode(), call["parameters"], self.options(call))
        self.ended(call, begun, *answer)

    def wait(self, call: dict) -> None:
        begun = now()
        request = self.submit(call, begun, reply="wait")
        if request is not None:
            within_ms = int(self.deadline_s * 1000) + 900
            self.ended(call, begun, *self.library.wait(self.hostile, request, within_ms), request=request)

    def cancel(self, call: dict) -> None:
        request = self.submit(call, now(), reply="wait")
        if request is None:
            return
        cancelled: List[float] = []
        self.cancels.put((now() + CANCELS_AFTER_S, request, cancelled))
        within_ms = int(self.deadline_s * 1000) + 900
        answer = self.library.wait(self.hostile, request, within_ms)
        self.ended(call, cancelled[0] if cancelled else now(), *answer, request=request)

    def callback(self, call: dict) -> None:
        begun = now()
        request = self.submit(call, begun, on_reply=self.on_reply)
        while request is not None and request not in self.callbacks:
            time.sleep(0.01)
        if request is not None:
            tell(ended=call["name"], seconds=now() - begun, result="callback", typed=True, once=True)

    def healthy(self, call: dict) -> None:
        """Makes calls to a healthy server. They must not wait for calls that time out."""
        for _ in range(self.spec["healthy_calls"]):
            time.sleep(0.2)
            self.call({**call, "options": {"timeout_ms": self.spec["healthy_ms"]}})

    def submit(self, call: dict, begun: float, on_reply: Any = None, **options: Any) -> Optional[int]:
        answer = self.library.submit(
            self.hostile, call["operation"].encode(), call["parameters"], self.options(call, **options), on_reply
        )
        if answer[0] == 0:
            return answer[1]
        name = self.library.result_name(answer[0])
        tell(ended=call["name"], seconds=now() - begun, result=name, typed=name != "INTERNAL", once=True)
        return None

    def ended(self, call: dict, begun: float, result: int, text: Optional[str], request: Optional[int] = None) -> None:
        seconds = now() - begun
        name = self.library.result_name(result)
        once = True
        if request is not None and text is not None:
            again = self.library.result_name(self.library.wait(self.hostile, request, 0)[0])
            once = again in ("NOT_FOUND", "BAD_HANDLE", "SHUTTING_DOWN")
        tell(
            ended=call["name"],
            seconds=seconds,
            result=name,
            typed=self.is_typed(name, text),
            once=once,
            said=said(text),
        )

    @staticmethod
    def is_typed(name: str, text: Optional[str]) -> bool:
        if text is None:
            return name in ("TIMEOUT", "OUTCOME_UNKNOWN", "SHUTTING_DOWN", "BAD_HANDLE")
        reply = read(text)
        return "data" in reply if name == "OK" else reply["error"]["code"] == name != "INTERNAL"

    # The script.

    def run(self) -> None:
        spec = self.spec
        self.other = self.create(spec["other"], "other")
        self.call({"name": "warm", "client": "other", **spec["healthy"]})
        status_file()
        before = self.baseline()
        tell(start_kb=before["rss_kb"])
        workers = [self.worker(call) for call in spec["calls"]]
        for helper in (self.cancel_calls, self.destroy_clients):
            threading.Thread(target=helper, daemon=True).start()
        if spec["limits_from"] == "create":
            self.limit()
        self.hostile = self.create(spec["configuration"], "hostile")
        if self.hostile is not None:
            self.attack(workers)
        if spec["ending"] == "exit":
            tell(ending=True, peak_kb=status("VmHWM"))
            return
        if self.hostile is not None:
            if not self.destroy(self.hostile, "hostile"):
                os._exit(EXIT_HUNG)
        self.unlimit()
        self.left(before)
        if not self.destroy(self.other, "other"):
            os._exit(EXIT_HUNG)
        tell(ending=True, peak_kb=status("VmHWM"), callbacks=len(self.callbacks))

    def attack(self, workers: List[threading.Thread]) -> None:
        if self.spec["opens"]:
            self.call(self.spec["opens"])
        if self.spec["limits_from"] == "calls":
            self.limit()
        tell(attacks=True)
        self.go.set()
        until = time.monotonic() + self.deadline_s + 1 + PATIENCE_S
        for worker in workers:
            worker.join(max(0.0, until - time.monotonic()))
        tell(peak_kb=status("VmHWM"))
        if not any(worker.is_alive() for worker in workers):
            code, text = self.library.call(self.hostile, b"client.stats", {}, {"timeout_ms": 500})
            if code == 0 and text:
                tell(stats_stall_ms=json.loads(text)["data"]["longest_stall_ms"])

    def worker(self, call: dict) -> threading.Thread:
        """A thread that waits for the start: later the system may refuse threads."""

        def run() -> None:
            self.go.wait()
            self.kinds[call["kind"]](call)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def cancel_calls(self) -> None:
        while True:
            due, request, cancelled = self.cancels.get()
            time.sleep(max(0.0, due - now()))
            cancelled.append(now())
            self.library.cancel(self.hostile, request)

    def create(self, configuration: dict, name: str) -> Optional[int]:
        begun = now()
        result, handle, error = self.library.client_create(configuration)
        result_name = self.library.result_name(result)
        typed = result == 0 or (error is not None and json.loads(error)["error"]["code"] == result_name != "INTERNAL")
        tell(created=name, result=result_name, seconds=now() - begun, typed=typed, said=said(error))
        return handle

    def destroy(self, client: Optional[int], name: str) -> bool:
        bound = self.spec["close_timeout_ms"] / 1000 + 1
        begun = now()
        self.destroys.put(client)
        try:
            result = self.destroyed.get(timeout=bound + PATIENCE_S)
        except queue.Empty:
            return False
        tell(destroyed=name, seconds=now() - begun, result=self.library.result_name(result))
        return True

    def destroy_clients(self) -> None:
        while True:
            self.destroyed.put(self.library.client_destroy(self.destroys.get()))

    # Limits and figures.

    def baseline(self) -> dict:
        return {"threads": threads(), "descriptors": descriptors(), "rss_kb": status("VmRSS")}

    def left(self, before: dict) -> None:
        """Gives the kernel a moment to take threads off its list."""
        until = time.monotonic() + 0.5
        while True:
            threads_left = [name for name in threads() if name not in OF_THE_PROCESS]
            for name in before["threads"]:
                if name in threads_left:
                    threads_left.remove(name)
            known = before["descriptors"]
            open_now = descriptors()
            descriptors_left = [target for number, target in open_now.items() if known.get(number) != target]
            if not threads_left and not descriptors_left or time.monotonic() > until:
                tell(threads_left=threads_left, descriptors_left=descriptors_left)
                return
            time.sleep(0.02)

    def limit(self) -> None:
        limits = self.spec["limits"]
        if "descriptors" in limits:
            self.leave_descriptors(limits["descriptors"])
        if "memory_mb" in limits:
            size = (status("VmSize") << 10) + (limits["memory_mb"] << 20)
            resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))
        if "file_bytes" in limits:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_bytes"], resource.RLIM_INFINITY))
        if "calendar_s" in limits:
            self.shim.hostile_shift_calendar(ctypes.c_long(limits["calendar_s"]), limits.get("wild", 0))
        self.shim.hostile_refuse_threads(limits.get("refuses_threads", 0))

    def leave_descriptors(self, count: int) -> None:
        self.shim.hostile_save_descriptors()
        highest = max(descriptors())
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 16, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        try:
            while True:
                self.fillers.append(os.dup(1))
        except OSError:
            pass  # full
        for _ in range(count):
            os.close(self.fillers.pop())

    def unlimit(self) -> None:
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
            resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)
        for filler in self.fillers:
            os.close(filler)
        self.shim.hostile_refuse_threads(0)


def read(text: str) -> dict:
    """Python refuses to read integers of many digits."""
    return json.loads(text, parse_int=lambda digits: int(digits[:20]))


def said(text: Optional[str]) -> str:
    return read(text).get("error", {}).get("message", "")[:160] if text else ""


if __name__ == "__main__":
    Child(json.loads(Path(sys.argv[1]).read_text())).run()
