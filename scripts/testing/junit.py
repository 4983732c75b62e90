"""Reads and merges JUnit XML, which pytest and `swift test --xunit-output` write."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List


@dataclass
class Counts:
    """Numbers of tests by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


@dataclass
class Report:
    """The content of one suite's XML files."""

    counts: Counts = field(default_factory=Counts)
    failures: Dict[str, str] = field(default_factory=dict)
    """Name of each failed test → the first line of its message."""
    seconds: Dict[str, float] = field(default_factory=dict)
    suites: List[ET.Element] = field(default_factory=list)
    broken: str = ""
    """Reason why a file could not be read; empty when all were."""


def read(folder: Path) -> Report:
    """Reads all XML files of a folder."""
    report = Report()
    for path in sorted(folder.glob("*.xml")):
        try:
            root = ET.parse(path).getroot()
        except ET.ParseError as error:
            report.broken = f"{path.name} is no XML: {error}"
            continue
        report.suites += [root] if root.tag == "testsuite" else root.findall("testsuite")
        for case in root.iter("testcase"):
            _count(report, case)
    return report


def _count(report: Report, case: ET.Element) -> None:
    name = "::".join(part for part in (case.get("classname"), case.get("name")) if part)
    report.seconds[name] = report.seconds.get(name, 0.0) + float(case.get("time") or 0)
    failure = next((child for child in case if child.tag in ("failure", "error")), None)
    if failure is not None:
        report.counts.failed += 1
        message = failure.get("message") or failure.text or ""
        report.failures[name] = message.strip().split("\n")[0]
    elif case.find("skipped") is not None:
        report.counts.skipped += 1
    else:
        report.counts.passed += 1


def merge(reports: Dict[str, Report], path: Path) -> None:
    """Writes one file with the test suites of all reports, each named `SUITE: NAME`."""
    root = ET.Element("testsuites")
    for name, report in reports.items():
        for suite in report.suites:
            suite.set("name", f"{name}: {suite.get('name', '')}")
            root.append(suite)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
