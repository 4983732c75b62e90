"""What the README shows works as it stands there."""

import re
import subprocess


def test_the_example_in_c_runs(root, library, tmp_path):
    source = re.search(r"```c\n(.*?)```", (root / "README.md").read_text(), re.DOTALL).group(1)
    (tmp_path / "app.c").write_text(source)
    command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{root}/include", "app.c", "-o", "app"]
    command += [f"-L{library.parent}", "-lakool", f"-Wl,-rpath,{library.parent}"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    outcome = subprocess.run(["./app"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert outcome.stdout.startswith("join with SIMULATED-"), outcome
    assert outcome.returncode == 0 and outcome.stderr == ""


def test_every_file_it_links_to_exists(root):
    for page in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (root / page).read_text()):
            assert target.startswith("https://") or (root / target).exists(), f"{page}: {target}"
