"""The snippets in docs/c.md and docs/getting-started.md compile without a warning, run, print what they promise, and
free what they are given."""

from __future__ import annotations

import re
from typing import Iterator, Tuple

import pytest
from support.c_programs import Running, watched_program
from support.locations import REPOSITORY

DOCS = REPOSITORY / "docs"
PAGES = {"c.md": 9, "getting-started.md": 1}
SERVICE = {"AKOOL_API_KEY": "simulator", "AKOOL_BASE_URL": "simulator:"}
MAIN = """
int main(void)
{
  akool_client *client;
  if (akool_client_create("{}", &client, NULL) != AKOOL_OK) return EXIT_FAILURE;
  example(client);
  akool_client_destroy(client);
  return EXIT_SUCCESS;
}
"""


def blocks(page: str, language: str) -> Iterator[Tuple[int, str]]:
    """The line where each begins, and its text."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for found in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


def program(page: str, text: str) -> str:
    """The text as a program: a snippet gets the includes of the page's first program, and a client."""
    if "int main(" in text:
        return text
    first = next(text for _, text in blocks(page, "c") if "int main(" in text)
    return "\n".join(re.findall(r"^#include .*$", first, re.MULTILINE)) + "\n" + text + MAIN


SNIPPETS = [pytest.param(page, *block, id=f"{page}:{block[0]}") for page in PAGES for block in blocks(page, "c")]


@pytest.mark.parametrize("page, line, text", SNIPPETS)
def test_snippet_runs(page, line, text, tmp_path):
    source = tmp_path / "snippet.c"
    source.write_text(program(page, text), encoding="utf-8")
    running = Running([watched_program(source)], tmp_path, **SERVICE)
    assert running.end() == 0, running.text
    for promise in re.findall(r"/\* prints (.*?) \*/", text):
        assert promise in running.text, f"docs/{page}:{line}: {promise} is not in\n{running.text}"


@pytest.mark.parametrize("page", PAGES)
def test_there_are_snippets(page):
    found = list(blocks(page, "c"))
    assert len(found) >= PAGES[page] and any("int main(" in text for _, text in found)
