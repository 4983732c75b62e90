"""Programs that return from main while calls over TLS are under way neither crash nor hang."""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest
from support.c_builds import FOLDER, CBuild

HANG_S = 20


@pytest.mark.timeout(1800)
def test_exit_is_clean_under_tls_load(c_build: CBuild, rounds) -> None:
    if not c_build.has_simulator:
        pytest.skip("the simulator was never built")
    source = FOLDER / "exit_under_load.c"
    program, environment = c_build.compile(source), c_build.environment(source)
    endings = Counter(run(program, seed, environment) for seed in range(1, 1 + rounds(30, 300)))
    assert set(endings) == {0}, f"programs by exit status: {dict(endings)}"


def run(program, seed, environment):
    try:
        return subprocess.run([str(program), str(seed)], env=environment, timeout=HANG_S).returncode
    except subprocess.TimeoutExpired:
        return "hung"
