"""Prints what the suite counted."""

from __future__ import annotations

from collections import Counter
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    totals: Counter = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", []):
                if key == "injection" and getattr(report, "when", "") == "call":
                    totals.update(value)
    if totals:
        terminalreporter.section("failure injection")
        terminalreporter.write_line(", ".join(f"{number} {name}" for name, number in totals.items()))
