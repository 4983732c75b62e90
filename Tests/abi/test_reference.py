"""docs/operations.md and docs/assumptions.md are what the generator makes of the library, and complete."""

import re
import shutil
import subprocess
import sys

import pytest

PAGES = ("operations.md", "assumptions.md")


@pytest.fixture
def generate(root, library):
    """Runs the generator on a folder."""

    def run(folder, *options):
        command = [sys.executable, root / "scripts/generate_reference.py", "--library", library, "--folder", folder]
        command = [str(part) for part in [*command, *options]]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture(scope="session")
def pages(root):
    return {name: (root / "docs" / name).read_text(encoding="utf-8") for name in PAGES}


@pytest.fixture(scope="session")
def catalogue(root, library):
    from support.akool_library import AkoolLibrary

    return AkoolLibrary(library).describe()


def test_pages_are_what_the_generator_makes(root, generate):
    outcome = generate(root / "docs", "--check")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("page, old", [("operations.md", "**(required)**"), ("assumptions.md", "`list_lag_s`")])
def test_a_changed_copy_is_noticed_left_alone_and_mended(root, pages, generate, tmp_path, page, old):
    for name in PAGES:
        shutil.copy(root / "docs" / name, tmp_path / name)
    changed = pages[page].replace(old, "something else", 1)
    assert changed != pages[page]
    (tmp_path / page).write_text(changed, encoding="utf-8")
    outcome = generate(tmp_path, "--check")
    assert outcome.returncode == 1 and "something else" in outcome.stdout
    assert (tmp_path / page).read_text(encoding="utf-8") == changed
    assert generate(tmp_path).returncode == 0
    assert (tmp_path / page).read_text(encoding="utf-8") == pages[page]


def test_every_operation_has_its_section(pages, catalogue):
    titles = re.findall(r"^### (.+)$", pages["operations.md"], re.MULTILINE)
    assert titles == [entry["name"] for entry in catalogue["operations"]] or sorted(titles) == sorted(
        entry["name"] for entry in catalogue["operations"]
    )


def test_every_link_leads_to_a_section(pages):
    anchors = {
        re.sub(r"[^a-z0-9_-]", "", title.lower()) for title in re.findall(r"^#+ (.+)$", pages["operations.md"], re.M)
    }
    links = re.findall(r"\]\(#([^)]+)\)", pages["operations.md"])
    assert links and set(links) <= anchors


def test_every_endpoint_and_parameter_is_there(pages, catalogue):
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", pages["operations.md"], re.DOTALL | re.MULTILINE))
    for entry in catalogue["operations"]:
        section = sections[entry["name"]]
        if "endpoint" in entry:
            assert f"`{entry['endpoint']['method']} {entry['endpoint']['path']}`" in section
        for name in entry["parameters"]["properties"]:
            assert name == "extra_params" or f"`{name}`" in section, (entry["name"], name)
        for text in entry.get("disagreements", []):
            assert text in section and text in pages["assumptions.md"]


def test_every_file_that_is_linked_to_exists(pages, root):
    for text in pages.values():
        for link in re.findall(r"\]\(([^)#]+)", text):
            assert (root / "docs" / link).exists(), link
