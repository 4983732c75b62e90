"""The books, recomputed from the simulator's request log alone: which sessions were opened by whom, when they ended,
and what is left of the credit. Knows nothing of the library and does not look at the simulator's own books."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional

from support.endpoints import SESSION_CLOSE, SESSION_CREATE

# The header by which requests of the foreign client are known.
FOREIGN_HEADER = "x-foreign"


@dataclass(frozen=True)
class Tariff:
    """What the service charges, and how long it takes to end a session."""

    credit: float
    per_second: float = 0.1
    unit_s: int = 1
    close_takes_s: float = 0.0
    # A close before then is a success without effect.
    closable_after_s: float = 0.0


@dataclass
class Session:
    """One session, as requests made it."""

    id: str
    opened_at: int
    duration_s: float
    is_ours: bool
    # When a close first had effect, and whether it was one of ours.
    closed_at: Optional[int] = None
    closed_by_us: bool = False
    touched_by_us: bool = False

    def ended_at(self, tariff: Tariff) -> int:
        expiry = self.opened_at + int(self.duration_s * 1000)
        if self.closed_at is None:
            return expiry
        return min(expiry, self.closed_at + int(tariff.close_takes_s * 1000))

    def is_open(self, now: int, tariff: Tariff) -> bool:
        return now < self.ended_at(tariff)

    def ran_out(self, tariff: Tariff) -> bool:
        """Nobody closed it: all of it was paid."""
        return self.ended_at(tariff) >= self.opened_at + int(self.duration_s * 1000)

    def cost(self, tariff: Tariff) -> float:
        used_ms = self.ended_at(tariff) - self.opened_at
        unit_ms = tariff.unit_s * 1000
        used_s = min(self.duration_s, -(-used_ms // unit_ms) * tariff.unit_s)
        return used_s * tariff.per_second


@dataclass
class Books:
    """All sessions of the account."""

    tariff: Tariff
    sessions: Dict[str, Session] = field(default_factory=dict)

    @classmethod
    def of(cls, log: List[dict], tariff: Tariff) -> "Books":
        books = cls(tariff)
        # What had effect, in the order in which it had.
        effective = [entry for entry in log if entry.get("outcome") == 1000 and entry.get("handled_at") is not None]
        for entry in sorted(effective, key=lambda entry: (entry["handled_at"], entry["n"])):
            books._note(entry)
        return books

    def _note(self, entry: dict) -> None:
        is_ours = FOREIGN_HEADER not in [name.lower() for name in entry["headers"]]
        if entry["path"] == SESSION_CREATE:
            duration = float(entry["body"].get("duration", 600))
            self.sessions[entry["subject"]] = Session(entry["subject"], entry["handled_at"], duration, is_ours)
        elif entry["path"] == SESSION_CLOSE:
            session = self.sessions[entry["subject"]]
            session.touched_by_us |= is_ours
            has_begun = entry["handled_at"] >= session.opened_at + int(self.tariff.closable_after_s * 1000)
            if has_begun and session.closed_at is None and session.is_open(entry["handled_at"], self.tariff):
                session.closed_at, session.closed_by_us = entry["handled_at"], is_ours

    @property
    def ours(self) -> List[Session]:
        return [session for session in self.sessions.values() if session.is_ours]

    def open_at(self, moment: int) -> List[Session]:
        """Ours that cost money at a moment."""
        return [s for s in self.ours if s.opened_at <= moment and s.is_open(moment, self.tariff)]

    def most_open(self) -> int:
        """The most of ours that were open at any one moment."""
        moments = [(s.opened_at, 1) for s in self.ours] + [(s.ended_at(self.tariff), -1) for s in self.ours]
        most = count = 0
        for _, change in sorted(moments):
            count += change
            most = max(most, count)
        return most

    def never_closed(self) -> List[Session]:
        """Ours that ran until their paid time was over."""
        return [session for session in self.ours if session.ran_out(self.tariff)]

    def foreign_touched(self) -> List[Session]:
        return [session for session in self.sessions.values() if not session.is_ours and session.touched_by_us]

    def credit(self, now: int) -> float:
        """What is left when every refund that is due has come. Open sessions are paid in full."""
        costs = [
            s.duration_s * self.tariff.per_second if s.is_open(now, self.tariff) else s.cost(self.tariff)
            for s in self.sessions.values()
        ]
        return self.tariff.credit - sum(costs)
