"""The header compiles without a warning in every language and standard that it promises."""

import subprocess

import pytest

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wsign-conversion", "-Wstrict-prototypes", "-Werror"]
STRICT_CPP = [option for option in STRICT if option != "-Wstrict-prototypes"] + ["-Wold-style-cast", "-Wuseless-cast"]
C = ["c89", "c99", "c11", "c17", "c2x"]
CPP = ["c++11", "c++14", "c++17", "c++20", "c++23"]
MATRIX = [(compiler, standard) for compiler in ("gcc", "clang") for standard in C + CPP]


def source(header):
    """Includes the header twice, first of all, and uses every name in it."""
    lines = ["#include <akool.h>", "#include <akool.h>", "akool_result check(akool_result result);"]
    lines += ["akool_result check(akool_result result) {", "  switch (result) {"]
    lines += [f"    case {name}: return {name};" for name in header.names("AKOOL_ERR_")]
    lines += ["    default: return AKOOL_OK;", "  }", "}"]
    for name in header.names("AKOOL_OP_") + header.names("AKOOL_EVENT_"):
        lines += [f"extern const char {name.lower()}[];", f"const char {name.lower()}[] = {name};"]
    for name in header.names("AKOOL_LOG_"):
        lines += [f"extern const int32_t {name.lower()};", f"const int32_t {name.lower()} = {name};"]
    lines += ["typedef void (*any_function)(void);", "any_function find(int index);", "any_function find(int index) {"]
    for index, function in enumerate(header.functions):
        cast = f"reinterpret_cast<any_function>({function.name})"
        lines += ["#ifdef __cplusplus", f"  if (index == {index}) return {cast};"]
        lines += ["#else", f"  if (index == {index}) return (any_function){function.name};", "#endif"]
    lines += ["#if AKOOL_VERSION_NUMBER < 1", "#error no version", "#endif", "  return 0;", "}"]
    return "\n".join(lines) + "\n"


def compile_strictly(compiler, standard, root, text, tmp_path):
    is_cpp = standard.startswith("c++")
    name = tmp_path / ("use.cpp" if is_cpp else "use.c")
    name.write_text(text)
    options = STRICT_CPP if is_cpp else STRICT
    if compiler == "clang":
        options = [option for option in options if option != "-Wuseless-cast"]
    program = {("gcc", True): "g++", ("clang", True): "clang++"}.get((compiler, is_cpp), compiler)
    command = [program, f"-std={spelled(standard)}", *options, "-I", root / "include"]
    command += ["-c", name, "-o", tmp_path / "use.o"]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)


def spelled(standard):
    return "c++2b" if standard == "c++23" else standard


@pytest.mark.parametrize("compiler, standard", MATRIX)
def test_compiles_without_warning(compiler, standard, root, header, tmp_path):
    outcome = compile_strictly(compiler, standard, root, source(header), tmp_path)
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("compiler, standard", [("gcc", "c89"), ("clang", "c++23")])
def test_misuse_does_not_compile(compiler, standard, root, header, tmp_path):
    for statement in (
        "akool_cancel(1.5f, 1);",  # a handle has a type of its own
        "akool_call(0, AKOOL_OP_SESSION_CREAT, 0, 0, 0);",  # a typo in an operation
        "akool_client_create(0, 0, 0);",  # a result that nobody looks at
    ):
        text = f"{source(header)}\nvoid misuse(void);\nvoid misuse(void) {{ {statement} }}\n"
        outcome = compile_strictly(compiler, standard, root, text, tmp_path)
        assert outcome.returncode != 0, statement


def test_is_ascii_and_no_wider_than_120_columns(header):
    assert header.text.isascii()
    assert max(len(line) for line in header.text.split("\n")) <= 120
    assert "\t" not in header.text


def test_constants_are_complete(header):
    results = {name: value for name, value in header.constants.items() if name.startswith("AKOOL_ERR_")}
    assert sorted(map(int, results.values())) == list(range(1, len(results) + 1))
    assert header.constants["AKOOL_OK"] == "0"
    assert header.names("AKOOL_OP_") and header.names("AKOOL_EVENT_") and header.names("AKOOL_LOG_")
