"""The C++ header compiles everywhere and has everything: dialects, flags, compilers, macros, operations."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import cpp_programs as cpp

pytestmark = pytest.mark.timeout(cpp.COMPILE_BOUND_S + cpp.RUN_BOUND_S)

UNITS = cpp.FOLDER / "units"
STANDARDS = ("c++17", "c++20", "c++23")
HALF = {"exceptions": ("-fno-rtti",), "rtti": ("-fno-exceptions",)}


def run_together(first: Path, second: Path) -> None:
    """A program of two files that both include the header, each compiled in its way."""
    outcome = cpp.run([cpp.linked([first, second])], env=cpp.environment())
    assert outcome.returncode == 0 and outcome.stdout.startswith("NOT_FOUND: "), outcome


def first(*flags: str) -> Path:
    return cpp.compiled(UNITS / "first.cpp", flags)


def second(*flags: str, **how: str) -> Path:
    return cpp.compiled(UNITS / "second.cpp", flags, **how)


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("compiler", cpp.compilers())
def test_dialects_and_compilers_make_one_program(compiler: str, standard: str) -> None:
    run_together(first(), second(compiler=compiler, standard=standard))


@pytest.mark.parametrize("compiler", cpp.compilers())
def test_without_exceptions_and_rtti(compiler: str) -> None:
    run_together(first(*cpp.WITHOUT), second(*cpp.WITHOUT, compiler=compiler))


def test_units_with_and_without_exceptions_make_one_program() -> None:
    run_together(first(), second(*cpp.WITHOUT))
    run_together(first(*cpp.WITHOUT), second())


@pytest.mark.parametrize("kept", list(HALF))
def test_one_of_exceptions_and_rtti_will_do(kept: str) -> None:
    second(*HALF[kept])


@pytest.mark.parametrize("compiler", cpp.compilers())
def test_optimising_brings_no_warnings(compiler: str) -> None:
    second("-O2", compiler=compiler)


def test_macros_of_unreal_engine_are_survived() -> None:
    assert cpp.run([cpp.program(UNITS / "macros.cpp")], env=cpp.environment()).returncode == 0


def test_hidden_symbols_do_not_hide_exceptions() -> None:
    """What a plug-in throws is caught by its host, also where both hide their symbols."""
    listed = cpp.run(["readelf", "-sW", "--demangle", first("-fvisibility=hidden")])
    wanted = "typeinfo for akool::throwing::not_found_error"
    lines = [line for line in listed.stdout.splitlines() if line.endswith(wanted)]
    assert lines and all("HIDDEN" not in line for line in lines), lines


def test_every_method_does_its_operation(library, tmp_path: Path) -> None:
    lines = []
    for operation in library.describe()["operations"]:
        group, _, method = operation["name"].rpartition(".")
        method = {"delete": "delete_"}.get(method, method)
        place = f"all.{method}" if group in ("", "client") else f"all.{group}().{method}"
        lines.append(f'  expect({place}({{}}, {{}}), "{operation["name"]}");')
    source = tmp_path / "methods.cpp"
    source.write_text(METHODS.replace("@CALLS@", "\n".join(lines)))
    outcome = cpp.run([cpp.program(source)], env=cpp.environment())
    assert outcome.returncode == 0, outcome.stderr


METHODS = """\
#include <algorithm>
#include <akool.hpp>
#include <iostream>

struct namer {
  using reply = std::string;
  std::string perform(const char *operation, const akool::object &, const akool::object &) const { return operation; }
};

static std::size_t seen = 0;
static int wrong = 0;

static void expect(const std::string &is, const std::string &should_be) {
  const auto &names = akool::operation_names;
  const bool named = std::find(std::begin(names), std::end(names), should_be) != std::end(names);
  ++seen;
  if (is == should_be && named) return;
  ++wrong;
  std::cerr << should_be << ": " << is << std::endl;
}

int main() {
  const akool::operations<namer> all{namer{}};
@CALLS@
  return wrong == 0 && seen == std::size(akool::operation_names) ? 0 : 1;
}
"""
