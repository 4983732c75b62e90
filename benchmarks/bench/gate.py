"""Recorded ratios of instructions, and their comparison with measured ones."""

import json
import re
from dataclasses import dataclass

LIMIT = 0.03


@dataclass
class Change:
    """Difference of a ratio from the recorded one that is beyond the limit."""

    row: str
    measured: float
    recorded: float

    @property
    def share(self):
        return self.measured / self.recorded - 1

    @property
    def is_growth(self):
        return self.share > 0

    def __str__(self):
        verb = "grew" if self.is_growth else "shrank"
        return f"{self.row} {verb} by {abs(self.share):.1%}: recorded {self.recorded:.3f}, measured {self.measured:.3f}"


def changes(measured, recorded):
    """Ratios, by row, that differ from the recorded ones by more than the limit. Both are {row: ratio}."""
    found = [Change(row, ratio, recorded[row]) for row, ratio in measured.items() if row in recorded]
    return [change for change in found if abs(change.share) > LIMIT]


def unrecorded(measured, recorded):
    return [row for row in measured if row not in recorded]


def series(version):
    """Major and minor of a version of libcurl: figures are comparable within one."""
    found = re.match(r"\d+\.\d+", version)
    return found.group() if found else version


class Records:
    """The file of recorded ratios, one entry for each series of libcurl."""

    def __init__(self, path):
        self.path = path
        self.entries = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def entry(self, libcurl):
        """Returns the record of this series of libcurl, {"versions", "ratios", …}, or None."""
        return self.entries.get(series(libcurl))

    def replace(self, versions, figures):
        ratios = {row: round(figure["ratio"], 4) for row, figure in figures.items()}
        instructions = {
            row: {side: round(figure[side]) for side in ("reference", "library")} for row, figure in figures.items()
        }
        entry = {"versions": versions, "ratios": ratios, "instructions_per_call": instructions}
        self.entries[series(versions["libcurl"])] = entry
        self.path.write_text(json.dumps(self.entries, indent=2) + "\n", encoding="utf-8")
