"""What a ledger with very many rows costs: create, close and sweep beside those of a ledger with few."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Dict, List

from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary

FEW = 1_000
# The most that many rows may cost, as a multiple of few.
MOST = 1.5
_CALLS = 60


def _configuration(file: Path) -> dict:
    return {
        "environment": False,
        "base_url": "simulator:",
        "close_timeout_ms": 5_000,
        "ledger": {"file": str(file)},
        "account": "ledger",
        "limits": {"open_sessions": 100, "seconds_per_day": 100_000_000},
        "simulator": {"official_avatars_shared": True, "busy_after_close_s": 0, "credit": 1_000_000},
    }


def _fill(file: Path, rows: int, account: str) -> None:
    """Half of them intents, half sessions, all over, spread over a year."""
    with sqlite3.connect(file) as database:
        now = int(time.time() * 1000)
        year = 365 * 86_400_000
        half = rows // 2
        moments = [(n, now - year + n * (year // half)) for n in range(half)]
        database.executemany(
            "INSERT INTO intents VALUES "
            "(?, 'gone', ?, 'avatar', 600, 'agora', NULL, NULL, NULL, ?, ?, 'settled', 590, 0)",
            ((f"i{n}", account, at, at + 60_000) for n, at in moments),
        )
        database.executemany(
            "INSERT INTO sessions VALUES "
            "(?, ?, 'gone', ?, 'avatar', NULL, ?, 600, NULL, NULL, 'ended', 'closed', ?, 10, 590)",
            ((f"s{n}", f"i{n}", account, at, at + 10_000) for n, at in moments),
        )


def _account(file: Path) -> str:
    with sqlite3.connect(file) as database:
        return database.execute("SELECT account FROM intents LIMIT 1").fetchone()[0]


class _Subject:
    """One ledger and a client of it."""

    def __init__(self, library: AkoolLibrary, file: Path, rows: int):
        with AkoolClient(library, _configuration(file)) as client:
            self._open(client)
        _fill(file, rows, _account(file))
        self.client = AkoolClient(library, _configuration(file))

    @staticmethod
    def _open(client: AkoolClient) -> str:
        reply = client.call("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60})
        assert reply.ok, reply.json
        return reply.data["_id"]

    def once(self) -> Dict[str, float]:
        times = {}
        start = time.perf_counter()
        session = self._open(self.client)
        times["create"] = time.perf_counter() - start
        start = time.perf_counter()
        assert self.client.call("session.close", {"id": session}).ok
        times["close"] = time.perf_counter() - start
        start = time.perf_counter()
        assert self.client.call("session.sweep").ok
        times["sweep"] = time.perf_counter() - start
        return times


def ratios(library: AkoolLibrary, rows: int) -> Dict[str, float]:
    """Medians of calls that take turns."""
    with tempfile.TemporaryDirectory(prefix="akool-rows-") as folder:
        few = _Subject(library, Path(folder) / "few.db", FEW)
        many = _Subject(library, Path(folder) / "many.db", rows)
        taken: List[Dict[str, Dict[str, float]]] = []
        for _ in range(_CALLS):
            taken.append({"few": few.once(), "many": many.once()})
        few.client.destroy()
        many.client.destroy()

    def median(who: str, what: str) -> float:
        return statistics.median(turn[who][what] for turn in taken)

    return {what: median("many", what) / median("few", what) for what in ("create", "close", "sweep")}
