"""The wheel: what is in it, that the same goes in makes the same come out, and that it works where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import akool
import pytest
from python_support import PACKAGE, REPOSITORY, environment

NAME = f"libakool-{akool.__version__}-py3-none-linux_x86_64.whl"


def make(folder: Path, script: Path = REPOSITORY / "scripts" / "make_wheel.sh", **env: str):
    command = [str(script), str(folder)]
    return subprocess.run(
        command, env=environment(PYTHON=sys.executable, **env), capture_output=True, text=True, timeout=110
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    result = make(folder)
    assert result.returncode == 0, result.stdout + result.stderr
    assert [file.name for file in folder.iterdir()] == [NAME]
    return folder / NAME


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment with nothing but the wheel, installed without a network."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=110)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--no-index", "--disable-pip-version-check", wheel]
    result = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "bin" / "python"


def test_contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        metadata = archive.read(f"libakool-{akool.__version__}.dist-info/METADATA").decode()
        tags = archive.read(f"libakool-{akool.__version__}.dist-info/WHEEL").decode()
        assert len(archive.read("akool/libakool.so.1")) > 1_000_000
    sources = {f"akool/{file.name}" for file in (PACKAGE / "akool").iterdir() if file.is_file()}
    assert {name for name in held if name.startswith("akool/")} == sources | {"akool/libakool.so.1"}
    assert f"libakool-{akool.__version__}.dist-info/licenses/LICENSE" in held
    assert {"akool/py.typed", "akool/_operations.pyi"} <= held
    assert "Requires-Dist" not in metadata and "Requires-Python: >=3.9" in metadata
    assert "Root-Is-Purelib: false" in tags and "Tag: py3-none-linux_x86_64" in tags


def test_the_same_makes_the_same(wheel, tmp_path):
    os.umask(os.umask(0o077))
    assert make(tmp_path).returncode == 0
    assert (tmp_path / NAME).read_bytes() == wheel.read_bytes()


def test_it_works_where_it_is_installed(installed, tmp_path):
    shutil.copy(REPOSITORY / "examples" / "python" / "quickstart.py", tmp_path)
    env = {name: value for name, value in environment().items() if name not in ("AKOOL_LIB", "PYTHONPATH")}

    def run(*command: str) -> str:
        result = subprocess.run(
            [installed, *command], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    said = run("quickstart.py")
    assert said.startswith("SIMULATED") and "seen to be closed" in said
    assert run("-c", "import akool; print(akool._native._find())").endswith("site-packages/akool/libakool.so.1\n")


def test_another_version_is_refused(tmp_path):
    shutil.copytree(REPOSITORY / "include", tmp_path / "include")
    header = tmp_path / "include" / "akool.h"
    header.write_text(header.read_text().replace(f'AKOOL_VERSION "{akool.__version__}"', 'AKOOL_VERSION "9.9.9"'))
    result = make(tmp_path / "dist", AKOOL_INCLUDE=str(tmp_path / "include"))
    assert result.returncode == 1 and "another version than akool.h, 9.9.9" in result.stderr


def test_a_missing_library_is_told(tmp_path):
    result = make(tmp_path, AKOOL_LIB="/nonexistent.so")
    assert result.returncode == 1 and "run make lib first" in result.stderr
