"""The C++ binding: its header in every dialect, its behaviour under the sanitizers, and its driver for the scenarios."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.locations import REPOSITORY, library_path

_SPEC = importlib.util.spec_from_file_location("cpp_building", Path(__file__).with_name("building.py"))
building = sys.modules.setdefault("cpp_building", importlib.util.module_from_spec(_SPEC))
if not hasattr(building, "program"):
    _SPEC.loader.exec_module(building)

GENERATOR = REPOSITORY / "scripts" / "generate_cpp.py"
UNITS = building.FOLDER / "units"
MODES = {"plain": (), "no exceptions": ("-fno-exceptions",), "no rtti": ("-fno-rtti",), "neither": building.WITHOUT}
SLOW = pytest.mark.timeout(building.COMPILE_BOUND_S + building.RUN_BOUND_S)

# What a test that ends its program has to say before.
LAST_WORDS = {
    "dies_when_a_reply_function_throws": "thrown",
    "dies_when_an_event_function_throws": "thrown",
    "dies_of_the_value_of_an_error": "akool: NOT_FOUND: ",
    "dies_of_a_client_that_cannot_be_made": "akool: UNAUTHENTICATED: ",
}


@pytest.fixture(scope="module")
def generator():
    sys.path.insert(0, str(GENERATOR.parent))
    try:
        import generate_cpp
        return generate_cpp
    finally:
        sys.path.remove(str(GENERATOR.parent))


# Behaviour.


@SLOW
@pytest.mark.parametrize("source, name", list(building.all_tests()))
def test_behaviour(source: str, name: str) -> None:
    program = building.program(building.FOLDER / source, building.flags_of(source))
    outcome = building.run([program, name], env=building.environment())
    if name.startswith("dies_"):
        assert outcome.returncode == -signal.SIGABRT and LAST_WORDS[name] in outcome.stderr, outcome
    else:
        assert outcome.returncode == 0, outcome.stderr[-6000:]


@SLOW
@pytest.mark.parametrize("name", building.names(building.FOLDER / "test_json.cpp"))
def test_json_where_charconv_knows_no_fractions(name: str) -> None:
    program = building.program(building.FOLDER / "test_json.cpp", ("-DAKOOL_CPP_CHARCONV=0", *building.SANITIZED))
    outcome = building.run([program, name], env=building.environment())
    assert outcome.returncode == 0, outcome.stderr[-6000:]


# The header.


@SLOW
@pytest.mark.parametrize("mode", list(MODES))
@pytest.mark.parametrize("standard", building.STANDARDS)
@pytest.mark.parametrize("compiler", building.compilers())
def test_two_units_make_a_program(compiler: str, standard: str, mode: str) -> None:
    objects = [building.compiled(UNITS / name, MODES[mode], compiler, standard) for name in ("first.cpp", "second.cpp")]
    outcome = building.run([building.linked(objects, MODES[mode], compiler)], env=building.environment())
    assert outcome.returncode == 0 and outcome.stdout.startswith("NOT_FOUND: "), outcome


@SLOW
@pytest.mark.parametrize("first, second", [("plain", "neither"), ("neither", "plain")])
def test_units_with_and_without_exceptions_make_a_program(first: str, second: str) -> None:
    objects = [building.compiled(UNITS / "first.cpp", MODES[first]), building.compiled(UNITS / "second.cpp", MODES[second])]
    outcome = building.run([building.linked(objects)], env=building.environment())
    assert outcome.returncode == 0, outcome


@SLOW
@pytest.mark.parametrize("compiler", building.compilers())
def test_optimising_brings_no_warnings(compiler: str) -> None:
    building.compiled(UNITS / "second.cpp", ("-O2",), compiler)


@SLOW
def test_macros_of_unreal_engine_are_survived() -> None:
    assert building.run([building.program(UNITS / "macros.cpp")]).returncode == 0


@SLOW
def test_every_method_does_its_operation(library, tmp_path: Path) -> None:
    lines = []
    for operation in library.describe()["operations"]:
        group, _, method = operation["name"].rpartition(".")
        method = {"delete": "delete_"}.get(method, method)
        place = f"all.{method}" if group in ("", "client") else f"all.{group}().{method}"
        lines.append(f'  expect({place}({{}}, {{}}), "{operation["name"]}");')
    source = tmp_path / "methods.cpp"
    source.write_text(METHODS.replace("@CALLS@", "\n".join(lines)))
    outcome = building.run([building.program(source)])
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


# The generator.


def test_the_header_is_as_generated() -> None:
    outcome = building.run([sys.executable, GENERATOR, "--check", "--library", library_path()])
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_a_changed_header_is_noticed(tmp_path: Path) -> None:
    changed = tmp_path / "akool.hpp"
    changed.write_text((REPOSITORY / "include" / "akool.hpp").read_text() + "\n")
    outcome = building.run([sys.executable, GENERATOR, "--check", "--library", library_path(), "--header", changed])
    assert outcome.returncode == 1 and outcome.stdout.startswith("---")


@SLOW
def test_more_operations_and_results_are_taken_in(generator, library, tmp_path: Path) -> None:
    catalogue = copy.deepcopy(library.describe())
    some = catalogue["operations"][0]
    for name in ("resource.resweep", "voice.register", "thing.new", "ping"):
        catalogue["operations"].append({**some, "name": name})
    catalogue["results"].append({"value": 99, "name": "NEW_TROUBLE", "summary": "Something \"new\"."})
    template = (REPOSITORY / "scripts" / "akool.hpp.in").read_text()
    (tmp_path / "akool.hpp").write_text(generator.render(template, catalogue))
    source = tmp_path / "more.cpp"
    source.write_text(MORE)
    building.compiled(source, ("-I", str(tmp_path)))


MORE = """\
#include "akool.hpp"

int main() {
  const auto offline = akool::offline();
  const bool failed = !offline.resource().resweep("{}") && !offline.voice().register_("{}") && !offline.thing().new_("{}");
  static_assert(std::is_base_of_v<akool::exception, akool::new_trouble_error>);
  return failed && !offline.ping("{}") && akool::errc::new_trouble == static_cast<akool::errc>(99) ? 0 : 1;
}
"""


@pytest.mark.parametrize("name", ["events.take", "client.async", "session"])
def test_operations_that_hide_other_members_are_refused(generator, library, name: str) -> None:
    catalogue = copy.deepcopy(library.describe())
    catalogue["operations"].append({**catalogue["operations"][0], "name": name})
    with pytest.raises(generator.Mistake):
        generator.values(catalogue)


def test_every_operation_and_parameter_is_documented(library) -> None:
    header = (REPOSITORY / "include" / "akool.hpp").read_text()
    comments = re.sub(r"\s+", " ", header.replace("///", " "))
    for operation in library.describe()["operations"]:
        assert f'perform("{operation["name"]}"' in header
        endpoint = operation.get("endpoint")
        assert endpoint is None or f"`{endpoint['method']} {endpoint['path']}`" in header
        for name in operation["parameters"].get("properties", {}):
            assert name == "extra_params" or f"- `{name}` (" in comments


# The driver, with which the scenarios of Tests/conformance run through this binding.

SIMULATED = {"base_url": "simulator:", "environment": False}
DRIVEN = [
    ({"do": "create", "client": "main", "config": SIMULATED}, {"result": "OK"}),
    ({"do": "create", "client": "bad", "config": {"api_kee": "k"}},
     {"result": "INVALID_ARGUMENT", "class": "invalid_argument_error"}),
    ({"do": "call", "client": "main", "operation": "account.credit", "params": None, "options": {"tag": "t"}},
     {"result": "OK"}),
    ({"do": "call", "client": "main", "operation": "session.detail", "params": {"id": "0" * 24}, "options": None},
     {"result": "NOT_FOUND", "class": "not_found_error"}),
    ({"do": "submit", "client": "main", "operation": "account.credit", "params": None, "options": {"reply": "event"}},
     {"result": "OK", "request": 3}),
    ({"do": "next_event", "client": "main", "timeout_ms": 60000}, {"result": "OK"}),
    ({"do": "submit", "client": "main", "operation": "account.credit", "params": {}, "options": None},
     {"result": "OK", "request": 4}),
    ({"do": "cancel", "client": "main", "request": 4}, {"result": "OK"}),
    ({"do": "wait", "client": "main", "request": 4, "timeout_ms": 60000}, {}),
    ({"do": "wait", "client": "main", "request": 4, "timeout_ms": 0}, {"result": "NOT_FOUND", "reply": None}),
    ({"do": "next_event", "client": "main", "timeout_ms": 0}, {"result": "OK", "event": None}),
    ({"do": "destroy", "client": "main"}, {"result": "OK"}),
    ({"do": "call", "client": "main", "operation": "account.credit"}, {"result": "BAD_HANDLE", "class": "bad_handle_error"}),
    ({"do": "create", "client": "left", "config": SIMULATED}, {"result": "OK"}),
]


@SLOW
def test_driver() -> None:
    lines = "".join(json.dumps({"id": number, **asked}) + "\n" for number, (asked, _) in enumerate(DRIVEN))
    driver = building.program(building.FOLDER / "driver.cpp", building.SANITIZED)
    outcome = subprocess.run([driver], input=lines, env=building.environment(), capture_output=True, text=True, timeout=100)
    assert outcome.returncode == 0, outcome.stderr
    answers = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(DRIVEN)))
    for answer, (asked, expected) in zip(answers, DRIVEN):
        assert {key: answer.get(key) for key in expected} == expected, (asked, answer)
    assert answers[2]["reply"]["meta"]["tag"] == "t"
    assert answers[3]["reply"]["error"]["code"] == "NOT_FOUND"
    assert answers[5]["event"]["type"] == "reply" and answers[5]["event"]["request_id"] == 3
    assert answers[8]["result"] in ("OK", "CANCELLED")
