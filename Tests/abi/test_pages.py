"""Links of the pages lead somewhere, and the tests, functions, operations and targets that they name exist."""

import re

import pytest

from .pages import FOLDERS, Page, pages
from .places import ROOT

PAGES = {page.name: page for page in pages(ROOT)}
# In these, `client.call` and its like are code of the binding's language.
OF_BINDINGS = re.compile(r"bindings/.*|docs/(node|python|cpp)\.md")
OURS = [page for name, page in sorted(PAGES.items()) if not name.startswith("docs/api/")]


def members(schema, path=()):
    """Yields the dotted names of what is inside the members of an object."""
    for key, inner in schema.get("properties", {}).items():
        if path:
            yield ".".join((*path, key))
        yield from members(inner, (*path, key))


@pytest.fixture(scope="session")
def dotted(catalogue):
    """Operations, events, and keys inside other keys."""
    names = {entry["name"] for entry in catalogue["operations"]} | {event["type"] for event in catalogue["events"]}
    of_operations = [entry[part] for entry in catalogue["operations"] for part in ("parameters", "result")]
    schemas = [catalogue["configuration"], *of_operations]
    return names.union(*(members(schema) for schema in schemas))


def broken_links(page):
    for target in page.links():
        path, _, anchor = target.partition("#")
        file = (page.path.parent / path).resolve() if path else page.path
        has_anchor = not anchor or file.suffix != ".md" or (file.exists() and anchor in Page(file, ROOT).anchors())
        if not file.exists() or not has_anchor:
            yield f"{page.name}: {target}"


def test_pages_link_to_existing_files_and_sections():
    assert {"README.md", "docs/errors.md", "docs/comparison.md"} <= set(PAGES)
    assert [link for page in PAGES.values() for link in broken_links(page)] == []


def test_pages_name_existing_functions(header):
    known = {function.name for function in header.functions}
    types = set(re.findall(r"\bakool_\w+", header.text))
    named = {(page.name, word) for page in OURS for word in re.findall(r"\bakool_[a-z_]+(?=\()", page.text)}
    assert named and sorted((page, word) for page, word in named if word not in known | types) == []


def test_pages_name_existing_operations_events_and_keys(dotted):
    groups = {word.split(".")[0] for word in dotted}
    files = re.compile(r".*\.(h|hpp|db|so|md|py|js|json|pc)")
    words = [(page.name, word) for page in OURS if not OF_BINDINGS.fullmatch(page.name) for word in page.names()]
    named = [(page, word) for page, word in words if re.fullmatch(r"[a-z]+\.[a-z_0-9]+", word)]
    unknown = [item for item in named if item[1].split(".")[0] in groups and item[1] not in dotted]
    assert [item for item in unknown if not files.fullmatch(item[1])] == []


def test_pages_name_existing_targets_and_paths():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in OURS:
        commands = "\n".join(page.names() + page.blocks("sh"))
        for target in re.findall(r"(?:^|&& |sudo )make ([a-z-]+)", commands, re.MULTILINE):
            assert target in targets, (page.name, target)
        for word in page.names():
            path = re.fullmatch(rf"((?:{FOLDERS})/[\w./-]+?)(?: .*)?", word)
            if path and "/.build" not in word:
                assert (ROOT / path.group(1)).exists(), (page.name, word)


def has_test(path, name):
    """Returns whether a file has a test of this name; a scenario is a test by itself."""
    file = ROOT / path
    forms = {
        ".py": rf"^(?:async )?def {re.escape(name)}\(",
        ".swift": rf"@Test\b[^{{]*\bfunc {re.escape(name)}\(",
        ".c": rf"^TEST\({re.escape(name)}\)",
        ".mjs": rf'^test\("{re.escape(name)}"',
    }
    if not file.is_file():
        return False
    if file.suffix == ".json":
        return file.stem == name
    return re.search(forms[file.suffix], file.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_comparison_names_existing_tests():
    named = [
        found
        for _, cells in PAGES["docs/comparison.md"].rows()
        for found in re.findall(r"\[`([^`]+)`\]\(\.\./(Tests/[^)]+)\)", cells[-1])
    ]
    assert named and [name for name, path in named if not has_test(path, name)] == []


def test_missing_test_is_noticed():
    assert not has_test("Tests/network/test_tls.py", "test_that_is_not_there")
