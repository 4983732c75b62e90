"""The generated files are what the library makes, and the types fit their use."""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
import typing
from pathlib import Path

import akool
import akool.types
import pytest
from python_support import PACKAGE, REPOSITORY

GENERATOR = REPOSITORY / "scripts" / "generate_python.py"
GENERATED = ["_catalogue.py", "errors.py", "_operations.py", "_operations.pyi", "types.py"]
USAGE = REPOSITORY / "Tests" / "python" / "types" / "usage.py"
CATALOGUE = akool.describe()


# Every operation has a method of both clients.


def method_of(client, name):
    group, _, method = name.rpartition(".")
    holder = client if group in ("", "client") else getattr(client, group)
    return getattr(holder, method)


@pytest.mark.parametrize("operation", CATALOGUE["operations"], ids=lambda operation: operation["name"])
def test_every_operation_has_a_method(operation):
    asked = []

    class Sync(akool._operations.Operations):
        close = None

    class Async(akool._operations.AsyncOperations):
        close = None

    def perform(name, parameters):
        asked.append((name, parameters))
        return {"data": "data"}

    async def perform_async(name, parameters):
        return perform(name, parameters)

    if operation["name"] == "client.close":
        assert inspect.iscoroutinefunction(akool.AsyncClient.close) and callable(akool.Client.close)
        return
    method = method_of(Sync(perform), operation["name"])
    assert method(tag="x") == "data"
    coroutine = method_of(Async(perform_async), operation["name"])(tag="x")
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    assert ended.value.value == "data"
    assert asked == [(operation["name"].encode(), {"tag": "x"})] * 2
    assert method.__doc__.startswith(operation["summary"].split(". ")[0][:60])
    for name in operation["parameters"].get("properties", {}):
        assert f"    {name}" in method.__doc__, (name, method.__doc__)
    if operation.get("endpoint"):
        assert operation["endpoint"]["path"] in method.__doc__


def test_types_have_every_member():
    for operation in CATALOGUE["operations"]:
        title = "".join(part.capitalize() for part in operation["name"].replace("_", ".").split("."))
        for suffix, schema in (("Params", operation["parameters"]), ("Data", operation.get("result") or {})):
            members = set(schema.get("properties", {}))
            if members:
                kind = getattr(akool.types, title + suffix)
                assert members == kind.__required_keys__ | kind.__optional_keys__, title + suffix
                assert set(schema.get("required", [])) <= kind.__required_keys__
    assert set(CATALOGUE["configuration"]["properties"]) == akool.types.Configuration.__optional_keys__


def test_events_are_told_apart_by_their_type():
    members = typing.get_args(akool.types.AkoolEvent)
    named = [typing.get_type_hints(member)["type"] for member in members]
    assert [typing.get_args(kind)[0] for kind in named] == [event["type"] for event in CATALOGUE["events"]]


def test_nothing_generated_names_a_secret_as_default():
    text = "".join((PACKAGE / "akool" / name).read_text() for name in GENERATED)
    assert "Secret." in text


# Types.


def mypy(*arguments: object, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-version",
        "3.9",
        "--cache-dir",
        str(folder / "cache"),
        *map(str, arguments),
    ]
    env = {**os.environ, "MYPYPATH": str(PACKAGE)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.timeout(400)
def test_the_package_is_strictly_typed(cache):
    result = mypy("-p", "akool", folder=cache)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(400)
def test_types_fit_their_use(cache):
    shutil.copy(USAGE, cache)
    result = mypy("--warn-unused-ignores", "usage.py", folder=cache)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(400)
def test_mistakes_have_no_type(cache):
    """Without its marks, every mistake in usage.py is reported, and nothing else."""
    text = USAGE.read_text()
    (cache / "mistakes.py").write_text(text.replace("# type: ignore", "# mistake"))
    result = mypy("mistakes.py", folder=cache)
    lines = {int(line.split(":")[1]) for line in result.stdout.splitlines() if ": error:" in line}
    marked = {number for number, line in enumerate(text.splitlines(), 1) if "# type: ignore" in line}
    assert lines == marked and len(marked) >= 10, result.stdout


@pytest.mark.timeout(400)
def test_the_examples_and_the_guide_are_typed(cache):
    programs = sorted((REPOSITORY / "examples" / "python").glob("*.py"))
    assert programs
    blocks = (REPOSITORY / "docs" / "python.md").read_text().split("```python\n")[1:]
    for number, block in enumerate(blocks):
        text = block.split("```")[0]
        if not any(line.startswith("await ") for line in text.splitlines()):
            (cache / f"block{number}.py").write_text(text)
    for program in programs:
        shutil.copy(program, cache)
    result = mypy(
        "--allow-untyped-defs",
        "--allow-untyped-calls",
        "--allow-incomplete-defs",
        "--allow-any-generics",
        *[program.name for program in programs],
        *[f"block{number}.py" for number in range(len(blocks)) if (cache / f"block{number}.py").exists()],
        folder=cache,
    )
    assert result.returncode == 0, result.stdout + result.stderr
