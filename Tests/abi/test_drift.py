"""The header that is checked in is the one that the sources make."""

import shutil
import subprocess
import sys

import pytest


def check(root, library, build, header_path):
    command = [sys.executable, root / "scripts/generate_header.py", "--check", "--library", library]
    command += ["--modules", build / "Modules", "--header", header_path]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120)


def test_header_is_what_the_sources_make(root, library, build):
    outcome = check(root, library, build, root / "include/akool.h")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    "old, new",
    [
        ("int64_t timeout_ms", "int32_t timeout_ms"),
        ("#define AKOOL_ERR_TIMEOUT 14", "#define AKOOL_ERR_TIMEOUT 15"),
        ("Blocks: No.", "Blocks: Yes."),
    ],
)
def test_drift_is_seen(root, library, build, header, tmp_path, old, new):
    assert old in header.text
    changed = tmp_path / "akool.h"
    changed.write_text(header.text.replace(old, new, 1))
    outcome = check(root, library, build, changed)
    assert outcome.returncode == 1
    assert f"-{new}" in outcome.stdout.replace("- * ", "-") or new in outcome.stdout
    assert old in outcome.stdout


def test_check_writes_nothing(root, library, build, tmp_path):
    changed = tmp_path / "akool.h"
    shutil.copy(root / "include/akool.h", changed)
    changed.write_text(changed.read_text() + "\n")
    before = changed.read_text()
    check(root, library, build, changed)
    assert changed.read_text() == before
