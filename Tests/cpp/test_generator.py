"""scripts/generate_cpp.py: the header is what the library makes it, and takes in what a newer library has."""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path

import pytest
from support import cpp_programs as cpp
from support.locations import REPOSITORY

GENERATOR = REPOSITORY / "scripts" / "generate_cpp.py"
HEADER = REPOSITORY / "include" / "akool.hpp"


@pytest.fixture(scope="module")
def generator():
    sys.path.insert(0, str(GENERATOR.parent))
    try:
        import generate_cpp

        return generate_cpp
    finally:
        sys.path.remove(str(GENERATOR.parent))


@pytest.mark.timeout(cpp.COMPILE_BOUND_S)
def test_more_operations_and_results_are_taken_in(generator, library, tmp_path: Path) -> None:
    catalogue = copy.deepcopy(library.describe())
    some = catalogue["operations"][0]
    for name in ("resource.resweep", "voice.register", "thing.new", "ping"):
        catalogue["operations"].append({**some, "name": name})
    catalogue["results"].append({"value": 99, "name": "NEW_TROUBLE", "summary": 'Something "new".'})
    template = (REPOSITORY / "scripts" / "akool.hpp.in").read_text()
    (tmp_path / "akool.hpp").write_text(generator.render(template, catalogue))
    source = tmp_path / "more.cpp"
    source.write_text(MORE)
    cpp.compiled(source, ("-I", str(tmp_path)))


MORE = """\
#include "akool.hpp"

int main() {
  const auto offline = akool::offline();
  const bool failed =
      !offline.resource().resweep("{}") && !offline.voice().register_("{}") && !offline.thing().new_("{}");
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
    header = HEADER.read_text()
    comments = re.sub(r"\s+", " ", header.replace("///", " "))
    for operation in library.describe()["operations"]:
        assert f'perform("{operation["name"]}"' in header
        endpoint = operation.get("endpoint")
        assert endpoint is None or f"`{endpoint['method']} {endpoint['path']}`" in header
        for name in operation["parameters"].get("properties", {}):
            assert name == "extra_params" or f"- `{name}` (" in comments
