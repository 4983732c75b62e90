"""Each way in which the outside misbehaves, against the same script in a child process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import List, Tuple

import pytest
from hostile.watching import CLOSE_TIMEOUT_MS, DEADLINE_MS, HEALTHY_CALLS, HEALTHY_MS, Observed, broken_rules, run_child
from hostile.ways import WAYS, Way
from hostile.worlds import CREATE, HEALTHY, Place, call, healthy_server
from support.canary import CANARY_KEY
from support.certificates import Authority
from support.locations import library_path


class KnownDefect(AssertionError):
    """A way broke no rule but those that its row names."""


def parameter(way: Way, ending: str):
    marks = [pytest.mark.nightly] if way.is_nightly or ending == "exit" else []
    if way.breaks:
        marks.append(pytest.mark.xfail(raises=KnownDefect, strict=way.is_certain, reason=way.finding))
    return pytest.param(way, ending, id=f"{way.name}, {ending}", marks=marks)


@pytest.mark.parametrize("way, ending", [parameter(way, ending) for ending in ("destroy", "exit") for way in WAYS])
def test_calls_and_ending_keep_their_bounds_when_the_outside_misbehaves(
    way, ending, tmp_path, authority, record_property
):
    seen, broken = judge(way, ending, tmp_path / "first", authority)
    if set(broken) == {"stall"} and "stall" not in way.allowed:
        # Waiting for a lock whose owner has no processor is a stall, too, but not one that happens twice.
        seen, broken = judge(way, ending, tmp_path / "second", authority)
    record_property("way", f"{way.name}, {ending}")
    record_property("calls", len(seen.calls))
    record_property("destroys", len(seen.of("destroyed")))
    record_property("stall_ms", round(seen.meter.stall_ms, 1))
    record_property("spun_ms", round(seen.meter.spun_ms, 1))
    record_property("reported_stall_ms", seen.one("stats_stall_ms").get("stats_stall_ms", ""))
    record_property("broken", " ".join(broken))
    if os.environ.get("AKOOL_TEST_KEEP"):
        print(*map(json.dumps, seen.facts), seen.meter, seen.stderr, sep="\n")
    check(way, broken, seen.meter.iterations)


def judge(way: Way, ending: str, folder: Path, authority: Authority) -> Tuple[Observed, dict]:
    folder.mkdir()
    seen, names, spared = observe(way, ending, folder, authority)
    return seen, broken_rules(seen, names, way.stall_ms, way.memory_mb, spared)


def observe(way: Way, ending: str, folder: Path, authority: Authority) -> Tuple[Observed, List[str], List[str]]:
    """Runs the child in the world of the way. Also returns the names of its calls, and of those that must succeed."""
    with healthy_server() as healthy, way.make(Place(folder, authority, healthy.url)) as world:
        spared = [call("other client", "healthy", client="other", **HEALTHY)]
        if world.spares_path:
            spared.append(call("healthy path", "healthy", **HEALTHY))
        base = {"environment": False, "api_key": CANARY_KEY, "close_timeout_ms": CLOSE_TIMEOUT_MS}
        configuration = {**base, **world.configuration}
        spec = {
            "library": str(library_path()),
            "configuration": {key: value for key, value in configuration.items() if value is not None},
            "other": {**base, "base_url": healthy.url},
            "healthy": HEALTHY,
            "healthy_calls": HEALTHY_CALLS,
            "healthy_ms": HEALTHY_MS,
            "opens": {"name": "opened", **CREATE} if world.opens else None,
            "calls": world.calls + spared,
            "limits": world.limits,
            "limits_from": world.limits_from,
            "deadline_ms": DEADLINE_MS,
            "close_timeout_ms": CLOSE_TIMEOUT_MS,
            "ending": ending,
        }
        seen = run_child(spec, {"HOSTILE_DNS": "silent", **world.environment}, folder)
    names = [one["name"] for one in spec["calls"] for _ in range(HEALTHY_CALLS if one["kind"] == "healthy" else 1)]
    # A process that has little left harms all its clients.
    return seen, names, [] if world.limits else [one["name"] for one in spared]


def check(way: Way, broken: dict, iterations: int) -> None:
    assert iterations or "crash" in broken, "the meter saw no loop: does the library call libcurl by its symbols?"
    broken = {rule: found for rule, found in broken.items() if rule not in way.leaves.split()}
    new = {rule: found for rule, found in broken.items() if rule not in way.allowed}
    assert not new, json.dumps(new, indent=1)
    if broken:
        raise KnownDefect(json.dumps(broken, indent=1))


def test_loop_sleeps_when_destroy_waits_for_the_disk(tmp_path, authority):
    way = next(way for way in WAYS if way.what == "the disk stops at a write")
    seen, _, _ = observe(way, "destroy", tmp_path, authority)
    assert seen.meter.spun_ms < 20


def test_table_has_sixty_ways_and_each_name_once():
    names = [way.name for way in WAYS]
    assert len(set(names)) == len(names) >= 60


def test_every_c_file_is_part_of_the_shim():
    assert len(list((Path(__file__).parent / "shims").glob("*.c"))) == 4
