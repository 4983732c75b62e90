"""The header and the one that the Swift compiler writes agree on every function.

The compiler's header shows C functions to Objective-C only, and has no type for a client.
"""

import re
import subprocess

import pytest


def compile_both(build, folder, text):
    (folder / "Foundation").mkdir()
    (folder / "Foundation/Foundation.h").write_text("")
    (folder / "akool.h").write_text(text)
    (folder / "both.c").write_text(
        '#define AKOOL_UNTYPED_CLIENT\n#include "akool.h"\n#define __OBJC__ 1\n#include "AkoolABI-Swift.h"\n'
    )
    command = ["clang", "-std=c17", "-fsyntax-only", "-Wall", "-Werror", "-I", folder]
    command += ["-isystem", build / "AkoolABI.build/include", folder / "both.c"]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)


def test_both_headers_compile_together(build, header, tmp_path):
    outcome = compile_both(build, tmp_path, header.text)
    assert outcome.returncode == 0, outcome.stderr


def test_both_headers_have_the_same_functions(build, header):
    text = (build / "AkoolABI.build/include/AkoolABI-Swift.h").read_text()
    found = set(re.findall(r"^SWIFT_EXTERN[^;]*?\b(akool_\w+)\(", text, re.MULTILINE))
    assert found == {function.name for function in header.functions}


@pytest.mark.parametrize(
    "old, new",
    [
        ("uint64_t request_id);", "uint32_t request_id);"),
        ("akool_result akool_client_destroy", "int64_t akool_client_destroy"),
        ("const char *config_json", "char *config_json"),
        ("int32_t level, const char *record_json", "int64_t level, const char *record_json"),
    ],
)
def test_a_difference_is_seen(build, header, tmp_path, old, new):
    assert old in header.text
    assert compile_both(build, tmp_path, header.text.replace(old, new)).returncode != 0
