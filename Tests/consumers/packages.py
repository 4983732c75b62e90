"""The packages under test: those in the folder that AKOOL_DIST names, or else made for this run."""

import os
import re
import subprocess
from pathlib import Path

from support.locations import REPOSITORY, library_path

DIST = os.environ.get("AKOOL_DIST")
# With packages to try, everything is tried; in `make test` what others test as well is left out.
IS_FULL = bool(DIST)
HEADER = REPOSITORY / "include/akool.h"
VERSION = re.search(r'^#define AKOOL_VERSION "(.*)"$', HEADER.read_text(encoding="utf-8"), re.MULTILINE).group(1)
DEBS = ("libakool1", "libakool-dev", "akool")


def make(script, folder, **variables):
    """Runs one of the scripts that make packages, and returns what it says."""
    return subprocess.run(
        [str(REPOSITORY / "scripts" / script), str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "AKOOL_LIB": str(library_path()), **variables},
    )


class Packages:
    """Finds a package by its kind, and makes it first if that is what was asked for."""

    def __init__(self, folder, is_checked):
        self.folder = Path(DIST) if DIST else folder
        self.said = {}
        # lintian takes longer than all the rest.
        self.variables = {} if is_checked else {"LINTIAN": ""}

    @property
    def wheel(self):
        return self._find("make_wheel.sh", f"libakool-{VERSION}-py3-none-linux_x86_64.whl")

    @property
    def npm(self):
        return self._find("make_npm.sh", f"libakool-{VERSION}.tgz")

    @property
    def tarball(self):
        return self._find("make_tarball.sh", f"libakool-{VERSION}-linux_x86_64.tar.gz")

    def deb(self, name):
        return self._find("make_deb.sh", f"{name}_{VERSION}_amd64.deb")

    def _find(self, script, name):
        if not DIST and script not in self.said:
            outcome = make(script, self.folder, **self.variables)
            assert outcome.returncode == 0, outcome.stdout + outcome.stderr
            self.said[script] = outcome.stdout
        file = self.folder / name
        assert file.is_file(), f"{file} is not there: make packages"
        return file
