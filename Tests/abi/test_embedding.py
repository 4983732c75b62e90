"""docs/embedding.md: its snippets fit the header, compile, and run; what it says of loading is so."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .pages import Page
from .places import ROOT

HERE = Path(__file__).parent
PAGE = Page(ROOT / "docs/embedding.md", ROOT)

# What a parameter or result of the header is in C#. Callbacks are never given there.
CSHARP = {
    "void": "void",
    "akool_result": "int",
    "int32_t": "int",
    "int": "int",
    "int64_t": "long",
    "uint64_t": "ulong",
    "uint64_t *": "out ulong",
    "const char *": "byte[]",
    "char *": "IntPtr",
    "char **": "out IntPtr",
    "akool_client *": "IntPtr",
    "akool_client **": "out IntPtr",
    "void *": "IntPtr",
    "akool_reply_callback": "IntPtr",
    "akool_status_callback": "IntPtr",
    "akool_log_callback": "IntPtr",
}


def in_csharp(function):
    """Result and parameters that C# has to declare for a function of the header."""
    arguments = re.search(r"\((.*)\)", function.declaration.split(function.name, 1)[1]).group(1)
    types = [] if arguments == "void" else [re.sub(r"\w+$", "", part.strip()).strip() for part in arguments.split(",")]
    result = "IntPtr" if function.result == "const char *" else CSHARP[function.result]
    return result, [CSHARP[kind] for kind in types]


def imports(text):
    """The DllImport declarations of C# text: name → (result, types of the parameters)."""
    pattern = r"\[DllImport\(Library\)\] public static extern (\w+) (akool_\w+)\(([^)]*)\);"
    return {
        name: (result, [" ".join(part.split()[:-1]) for part in arguments.split(",") if part.strip()])
        for result, name, arguments in re.findall(pattern, text)
    }


@pytest.fixture(scope="module")
def csharp():
    native, behaviour, _module = PAGE.blocks("csharp")
    return native, behaviour


def test_declarations_for_unity_are_those_of_the_header(csharp, header):
    declared = imports(csharp[0])
    assert len(declared) == csharp[0].count("[DllImport") >= 12
    functions = {function.name: function for function in header.functions}
    for name, found in declared.items():
        assert found == in_csharp(functions[name]), name
    assert set(re.findall(r"Native\.(akool_\w+)", csharp[0])) <= set(declared)


@pytest.mark.parametrize(
    "old, new", [("int32_t", "int64_t"), ("const char *parameters", "char *parameters"), ("uint64_t *", "uint64_t ")]
)
def test_a_declaration_that_does_not_fit_is_noticed(old, new):
    from .header import Function

    comment = "/**\n * A function.\n */"
    declaration = "AKOOL_API akool_result akool_f(int32_t level, const char *parameters, uint64_t *request);"
    text = "[DllImport(Library)] public static extern int akool_f(int level, byte[] parameters, out ulong request);"
    assert imports(text)["akool_f"] == in_csharp(Function(comment, declaration))
    assert imports(text)["akool_f"] != in_csharp(Function(comment, declaration.replace(old, new)))


@pytest.mark.skipif(not (shutil.which("mcs") and shutil.which("mono")), reason="Mono is not installed")
def test_snippets_for_unity_run(csharp, library, tmp_path, run_command):
    for number, text in enumerate((*csharp, (HERE / "embedding/unity.cs").read_text())):
        (tmp_path / f"part{number}.cs").write_text(text)
    (tmp_path / "libakool.so").symlink_to(library)
    run_command("mcs", "-warnaserror", "-out:program.exe", *sorted(tmp_path.glob("*.cs")), cwd=tmp_path)
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    told = run_command("mono", "program.exe", str(tmp_path), cwd=tmp_path, env=environment)
    assert "SIMULATED-" in told and "über" in told, told


def test_snippet_for_unreal_compiles_and_runs(library, tmp_path, run_command):
    (snippet,) = PAGE.blocks("cpp")
    (tmp_path / "snippet.h").write_text(snippet)
    for name in ("CoreMinimal.h", "Tickable.h"):
        shutil.copy(HERE / "embedding" / name, tmp_path)
    options = "-std=c++20 -fno-exceptions -fno-rtti -fvisibility=hidden -Wall -Wextra -Werror".split()
    run_command(
        "g++",
        *options,
        "-I",
        tmp_path,
        "-I",
        ROOT / "include",
        HERE / "embedding/unreal.cpp",
        "-o",
        tmp_path / "program",
        library,
        f"-Wl,-rpath,{library.parent}",
    )
    assert "SIMULATED-" in run_command(tmp_path / "program")


def test_a_module_called_akool_does_not_collide_with_the_header(tmp_path):
    """Unreal's build tool defines AKOOL_API for it, as what exports the module's own symbols."""
    (tmp_path / "a.cpp").write_text("#include <akool.h>\n")
    for value in ("", '__attribute__((visibility("default")))'):
        command = [
            "g++",
            "-Werror",
            f"-DAKOOL_API={value}",
            "-I",
            ROOT / "include",
            "-fsyntax-only",
            tmp_path / "a.cpp",
        ]
        outcome = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(
    "options, deep, own", [("-rdynamic", False, True), ("-rdynamic", True, False), ("", False, False)]
)
def test_a_host_with_a_visible_libcurl_of_its_own(options, deep, own, library, tmp_path):
    """Its functions are called, not the system's, unless they are hidden or the library looks at its own first."""
    (snippet,) = PAGE.blocks("c")
    assert "RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND" in snippet
    (tmp_path / "snippet.c").write_text(snippet)
    sources = [tmp_path / "snippet.c", HERE / "embedding/host.c"]
    command = ["gcc", "-Wall", "-Wextra", "-Werror", *options.split(), *sources, "-o", tmp_path / "host", "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    (tmp_path / "libakool.so.1").symlink_to(library)
    outcome = subprocess.run(
        [tmp_path / "host", "deep" if deep else "plain"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path), "LD_DEBUG": "bindings"},
    )
    assert outcome.returncode == (3 if own else 0), outcome.stdout + outcome.stderr[-2000:]
    (command,) = [line for block in PAGE.blocks("sh") for line in block.split("\n") if "LD_DEBUG" in line]
    pattern = re.search(r"grep -E '(.*)'", command).group(1).replace("HOST", str(tmp_path / "host"))
    assert any("curl_" in line for line in outcome.stderr.split("\n") if re.search(pattern, line)) is own
