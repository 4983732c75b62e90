"""Shows that a broken rule is noticed: made-up children, each with one fault."""

from __future__ import annotations

import subprocess
from typing import Any, List, Optional

import pytest
from hostile.watching import Observed, broken_rules
from support.loop_meter import Meter

ENDED = {"ended": "read", "seconds": 0.1, "result": "OK", "typed": True, "once": True}
DESTROYED = {"destroyed": "hostile", "seconds": 0.1, "result": "OK"}
CLEAN = {"threads_left": [], "descriptors_left": []}


def judged(*facts: dict, status: Optional[int] = 0, exit_seconds: float = 0.1, **figures: Any) -> List[str]:
    meter = Meter(**{"stall_ms": 1.0, "iterations": 9, "most_resolving": 1, "spun_ms": 0.0, **figures})
    whole = [{"start_kb": 1000}, {"attacks": True}, *facts, {"ending": True, "peak_kb": 2000, "callbacks": 0}]
    seen = Observed(whole, status, exit_seconds, meter, "")
    return list(broken_rules(seen, ["read"], stall_ms=50, memory_mb=64, spares=["read"]))


def test_nothing_is_broken_when_all_bounds_hold():
    assert judged(ENDED, DESTROYED, CLEAN) == []


@pytest.mark.parametrize(
    "facts, figures, rule",
    [
        ([], {}, "calls"),
        ([{**ENDED, "seconds": 2.6}], {}, "calls"),
        ([ENDED, {**ENDED, "ended": "cancelled", "seconds": 1.1}], {}, "cancel"),
        ([{**ENDED, "once": False}], {}, "once"),
        ([{**ENDED, "typed": False}], {}, "typed"),
        ([{**ENDED, "result": "TIMEOUT"}], {}, "others"),
        ([ENDED, {**DESTROYED, "seconds": 1.8}], {}, "destroy"),
        ([ENDED], {"status": 70}, "destroy"),
        ([ENDED], {"status": -11}, "crash"),
        ([ENDED], {"status": None}, "exit"),
        ([ENDED], {"exit_seconds": 1.8}, "exit"),
        ([ENDED, {**CLEAN, "threads_left": ["akool-io"]}], {}, "threads"),
        ([ENDED, {**CLEAN, "threads_left": ["akool-dns"] * 5}], {}, "threads"),
        ([ENDED, {**CLEAN, "descriptors_left": ["socket:[1]"]}], {}, "descriptors"),
        ([ENDED, {"peak_kb": 70_000}], {}, "memory"),
        ([ENDED], {"stall_ms": 51.0}, "stall"),
        ([ENDED], {"most_resolving": 5}, "resolvers"),
    ],
)
def test_rule_is_broken_when_one_bound_does_not_hold(facts, figures, rule):
    assert judged(*facts, **figures) == [rule]


def test_four_resolver_threads_may_stay():
    assert judged(ENDED, {**CLEAN, "threads_left": ["akool-dns"] * 4}) == []


def test_meter_sees_a_loop_that_is_busy_for_long(tmp_path):
    """A program whose loop thread works for 200 ms between two polls."""
    source = tmp_path / "busy.c"
    source.write_text(BUSY)
    flags = ["-Wall", "-pthread", "-o", str(tmp_path / "busy"), "-l:libcurl.so.4"]
    subprocess.run(["gcc", str(source), *flags], check=True, capture_output=True, timeout=60)
    meter = tmp_path / "meter"
    subprocess.run([str(tmp_path / "busy")], env=Meter.environment(meter), check=True, timeout=60)
    seen = Meter.read(meter, 0)
    assert 100 < seen.stall_ms and seen.iterations == 2, seen


BUSY = """
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>
void *curl_multi_init(void);
int curl_multi_poll(void *, void *, unsigned int, int, int *);
static double used(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}
static void *loop(void *multi) {
  pthread_setname_np(pthread_self(), "akool-io");
  curl_multi_poll(multi, 0, 0, 1, 0);
  for (double begun = used(); used() - begun < 0.2;) continue;
  curl_multi_poll(multi, 0, 0, 1, 0);
  return 0;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, loop, curl_multi_init());
  return pthread_join(thread, 0);
}
"""
