"""Counts what the hostile set did, and prints it at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for kind in terminalreporter.stats.values() for report in kind if _is_way(report)]
    if not reports:
        return
    figures = [dict(report.user_properties) for report in reports]
    broken = Counter(rule for row in figures for rule in row["broken"].split())
    worst = max(figures, key=lambda row: row["stall_ms"])
    kept = [row["stall_ms"] for row in figures if "stall" not in row["broken"].split()]
    terminalreporter.section("hostile set")
    terminalreporter.line(
        f"{len(figures)} ways, {sum(row['calls'] for row in figures)} calls, "
        f"{sum(row['destroys'] for row in figures)} destroys"
    )
    terminalreporter.line("ways that break a rule: " + (", ".join(f"{r} {n}" for r, n in broken.most_common()) or "0"))
    spun = max(row["spun_ms"] for row in figures)
    terminalreporter.line(f"most processor time of a loop after its client had closed: {spun:.0f} ms")
    terminalreporter.line(f"longest stall: {max(kept, default=0):.0f} ms where the bound holds,")
    terminalreporter.line(f"  {worst['stall_ms']:.0f} ms in '{worst['way']}'")


def _is_way(report: Any) -> bool:
    return isinstance(report, pytest.TestReport) and report.when == "call" and "way" in dict(report.user_properties)
