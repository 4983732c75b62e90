"""The Node binding: builds the addon, runs the tests of node:test, each of which is one here, and checks the types."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Optional

import pytest
from support.locations import REPOSITORY

_SPEC = importlib.util.spec_from_file_location("node_running", Path(__file__).with_name("running.py"))
running = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(running)

GENERATOR = REPOSITORY / "scripts" / "generate_node.py"
GENERATED = ["lib/catalogue.js", "lib/index.mjs", "types/catalogue.d.ts"]


@pytest.fixture(scope="session", autouse=True)
def addon() -> None:
    """The addon is built once with the system's Node; it must do for every other."""
    result = subprocess.run([REPOSITORY / "scripts" / "build_node.sh"], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(running.FILE_BOUND_S + 60)
@pytest.mark.parametrize("node, file, name", list(running.all_tests()))
def test_node(node: str, file: str, name: str) -> None:
    outcome = running.verdict(node, file, name)
    if outcome.get("skipped"):
        pytest.skip(str(outcome["skipped"]))
    assert outcome["passed"], outcome["failure"]


@pytest.mark.timeout(running.FILE_BOUND_S + 60)
@pytest.mark.parametrize("node", list(running.nodes()))
@pytest.mark.parametrize("file", [file.name for file in running.files()])
def test_no_test_is_overlooked(node: str, file: str) -> None:
    found = running.outcomes(node, file)
    assert set(found) - {""} == set(running.names(running.FOLDER / file))
    assert found[""]["passed"] or any(not outcome["passed"] for name, outcome in found.items() if name), found[""]


# Types.

COMPILER = {
    "strict": True,
    "noEmit": True,
    "target": "es2022",
    "lib": ["es2022"],
    "module": "node16",
    "moduleResolution": "node16",
    "types": [],
    "skipLibCheck": False,
}
JAVASCRIPT = {"allowJs": True, "checkJs": True, "noImplicitAny": False, "useUnknownInCatchVariables": False}


def compile_types(folder: Path, *files: str, options: Optional[dict] = None) -> subprocess.CompletedProcess:
    """Compiles files of a folder in which the package can be imported."""
    (folder / "node_modules").mkdir(exist_ok=True)
    link = folder / "node_modules" / "libakool"
    if not link.exists():
        link.symlink_to(REPOSITORY / "bindings" / "node")
    (folder / "tsconfig.json").write_text(
        json.dumps({"compilerOptions": {**COMPILER, **(options or {})}, "files": files})
    )
    (folder / "package.json").write_text('{"type": "module"}')
    return subprocess.run(["tsc", "-p", str(folder)], capture_output=True, text=True, timeout=110)


@pytest.fixture(scope="module")
def tsc() -> None:
    if not shutil.which("tsc"):
        pytest.fail("tsc is missing: apt-get install -y node-typescript")


@pytest.mark.parametrize("file", ["usage.ts", "usage.cts"])
def test_types_fit_their_use(tsc: None, tmp_path: Path, file: str) -> None:
    shutil.copy(REPOSITORY / "Tests" / "node" / "types" / file, tmp_path)
    result = compile_types(tmp_path, file)
    assert result.returncode == 0, result.stdout


def test_mistakes_have_no_type(tsc: None, tmp_path: Path) -> None:
    """Without its marks, every mistake in usage.ts is reported."""
    text = (REPOSITORY / "Tests" / "node" / "types" / "usage.ts").read_text()
    (tmp_path / "usage.ts").write_text(text.replace("// @ts-expect-error", "//"))
    result = compile_types(tmp_path, "usage.ts")
    assert result.stdout.count("error TS") == text.count("@ts-expect-error"), result.stdout


def test_types_in_the_guide_compile(tsc: None, tmp_path: Path) -> None:
    blocks = (REPOSITORY / "docs" / "node.md").read_text().split("```ts\n")[1:]
    assert blocks
    names = [f"block{number}.ts" for number in range(len(blocks))]
    for name, block in zip(names, blocks):
        (tmp_path / name).write_text(block.split("```")[0])
    result = compile_types(tmp_path, *names)
    assert result.returncode == 0, result.stdout


# Stands in for @types/node, of which the examples use little.
AMBIENT = """
declare const process: any; declare const console: any; declare const Buffer: any; declare const URL: any;
declare class AbortController { signal: any; abort(reason?: any): void }
declare module "node:fs" { const it: any; export default it; }
declare module "node:fs/promises" { const it: any; export default it; }
declare module "node:http" { const it: any; export default it; }
declare module "node:events" { export const once: any; }
declare module "node:timers/promises" { export const setTimeout: any; }
interface ImportMeta { url: string }
"""


def test_examples_fit_the_types(tsc: None, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "examples" / "node", tmp_path, dirs_exist_ok=True)
    (tmp_path / "ambient.d.ts").write_text(AMBIENT)
    names = sorted(file.name for file in tmp_path.glob("*.mjs"))
    result = compile_types(tmp_path, "ambient.d.ts", *names, options=JAVASCRIPT)
    assert result.returncode == 0, result.stdout


# The package.


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    env = running.environment()
    command = [REPOSITORY / "scripts" / "make_npm.sh", folder]
    result = subprocess.run(command, env=env, capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, result.stdout + result.stderr
    (made,) = folder.glob("libakool-*.tgz")
    return made


@pytest.fixture(scope="module")
def installed(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which the package was installed, without a network."""
    folder = tmp_path_factory.mktemp("empty")
    command = ["npm", "install", str(tarball), "--offline", "--no-audit", "--no-fund", "--no-update-notifier"]
    env = {**running.environment(), "npm_config_cache": str(folder / "cache")}
    result = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_package_has_what_it_needs_and_no_install_script(installed: Path) -> None:
    package = installed / "node_modules" / "libakool"
    held = {str(file.relative_to(package)) for file in package.rglob("*") if file.is_file()}
    prebuilt = {"prebuilt/akool.node", "prebuilt/bridge.so", "prebuilt/libakool.so.1"}
    assert prebuilt | {"LICENSE", "README.md", "lib/index.js", "lib/index.mjs", "types/index.d.ts"} <= held
    assert not [name for name in held if name.endswith((".c", ".h"))]
    text = (package / "package.json").read_text()
    assert '"scripts"' not in text and '"libc"' in text and '"os"' in text and '"cpu"' in text


def test_quick_start_runs_with_the_package(installed: Path) -> None:
    shutil.copy(REPOSITORY / "examples" / "node" / "quickstart.mjs", installed)
    env = {name: value for name, value in running.environment().items() if not name.startswith("AKOOL_")}
    command = [running.nodes()["system"], "quickstart.mjs"]
    result = subprocess.run(command, cwd=installed, env=env, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("SIMULATED") and "seen to be closed" in result.stdout


@pytest.mark.timeout(running.FILE_BOUND_S + 60)
def test_package_works_with_other_allocators_and_tls(installed: Path) -> None:
    found = running.outcomes("system", "loading.test.mjs", str(installed / "node_modules" / "libakool"))
    failed = {name: outcome["failure"] for name, outcome in found.items() if not outcome["passed"]}
    assert len(found) > 5 and failed == {}


# AddressSanitizer.


def sanitizer() -> dict:
    """The environment with which node starts with AddressSanitizer; empty where it does not."""
    name = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True).stdout.strip()
    if not os.path.isabs(name):
        return {}
    env = {"LD_PRELOAD": os.path.realpath(name), "ASAN_OPTIONS": "detect_leaks=0", "AKOOL_NO_DEEPBIND": "1"}
    command = [running.nodes()["system"], "--eval", ""]
    works = subprocess.run(command, env={**os.environ, **env}, capture_output=True, timeout=60).returncode == 0
    return env if works else {}


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with an addon that AddressSanitizer watches."""
    folder = tmp_path_factory.mktemp("asan")
    build = REPOSITORY / "build" / "node-asan"
    command = [REPOSITORY / "scripts" / "build_node.sh", "--sanitize=address"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert result.returncode == 0, result.stdout + result.stderr
    shutil.copytree(REPOSITORY / "bindings" / "node", folder, dirs_exist_ok=True)
    shutil.copytree(build, folder / "prebuilt")
    return folder


@pytest.mark.timeout(running.FILE_BOUND_S + 60)
@pytest.mark.parametrize("file", ["calls", "abort", "events", "lifetime", "workers"])
def test_address_sanitizer_finds_nothing(sanitized: Path, file: str) -> None:
    env = sanitizer()
    if not env:
        pytest.skip("node does not start with AddressSanitizer here")
    found = running.outcomes("system", f"{file}.test.mjs", str(sanitized), tuple(env.items()))
    failed = {name: outcome["failure"] for name, outcome in found.items() if not outcome["passed"]}
    assert len(found) > 5 and failed == {}
