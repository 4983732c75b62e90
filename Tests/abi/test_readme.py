"""What the README shows works as it stands there."""

import os
import re
import subprocess
import sys

import pytest

JOIN = "SIMULATED-"


def snippet(root, language):
    return re.search(rf"```{language}\n(.*?)```", (root / "README.md").read_text(), re.DOTALL).group(1)


def assert_prints_what_to_join_with(command, folder, **environment):
    outcome = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, env={**os.environ, **environment}
    )
    assert outcome.returncode == 0 and outcome.stderr == "", outcome
    assert JOIN in outcome.stdout and "token" in outcome.stdout
    assert (folder / "akool.ledger").exists()


@pytest.mark.parametrize(
    "language, compiler", [("c", ("gcc", "-std=c99", "-pedantic")), ("cpp", ("g++", "-std=c++17", "-pedantic"))]
)
def test_the_compiled_examples_run(root, library, tmp_path, language, compiler):
    (tmp_path / f"app.{language}").write_text(snippet(root, language))
    command = [*compiler, "-Wall", "-Wextra", "-Werror", f"-I{root}/include", f"app.{language}", "-o", "app"]
    command += [f"-L{library.parent}", "-lakool", f"-Wl,-rpath,{library.parent}"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=100)
    assert_prints_what_to_join_with(["./app"], tmp_path)


def test_the_example_in_python_runs(root, library, tmp_path):
    (tmp_path / "app.py").write_text(snippet(root, "python"))
    path = str(root / "bindings" / "python")
    assert_prints_what_to_join_with([sys.executable, "app.py"], tmp_path, PYTHONPATH=path, AKOOL_LIB=str(library))


def test_the_example_in_node_runs(root, library, tmp_path):
    subprocess.run([root / "scripts" / "build_node.sh"], check=True, capture_output=True, timeout=100)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "libakool").symlink_to(root / "bindings" / "node")
    (tmp_path / "app.mjs").write_text(snippet(root, "js"))
    assert_prints_what_to_join_with(["node", "app.mjs"], tmp_path, AKOOL_LIB=str(library))
