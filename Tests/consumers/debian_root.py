"""A Debian or Ubuntu of its own in a folder, in which nothing was installed yet."""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

# In order: what was built on one has to run on the later ones.
RELEASES = {"debian": ["bookworm", "trixie"], "ubuntu": ["noble"]}
# Where the systems come from; unless said, from where this machine gets its own packages.
MIRROR = os.environ.get("AKOOL_DEBIAN_MIRROR")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _os_release():
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    return dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))


def why_not():
    """What this machine lacks, or nothing."""
    if _os_release().get("ID") not in RELEASES:
        return "the machine is neither Debian nor Ubuntu"
    if os.geteuid() != 0:
        return "debootstrap and chroot need root"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed: scripts/setup.sh --consumers"
    return ""


def releases():
    """The releases on which what was built here has to run: this machine's and the later ones."""
    system = _os_release()
    known = RELEASES.get(system.get("ID"), [])
    current = system.get("VERSION_CODENAME")
    return known[known.index(current) :] if current in known else [current or "unknown"]


def mirror():
    if MIRROR:
        return MIRROR
    codename = _os_release().get("VERSION_CODENAME", "")
    found = _mirrors_of_lists(codename) + _mirrors_of_sources(codename)
    return (
        found[0]
        if found
        else {"debian": "http://deb.debian.org/debian"}.get(_os_release().get("ID"), "http://archive.ubuntu.com/ubuntu")
    )


def _mirrors_of_lists(codename):
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list"))]
    lines = [line for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]
    pattern = re.compile(rf"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+{codename}\s+.*\bmain\b")
    return [match.group(1) for match in map(pattern.match, lines) if match]


def _mirrors_of_sources(codename):
    found = []
    for file in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", file.read_text(encoding="utf-8")):
            fields = dict(re.findall(r"^(\w[\w-]*):\s*(.+)$", stanza, re.MULTILINE))
            if codename in fields.get("Suites", "").split() and "main" in fields.get("Components", "").split():
                found.append(fields["URIs"].split()[0])
    return found


@contextmanager
def scratch(name):
    """A folder for a system, which goes with it: pytest would keep those of its last runs."""
    folder = tempfile.mkdtemp(prefix=f"akool-{name}-")
    try:
        # Everybody has to pass through what becomes "/".
        os.chmod(folder, 0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Root:
    """The folder; commands run in it as root, with processes and mounts that end with them."""

    def __init__(self, folder):
        self.folder = Path(folder)

    @classmethod
    def bootstrap(cls, release, folder):
        """Fetches a minimal system."""
        # Ubuntu has the tools for Python in another component.
        components = "main,universe" if release in RELEASES["ubuntu"] else "main"
        command = ["debootstrap", "--variant=minbase", f"--components={components}", release, str(folder), mirror()]
        outcome = subprocess.run(command, capture_output=True, text=True, timeout=1200)
        assert outcome.returncode == 0, f"{command}\n{outcome.stdout[-3000:]}{outcome.stderr[-3000:]}"
        # Nobody will miss the system after a crash: dpkg need not wait for the disk.
        (Path(folder) / "etc/dpkg/dpkg.cfg.d/quick").write_text("force-unsafe-io\n", encoding="utf-8")
        return cls(folder)

    def copy(self, folder):
        """Another one like this."""
        subprocess.run(["cp", "-a", "--reflink=auto", f"{self.folder}/.", str(folder)], check=True, timeout=300)
        return Root(folder)

    def bring(self, *files, to="root"):
        """Copies files from the machine, and returns their paths inside."""
        target = self.folder / to
        target.mkdir(parents=True, exist_ok=True)
        return [f"/{Path(shutil.copy(file, target)).relative_to(self.folder)}" for file in files]

    def run(self, *command, directory="/root", timeout=600):
        """Runs a command inside."""
        inside = [
            "env",
            "-i",
            f"--chdir={directory}",
            f"PATH={PATH}",
            "HOME=/root",
            "LC_ALL=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive",
            *map(str, command),
        ]
        alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.folder}/proc"]
        return subprocess.run(
            [*alone, "chroot", str(self.folder), *inside],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def demand(self, *command, **more):
        """Runs what has to succeed, and returns what it said."""
        outcome = self.run(*command, **more)
        assert outcome.returncode == 0, f"{command}\n{outcome.stdout[-5000:]}{outcome.stderr[-5000:]}"
        return outcome.stdout

    def install(self, *packages):
        """Installs packages, by name or by the path of their file, and what they depend on."""
        return self.demand("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
