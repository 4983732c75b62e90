"""Every function says what a caller has to know, in the same words and order, with an example that compiles."""

import re
import subprocess

import pytest

from .header import Header
from .places import HEADER

TAGS = ["Ownership", "Threads", "Blocks", "Callbacks", "Errors", "Since"]


def names():
    return [function.name for function in Header(HEADER.read_text()).functions]


@pytest.fixture(params=names())
def function(request, header):
    return next(function for function in header.functions if function.name == request.param)


def test_has_every_tag_in_order(function):
    assert [tag for tag in function.tags() if tag != "Example"] == TAGS
    assert all(function.tag(tag) for tag in TAGS)
    assert re.fullmatch(r"\d+\.\d+", function.tag("Since"))


def test_documents_every_parameter_and_the_result(function):
    assert function.documented_parameters() == function.parameters
    assert any(line.startswith("@return ") for line in function.comment) == (function.result != "void")


def test_names_results_that_exist(function, header):
    mentioned = set(re.findall(r"AKOOL_(?:ERR|OP|LOG|EVENT)_[A-Z_]*[A-Z]", "\n".join(function.comment)))
    assert mentioned <= set(header.constants)


def test_says_what_a_bad_handle_fork_and_exit_do(function):
    errors = function.tag("Errors")
    if function.result == "akool_result":
        assert "AKOOL_ERR_SHUTTING_DOWN" in errors
    if function.result == "akool_result" and function.parameters[0] == "client":
        assert "AKOOL_ERR_BAD_HANDLE" in errors and "AKOOL_ERR_FORKED" in errors


def test_mentions_no_tool_of_another_language(function):
    assert not re.search(r"Swift|Optional|UnsafePointer|throws|nil\b", "\n".join(function.comment))


def compile_example(root, folder, text):
    if not re.search(r"^static |^int main", text, re.MULTILINE):
        text = "static void example(akool_client *client) {\n  (void)client;\n" + text + "\n}"
    source = folder / "example.c"
    headers = ["akool.h", "stdio.h", "stdlib.h", "string.h", "sys/select.h"]
    source.write_text("".join(f"#include <{header}>\n" for header in headers) + text)
    command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-Wno-unused-function"]
    command += ["-fsyntax-only", "-I", str(root / "include"), str(source)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_example_compiles(function, root, tmp_path):
    assert function.name in function.example()
    outcome = compile_example(root, tmp_path, function.example())
    assert outcome.returncode == 0, outcome.stderr


def test_first_example_compiles(header, root, tmp_path):
    block = re.search(r"IN SHORT\n \*\n((?: \*     .*\n)+)", header.text).group(1)
    text = "int main(void) {\n" + re.sub(r"^ \*", "", block, flags=re.MULTILINE) + "  return 0;\n}\n"
    outcome = compile_example(root, tmp_path, text)
    assert outcome.returncode == 0, outcome.stderr


def test_a_bad_example_is_seen(root, tmp_path):
    assert compile_example(root, tmp_path, "akool_cancel(client);").returncode != 0
