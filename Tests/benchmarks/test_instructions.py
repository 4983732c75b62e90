"""The gate of `make bench-instructions`: the measured ratios, its limit, the frozen reference, the same requests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import instructions
import pytest
from bench import answers, callgrind, frozen, gate, programs
from bench.instructions import WORKLOADS, Workload
from bench.server import Server
from support.locations import REPOSITORY

CALLS, WARM_UP = 10, 2
VERSIONS = {"libcurl": "7.88.1"}


class FixedFigures:
    """Figures that were not measured."""

    def __init__(self, ratio: float) -> None:
        self.ratio = ratio

    def figure(self, row: SimpleNamespace) -> dict[str, float]:
        return {"ratio": self.ratio}


def judge(ratio: float, recorded: dict[str, float]) -> int:
    entry = {"versions": VERSIONS, "ratios": recorded}
    return instructions.judge(FixedFigures(ratio), [SimpleNamespace(name="row")], entry, VERSIONS)


@pytest.mark.timeout(900)
def test_ratios_stay_within_the_limit() -> None:
    command = [sys.executable, str(REPOSITORY / "benchmarks" / "instructions.py"), "--check", "--quick"]
    assert subprocess.run(command, check=False).returncode == 0


def test_gate_fails_when_recorded_ratio_is_4_percent_lower(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(1.5, {"row": 1.5 * 0.96}) == 1
    assert "row grew by 4.2%" in capsys.readouterr().out


def test_gate_passes_when_ratio_grew_by_2_percent() -> None:
    assert judge(1.02, {"row": 1.0}) == 0


def test_gate_asks_to_record_when_ratio_shrank(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(0.96, {"row": 1.0}) == 0
    assert "--record" in capsys.readouterr().out


def test_gate_fails_when_a_row_is_not_recorded() -> None:
    assert judge(1.0, {}) == 1


def test_gate_is_skipped_when_libcurl_has_another_minor_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = gate.Records(tmp_path / "instructions.json")
    records.replace(VERSIONS, {"row": {"ratio": 1.0, "reference": 10, "library": 10}})
    assert records.entry("7.88.2") is not None
    assert records.entry("8.14.0") is None
    assert instructions.judge(FixedFigures(2.0), [], records.entry("8.14.0"), {"libcurl": "8.14.0"}) == 0
    assert "skipped" in capsys.readouterr().out


def test_frozen_reference_is_refused_when_a_source_changed(tmp_path: Path) -> None:
    sources = Path(shutil.copytree(programs.SOURCES, tmp_path / "c"))
    frozen.check(sources)
    with open(sources / "transfer.c", "a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(frozen.ReferenceChanged, match=r"transfer\.c changed"):
        frozen.check(sources)


def test_profile_counts_own_instructions_only(tmp_path: Path) -> None:
    part = tmp_path / "profile.2"
    part.write_text("ob=(1) /lib/a.so\nfn=(1) outer\n0 5\ncob=(2) /lib/b.so\ncfn=(2) inner\ncalls=1 0\n0 90\n0 2\n")
    profile = callgrind.read(part)
    assert profile.functions == {("/lib/a.so", "outer"): 7}


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_reference_and_library_send_the_same_requests(workload: Workload) -> None:
    programs.build()
    with Server(logs_requests=True) as server:
        programs.run("reference", server.url, 1, CALLS, WARM_UP, workload.name)
        reference = server.requests()
        configuration = answers.compact({"base_url": server.url, "api_key": "bench"})
        operation = (workload.operation, answers.compact(workload.parameters))
        programs.run("libakool", configuration, 1, CALLS, WARM_UP, "events", *operation)
        library = server.requests()[len(reference) :]
    assert kinds(library) == kinds(reference)


def kinds(requests: list[str]) -> Counter[str]:
    """Requests by method and path, and by their query unless it has the id of a created session."""
    return Counter(line.split("id=")[0] for line in requests)
