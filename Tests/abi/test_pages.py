"""What the pages link to and name exists: files, sections, tests, functions, operations, keys, targets of make."""

import json
import re
import subprocess

import pytest

from .pages import FOLDERS, Page, pages
from .places import ROOT

PAGES = {page.name: page for page in pages(ROOT)}
# In these, `client.call` and its like are code of the binding's language.
OF_BINDINGS = re.compile(r"bindings/.*|docs/(node|python|cpp)\.md")
# What AKOOL and others call things is not for us to keep true.
OF_OTHERS = re.compile(r"docs/api/.*")
# Words of other systems, in the pages about living with them.
OF_HOSTS = {
    "add_reader",
    "after_fork",
    "at_exit",
    "before_worker_boot",
    "c_void_p",
    "detect_leaks",
    "enif_select",
    "exit_process",
    "init_process",
    "io_uring",
    "post_fork",
    "preload_app",
    "pthread_exit",
    "quick_exit",
    "worker_exit",
    "worker_process_init",
    "worker_process_shutdown",
}
OURS = sorted(name for name in PAGES if not OF_OTHERS.fullmatch(name))


@pytest.fixture(scope="session")
def sources():
    """Every word of everything but the pages."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or [path for path in ROOT.rglob("*") if path.is_file()]
    kinds = {*".swift .h .hpp .c .cpp .py .sh .js .mjs .cjs .ts .json .in .map".split(), ""}
    chosen = [path for path in paths if path.suffix in kinds and path.is_file() and path.stat().st_size < 2_000_000]
    return {word for path in chosen for word in re.findall(r"\w+", path.read_text(encoding="utf-8", errors="ignore"))}


def members(schema, path=()):
    """The dotted names of what is inside the members of an object."""
    for key, inner in schema.get("properties", {}).items():
        if path:
            yield ".".join((*path, key))
        yield from members(inner, (*path, key))


@pytest.fixture(scope="session")
def dotted(catalogue):
    """Operations, events, and keys inside other keys."""
    names = {entry["name"] for entry in catalogue["operations"]} | {event["type"] for event in catalogue["events"]}
    schemas = [catalogue["configuration"], *(entry["parameters"] for entry in catalogue["operations"])]
    return names.union(*(members(schema) for schema in schemas))


def test_there_are_pages():
    assert {"README.md", "docs/errors.md", "docs/comparison.md"} <= set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_link_leads_somewhere(name):
    page = PAGES[name]
    for target in page.links():
        path, _, anchor = target.partition("#")
        file = (page.path.parent / path).resolve() if path else page.path
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in Page(file, ROOT).anchors(), target


@pytest.mark.parametrize("name", OURS)
def test_every_constant_function_and_variable_exists(name, header, sources):
    functions = {function.name for function in header.functions}
    for word in re.findall(r"\bakool_[a-z_]+\b", " ".join(PAGES[name].names())):
        assert word in functions or word in sources, word
    # AKOOL_1 and its like are versions of symbols.
    for word in re.findall(r"\bAKOOL_[A-Z][A-Z0-9_]*[A-Z0-9]\b", " ".join(PAGES[name].names())):
        assert word in header.constants or any(known.startswith(word) for known in sources), word


@pytest.mark.parametrize("name", [name for name in OURS if not OF_BINDINGS.fullmatch(name)])
def test_every_operation_event_and_key_exists(name, dotted):
    groups = {word.split(".")[0] for word in dotted}
    for word in PAGES[name].names():
        if re.fullmatch(r"[a-z]+\.[a-z_0-9]+", word) and word.split(".")[0] in groups:
            assert word in dotted or re.search(r"\.(h|hpp|db|so|md|py|js|json|pc)$", word), word


@pytest.mark.parametrize("name", OURS)
def test_every_word_with_an_underscore_is_one_of_ours(name, catalogue, sources):
    known = sources | set(re.findall(r"\w+", json.dumps(catalogue)))
    for word in PAGES[name].names():
        if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", word) and word not in OF_HOSTS:
            assert word in known, word


@pytest.mark.parametrize("name", OURS)
def test_every_target_of_make_and_every_path_exists(name):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = "\n".join(PAGES[name].names() + PAGES[name].blocks("sh"))
    for target in re.findall(r"(?:^|&& |sudo )make ([a-z-]+)", commands, re.MULTILINE):
        assert target in targets, target
    for word in PAGES[name].names():
        path = re.fullmatch(rf"((?:{FOLDERS})/[\w./-]+?)(?: .*)?", word)
        if path and "/.build" not in word:
            assert (ROOT / path.group(1)).exists(), word


def has_test(file, name):
    """Whether a test of this name is in the file; a scenario is a test by itself."""
    text = file.read_text(encoding="utf-8")
    forms = {
        ".py": rf"^(?:async )?def {re.escape(name)}\(",
        ".swift": rf"@Test\b[^{{]*\bfunc {re.escape(name)}\(",
        ".c": rf"^TEST\({re.escape(name)}\)",
        ".mjs": rf'^test\("{re.escape(name)}"',
    }
    if file.suffix == ".json":
        return file.stem == name
    return re.search(forms[file.suffix], text, re.MULTILINE) is not None


def shown_by(cells):
    return re.findall(r"\[`([^`]+)`\]\(\.\./(Tests/[^)]+)\)", cells[-1])


class TestComparison:
    """docs/comparison.md: every claim has its test."""

    page = PAGES["docs/comparison.md"]
    rows = [(section, cells) for section, cells in page.rows() if section != "What is not here"]

    def test_has_rows(self):
        assert len(self.rows) > 90 and all(len(cells) in (3, 4) for _, cells in self.rows)
        demands = [cells[0].split(".")[0] for section, cells in self.rows if section == "What users ask for"]
        assert demands == [f"D{number}" for number in range(1, 19)]
        assert sum(section == "What none of them had" for section, _ in self.rows) == 17

    @pytest.mark.parametrize("cells", [cells for _, cells in rows], ids=[cells[0] for _, cells in rows])
    def test_row_has_tests_that_exist(self, cells):
        tests = shown_by(cells)
        for name, path in tests:
            assert (ROOT / path).is_file(), path
            assert has_test(ROOT / path, name), f"{path} has no test {name}"
        admits = re.search(r"\b(less|none)\b", cells[-2])
        assert tests or re.search(r"`make [a-z-]+`", cells[-1]) or (admits and cells[-1] == "–"), cells

    def test_nothing_that_is_not_here_is_said_to_be(self):
        absent = [cells for section, cells in self.page.rows() if section == "What is not here"]
        assert absent and all("not here" in cells[-1] or "AKOOL has none" in cells[-1] for cells in absent)

    def test_numbers_are_those_of_the_catalogue(self, header, catalogue):
        errors = len(header.names("AKOOL_ERR_"))
        for said in (
            f"{len(header.functions)} functions",
            f"{errors} results",
            f"{len(catalogue['events'])} types",
            f"all {len(catalogue['akool_codes'])} numbers",
        ):
            assert said in self.page.text, said

    @pytest.mark.parametrize(
        "path, name",
        [
            ("Tests/network/test_tls.py", "test_that_is_not_there"),
            ("Tests/c/test_exit.c", "no_such_test"),
            ("Tests/AkoolCoreTests/Sessions/SpendingTests.swift", "refusal"),
            ("Tests/node/calls.test.mjs", "methods"),
        ],
    )
    def test_a_test_that_is_missing_is_noticed(self, path, name):
        assert not has_test(ROOT / path, name)
