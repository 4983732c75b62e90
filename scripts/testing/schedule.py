"""Runs jobs side by side on a machine with few cores, in the order of their dependencies, the longest path first."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple


@dataclass(frozen=True)
class Job:
    """One command. `load` is the number of cores that it keeps busy; an exclusive job runs alone."""

    name: str
    command: Tuple[str, ...]
    needs: Tuple[str, ...] = ()
    load: float = 1.0
    is_exclusive: bool = False
    expected_s: float = 60.0
    limit_s: float = 600.0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """The end of a job. Times are seconds since the schedule began."""

    job: Job
    started: float
    ended: float
    cpu_s: float = 0.0
    status: int = 0
    is_overtime: bool = False
    trouble: str = ""
    """Reason why the job was not run to its end; empty when it was."""
    released_by: Optional[str] = None
    """The job whose end let this one start."""

    @property
    def seconds(self) -> float:
        return self.ended - self.started

    @property
    def has_ended_well(self) -> bool:
        return self.status == 0 and not self.trouble


class Schedule:
    """Confined to the thread that calls `run`; each running job has a thread that waits for it."""

    def __init__(
        self, jobs: Sequence[Job], root: Path, logs: Path, cores: int, on_end: Callable[[Outcome], None]
    ) -> None:
        self._jobs = {job.name: job for job in jobs}
        if len(self._jobs) < len(jobs):
            raise ValueError("two jobs have the same name")
        self._root, self._logs, self._cores, self._on_end = root, logs, cores, on_end
        self._waiting = sorted(jobs, key=lambda job: -self._longest_path(job.name))
        self._running: Dict[str, Job] = {}
        self._processes: Dict[str, subprocess.Popen] = {}
        self._ended: "queue.Queue[Outcome]" = queue.Queue()
        self._outcomes: Dict[str, Outcome] = {}
        self._began = time.monotonic()

    def run(self) -> List[Outcome]:
        """Runs all jobs and returns their outcomes in the order of their ends."""
        released_by: Optional[str] = None
        try:
            while self._waiting or self._running:
                self._start_what_fits(released_by)
                outcome = self._ended.get()
                self._running.pop(outcome.job.name, None)
                self._outcomes[outcome.job.name] = outcome
                self._on_end(outcome)
                released_by = outcome.job.name
        finally:
            for process in self._processes.values():
                kill_group(process)
        return list(self._outcomes.values())

    def _longest_path(self, name: str) -> float:
        job = self._jobs[name]
        after = [other.name for other in self._jobs.values() if name in other.needs]
        return job.expected_s + max((self._longest_path(other) for other in after), default=0.0)

    def _start_what_fits(self, released_by: Optional[str]) -> None:
        for job in list(self._waiting):
            failed = [name for name in job.needs if name in self._outcomes and not self._outcomes[name].has_ended_well]
            if failed:
                self._waiting.remove(job)
                now = self._now()
                self._running[job.name] = job
                self._ended.put(Outcome(job, now, now, status=1, trouble=f"{failed[0]} failed"))
            elif all(name in self._outcomes for name in job.needs) and self._fits(job):
                self._waiting.remove(job)
                self._running[job.name] = job
                threading.Thread(target=self._execute, args=(job, released_by), daemon=True).start()

    def _fits(self, job: Job) -> bool:
        if not self._running:
            return not job.is_exclusive or all(other.is_exclusive for other in self._ready())
        if job.is_exclusive or any(other.is_exclusive for other in self._running.values()):
            return False
        return sum(other.load for other in self._running.values()) + job.load <= self._cores + 0.01

    def _ready(self) -> List[Job]:
        return [job for job in self._waiting if all(name in self._outcomes for name in job.needs)]

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _execute(self, job: Job, released_by: Optional[str]) -> None:
        outcome = Outcome(job, self._now(), 0.0, released_by=released_by)
        try:
            with (self._logs / f"{job.name}.log").open("wb") as log:
                process = start(job, self._root, log)
                self._processes[job.name] = process
                overtime: Set[bool] = set()
                timer = threading.Timer(job.limit_s, lambda: (overtime.add(True), kill_group(process)))
                timer.start()
                _, status, usage = os.wait4(process.pid, 0)
                timer.cancel()
                process.returncode = outcome.status = os.waitstatus_to_exitcode(status)
                outcome.cpu_s = usage.ru_utime + usage.ru_stime
                outcome.is_overtime = bool(overtime)
                kill_group(process)
        except OSError as error:
            outcome.status, outcome.trouble = 1, f"cannot be started: {error}"
        if outcome.is_overtime:
            outcome.trouble = f"stopped after {job.limit_s:g} s"
        elif outcome.status < 0:
            outcome.trouble = f"crashed: {signal.Signals(-outcome.status).name}"
        outcome.ended = self._now()
        self._ended.put(outcome)


def start(job: Job, root: Path, log) -> subprocess.Popen:
    """Starts a job as a process group of its own, so that nothing that it starts outlives it."""
    # A make above this one would hand its job server to every make below.
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.Popen(
        job.command,
        cwd=root,
        env={**inherited, **job.environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kill_group(process: subprocess.Popen) -> None:
    """Kills what is left of a job."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # The group has ended already.


def critical_path(outcomes: Sequence[Outcome]) -> List[Outcome]:
    """Returns the chain of jobs, each released by the one before, that ended last."""
    by_name = {outcome.job.name: outcome for outcome in outcomes}
    path: List[Outcome] = []
    last = max(outcomes, key=lambda outcome: outcome.ended, default=None)
    while last is not None:
        path.insert(0, last)
        last = by_name.get(last.released_by or "")
    return path
