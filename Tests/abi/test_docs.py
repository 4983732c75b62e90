"""docs/errors.md is what the generator makes of the library, and complete."""

import json
import re
import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def page(root):
    return (root / "docs/errors.md").read_text(encoding="utf-8")


@pytest.fixture
def generate(root, library):
    """Runs the generator on a page."""

    def run(path, *options, environment=None):
        command = [sys.executable, root / "scripts/generate_docs.py", "--library", library, "--page", path, *options]
        command = [str(part) for part in command]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)

    return run


def rows(page, title):
    """The cells of the table in a section."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE).group(1)
    lines = [line for line in section.split("\n") if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def examples(page):
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]


def test_page_is_what_the_generator_makes(root, generate):
    outcome = generate(root / "docs/errors.md", "--check")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    "old, new",
    [
        ("| 14 | `AKOOL_ERR_TIMEOUT` |", "| 15 | `AKOOL_ERR_TIMEOUT` |"),
        ("must be at most 3600", "must be at most 7200"),
        ("(3 unless set)", "(5 unless set)"),
    ],
)
def test_a_changed_copy_is_noticed_and_left_alone(page, generate, tmp_path, old, new):
    assert old in page
    copy = tmp_path / "errors.md"
    copy.write_text(page.replace(old, new), encoding="utf-8")
    outcome = generate(copy, "--check")
    assert outcome.returncode == 1
    assert old in outcome.stdout and new in outcome.stdout
    assert copy.read_text(encoding="utf-8") == page.replace(old, new)


def test_a_missing_page_is_noticed_and_made(page, generate, tmp_path):
    made = tmp_path / "errors.md"
    assert generate(made, "--check").returncode == 1
    assert not made.exists()
    assert generate(made).returncode == 0
    assert made.read_text(encoding="utf-8") == page


def test_the_environment_changes_nothing(root, generate):
    environment = {"AKOOL_BASE_URL": "https://localhost:1", "AKOOL_API_KEY": "k", "LC_ALL": "C", "PYTHONUTF8": "0"}
    outcome = generate(root / "docs/errors.md", "--check", environment=environment)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_a_library_that_is_none_is_told(root, generate, tmp_path):
    (tmp_path / "none.so").write_text("")
    outcome = generate(root / "docs/errors.md", "--check", "--library", tmp_path / "none.so")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("generate_docs.py: ") and "Traceback" not in outcome.stderr


def test_every_result_code_is_there(page, catalogue, header):
    found = {int(value): (name.strip("`"), meaning) for value, name, meaning in rows(page, "Result codes")}
    assert {value: meaning for value, (_, meaning) in found.items()} == {
        entry["value"]: entry["summary"] for entry in catalogue["results"]
    }
    for value, (name, _) in found.items():
        assert re.search(rf"^#define {name} {value}$", header.text, re.MULTILINE), name


def test_every_code_of_akool_is_there(page, catalogue):
    found = [(int(code), result.strip("`"), *more) for code, result, *more in rows(page, "AKOOL's codes")]
    wanted = [
        (entry["code"], entry["result"], entry["meaning"], entry["hint"], "yes" if entry["retryable"] else "")
        for entry in catalogue["akool_codes"]
    ]
    assert found == sorted(wanted)


def test_every_operation_has_its_place_in_the_table_of_repeats(page, catalogue):
    found = {
        name: safety.strip("`")
        for safety, _, names in rows(page, "What the library repeats itself")
        for name in re.findall(r"`(.*?)`", names)
    }
    assert found == {operation["name"]: operation["repeat"] for operation in catalogue["operations"]}


def test_the_example_names_field_and_limit(page, catalogue):
    error = examples(page)[0]["error"]
    operation = next(entry for entry in catalogue["operations"] if entry["name"] == "session.create")
    limit = operation["parameters"]["properties"]["duration"]["maximum"]
    assert limit == int(limit)
    assert error["code"] == "INVALID_ARGUMENT"
    assert "duration" in error["message"] and f"at most {int(limit)}" in error["message"]
    assert error["details"][0]["field"] == "duration"


def test_every_member_of_the_examples_is_explained(page):
    explained = {name.strip("`"): always for name, always, _ in rows(page, "An error reply")}
    for reply in examples(page):
        assert set(reply) == {"error", "meta"}
        assert set(reply["error"]) <= set(explained)
        assert {name for name, always in explained.items() if always == "yes"} <= set(reply["error"])
        assert "elapsed_ms" not in reply["meta"]


def test_numbers_that_the_catalogue_does_not_tell_are_those_of_the_sources(page, root):
    calls = root / "Sources/AkoolCore/Calls"
    policy = (calls / "RetryPolicy.swift").read_text()

    def number(name, text=policy):
        return int(re.search(rf"\blet {name}\b[^=\n]*= ([\d_]+)$", text, re.MULTILINE).group(1))

    page = " ".join(page.split())
    assert f"at most {number('base')} ms before the first repeat" in page
    assert f"up to {number('ceiling')} ms" in page
    assert f"It begins with {number('capacity') // number('cost')};" in page
    assert number("costAfterSilence") == 2 * number("cost")
    assert number("cost") == 5 * number("refund")
    assert f"{number('success', (calls / 'AkoolCode.swift').read_text())} is success" in page


def test_every_file_it_links_to_exists(page, root):
    targets = re.findall(r"\]\(([^)#]+)\)", page)
    assert targets
    for target in targets:
        assert (root / "docs" / target).exists(), target
