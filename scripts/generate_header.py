#!/usr/bin/env python3
"""Makes include/akool.h, or with --check tells whether it is what it should be.

Functions, callbacks and their documentation come from the Swift sources, by way of the compiler's symbol graph of
the built module AkoolABI. Constants come from the built library: its version, and what akool_describe writes. What
stands around them is scripts/akool.h.in.
"""

import argparse
import ctypes
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

from generated import ROOT, Mistake, settle

WIDTH = 120
TAGS = ["Ownership", "Threads", "Blocks", "Callbacks", "Errors", "Since", "Example"]
OPTIONAL_TAGS = {"Example"}

C_TYPES = {
    "()": "void",
    "CInt": "int",
    "Int32": "int32_t",
    "Int64": "int64_t",
    "UInt64": "uint64_t",
    "OpaquePointer?": "akool_client *",
    "UnsafePointer<CChar>?": "const char *",
    "UnsafeMutablePointer<CChar>?": "char *",
    "UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?": "char **",
    "UnsafeMutablePointer<OpaquePointer?>?": "akool_client **",
    "UnsafeMutablePointer<UInt64>?": "uint64_t *",
    "UnsafeMutableRawPointer?": "void *",
}


def c_type(swift):
    """The C type of a Swift one; akool_... names are the same in both."""
    swift = swift.strip()
    if re.fullmatch(r"akool_\w+\??", swift):
        return swift.rstrip("?")
    if swift not in C_TYPES:
        raise Mistake(f"no C type is known for {swift}")
    return C_TYPES[swift]


def declare(kind, name):
    """`char **` and `json` make `char **json`."""
    return f"{kind}{name}" if kind.endswith("*") else f"{kind} {name}"


class Documentation:
    """A Swift documentation comment in parts: prose, parameters, returns and tags."""

    def __init__(self, owner, lines):
        self.owner = owner
        self.prose = []
        self.items = {}
        self.parameters = {}
        item = None
        for line in lines:
            start = re.match(r"- (\w+):\s*(.*)", line)
            if start:
                item = start.group(1)
                self.items[item] = [start.group(2)]
            elif item is None:
                self.prose.append(line)
            else:
                self.items[item].append(line[2:] if line.startswith("  ") else line)
        self._split_parameters()

    def _split_parameters(self):
        name = None
        for line in self.items.pop("Parameters", []):
            start = re.match(r"- (\w+):\s*(.*)", line)
            if start:
                name = start.group(1)
                self.parameters[name] = [start.group(2)]
            elif line.strip():
                self.parameters[name].append(line.strip())

    def check(self, parameters, tags):
        """Complains about whatever is missing or left over."""
        if not any(line.strip() for line in self.prose):
            raise Mistake(f"{self.owner}: says nothing")
        if list(self.parameters) != parameters:
            raise Mistake(f"{self.owner}: documents the parameters {list(self.parameters)}, has {parameters}")
        for tag in tags:
            if tag not in OPTIONAL_TAGS and not "".join(self.items.get(tag, [])).strip():
                raise Mistake(f"{self.owner}: the tag {tag} is missing or empty")
        present = [tag for tag in self.items if tag != "Returns"]
        if present != [tag for tag in tags if tag in present]:
            raise Mistake(f"{self.owner}: the tags are {present}, should be {tags}")

    def comment(self):
        """The C comment."""
        lines = self._paragraphs()
        described = [wrap(f"@param {name} ", text) for name, text in self.parameters.items()]
        if "Returns" in self.items:
            described.append(wrap("@return ", self.items["Returns"]))
        tags = [tag_lines(tag, self.items[tag]) for tag in TAGS[:-1] if tag in self.items]
        for block in (described, tags):
            if block:
                lines += [""] + [line for part in block for line in part]
        if "Example" in self.items:
            lines += ["", "Example:"] + ["    " + line for line in code_of(self.owner, self.items["Example"])]
        return block_comment(self.owner, lines)

    def _paragraphs(self):
        paragraphs = "\n".join(self.prose).strip().split("\n\n")
        lines = []
        for paragraph in paragraphs:
            lines += ([""] if lines else []) + wrap("", [paragraph], hang=0)
        return lines


def plain(text):
    """Characters that any compiler, editor and terminal can show."""
    text = text.replace("\u2026", "...").replace("\u2013", "-")
    if not text.isascii():
        raise Mistake(f"not ASCII: {text}")
    return text


def wrap(head, lines, hang=4):
    text = head + plain(" ".join(" ".join(lines).split()))
    return textwrap.wrap(text, WIDTH - 3, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False)


def tag_lines(tag, lines):
    """A tag with its text, and the points of a list below it."""
    points = []
    for line in lines:
        if line.startswith("- ") or not points:
            points.append([])
        points[-1].append(line)
    head, *rest = points
    return wrap(f"{tag}: ", head) + [
        line for point in rest for line in wrap("    ", [point[0][2:]] + point[1:], hang=8)
    ]


def code_of(owner, lines):
    """The lines between ```c and ```."""
    text = "\n".join(lines).strip("\n")
    found = re.fullmatch(r"\s*```c\n(.*)\n```\s*", text, re.DOTALL)
    if not found:
        raise Mistake(f"{owner}: the example is not a ```c block")
    return found.group(1).split("\n")


def block_comment(owner, lines):
    if any("*/" in line or "/*" in line for line in lines):
        raise Mistake(f"{owner}: /* or */ inside a comment")
    if len(lines) == 1 and len(lines[0]) + 7 <= WIDTH:
        return f"/** {lines[0]} */"
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/**\n{body}\n */"


def name_and_file(symbol):
    return pathlib.Path(symbol["location"]["uri"]).stem, symbol["location"]["position"]["line"]


def documentation(symbol, name):
    lines = [line["text"] for line in symbol.get("docComment", {}).get("lines", [])]
    return Documentation(name, lines)


def spelled(fragments):
    return "".join(fragment["spelling"] for fragment in fragments)


class Function:
    """An exported function."""

    def __init__(self, symbol):
        declaration = spelled(symbol["declarationFragments"])
        found = re.search(r'@_cdecl\("(\w+)"\)', declaration)
        if not found:
            raise Mistake(f"{symbol['names']['title']} is public and no C function")
        self.name = found.group(1)
        self.file, self.line = name_and_file(symbol)
        signature = symbol["functionSignature"]
        self.result = c_type(spelled(signature["returns"]))
        self.parameters = [
            (part["name"], c_type(spelled(part["declarationFragments"]).split(":", 1)[1]))
            for part in signature.get("parameters", [])
        ]
        self.must_be_used = self.result == "akool_result" and "@discardableResult" not in declaration
        self.documentation = documentation(symbol, self.name)
        self.documentation.check([name for name, _ in self.parameters], TAGS)
        if ("Returns" in self.documentation.items) != (self.result != "void"):
            raise Mistake(f"{self.name}: documents a result it has not, or does not document it")

    def declaration(self):
        attributes = "AKOOL_API AKOOL_NODISCARD " if self.must_be_used else "AKOOL_API "
        head = attributes + declare(self.result, self.name) + "("
        parameters = [declare(kind, name) for name, kind in self.parameters] or ["void"]
        return fill(head, parameters, ");")

    def text(self):
        return f"{self.documentation.comment()}\n{self.declaration()}"


class Type:
    """A typedef: a number, or a pointer to a callback."""

    def __init__(self, symbol):
        self.name = symbol["names"]["title"]
        self.file, self.line = name_and_file(symbol)
        self.swift = spelled(symbol["declarationFragments"]).split("=", 1)[1].strip()
        self.documentation = documentation(symbol, self.name)

    def text(self):
        callback = re.fullmatch(r"\((.*)\) -> Void", self.swift)
        kinds = [c_type(kind) for kind in callback.group(1).split(",")] if callback else []
        # The compiler tells the types of a callback's parameters only; the names are those of the documentation.
        names = list(self.documentation.parameters)
        self.documentation.check(names if len(names) == len(kinds) else ["?"] * len(kinds), [])
        comment = self.documentation.comment()
        if not callback:
            return f"{comment}\ntypedef {declare(c_type(self.swift), self.name)};"
        parameters = [declare(kind, name) for kind, name in zip(kinds, names)]
        return comment + "\n" + fill(f"typedef void (*{self.name})(", parameters, ");")


def fill(head, parameters, tail):
    """A declaration on one line, or on several with the parameters below each other."""
    line = head + ", ".join(parameters) + tail
    if len(line) <= WIDTH:
        return line
    packed = textwrap.wrap(", ".join(p.replace(" ", "\0") for p in parameters) + tail, WIDTH - 4)
    return head + "\n    " + "\n    ".join(packed).replace("\0", " ")


class Library:
    """What the built library says about itself."""

    def __init__(self, path):
        library = ctypes.CDLL(str(path))
        library.akool_version.restype = ctypes.c_char_p
        library.akool_string_free.argtypes = [ctypes.c_void_p]
        text = ctypes.c_void_p()
        if library.akool_describe(ctypes.byref(text)) != 0:
            raise Mistake("akool_describe failed")
        self.version = library.akool_version().decode()
        self.catalogue = json.loads(ctypes.string_at(text.value).decode())
        library.akool_string_free(text)


def define(name, value, summary):
    if not re.fullmatch(r"AKOOL_[A-Z0-9_]+", name):
        raise Mistake(f"{name} is no name of a constant")
    if summary is None:
        return f"#define {name} {value}"
    return block_comment(name, wrap("", [summary], hang=0)) + f"\n#define {name} {value}"


def constant_name(prefix, name):
    return prefix + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def result_constants(catalogue):
    return [
        define("AKOOL_OK" if entry["name"] == "OK" else f"AKOOL_ERR_{entry['name']}", entry["value"], entry["summary"])
        for entry in catalogue["results"]
    ]


def level_constants(catalogue):
    return [
        define(constant_name("AKOOL_LOG_", entry["name"]), entry["level"], entry.get("summary"))
        for entry in catalogue["log_levels"]
    ]


def name_constants(entries, prefix, key):
    return [define(constant_name(prefix, entry[key]), f'"{entry[key]}"', entry["summary"]) for entry in entries]


def symbol_graph(modules):
    """Runs the compiler's extractor on the built module."""
    includes = [modules] + sorted(path.parent for path in (ROOT / "Sources").glob("*/module.modulemap"))
    with tempfile.TemporaryDirectory() as folder:
        command = ["swift", "symbolgraph-extract", "-module-name", "AkoolABI", "-minimum-access-level", "public"]
        command += ["-skip-synthesized-members", "-target", "x86_64-unknown-linux-gnu", "-output-dir", folder]
        for include in includes:
            command += ["-I", str(include)]
        outcome = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if outcome.returncode != 0:
            raise Mistake(f"swift symbolgraph-extract failed:\n{outcome.stderr}")
        graph = json.loads((pathlib.Path(folder) / "AkoolABI.symbols.json").read_text(encoding="utf-8"))
        return [symbol for symbol in graph["symbols"] if "location" in symbol]


def sort_out(symbols):
    makers = {"swift.func": Function, "swift.typealias": Type}
    found = {Function: [], Type: []}
    for symbol in symbols:
        maker = makers.get(symbol["kind"]["identifier"])
        if maker is None:
            raise Mistake(f"{symbol['names']['title']} is public and cannot be said in C")
        found[maker].append(maker(symbol))
    for entries in found.values():
        entries.sort(key=lambda entry: (entry.file, entry.line))
    return found[Function], found[Type]


def render(template, functions, types, library):
    major, minor, patch = library.version.split(".")
    values = {
        "VERSION": library.version,
        "VERSION_MAJOR": major,
        "VERSION_MINOR": minor,
        "VERSION_PATCH": patch,
        "VERSION_NUMBER": str(int(major) * 1000000 + int(minor) * 1000 + int(patch)),
        "RESULTS": "\n".join(result_constants(library.catalogue)),
        "LOG_LEVELS": "\n".join(level_constants(library.catalogue)),
        "OPERATIONS": "\n".join(name_constants(library.catalogue["operations"], "AKOOL_OP_", "name")),
        "EVENTS": "\n".join(name_constants(library.catalogue["events"], "AKOOL_EVENT_", "type")),
    }
    placed = set()

    def fill_in(match):
        kind, file = match.group(1), match.group(2)
        if file is None:
            return values[kind]
        entries = [entry for entry in {"FUNCTIONS": functions, "TYPES": types}[kind] if entry.file == file]
        placed.update(entry.name for entry in entries)
        return "\n\n".join(entry.text() for entry in entries)

    text = re.sub(r"@([A-Z_]+)(?:\((\w+)\))?@", fill_in, template)
    missing = {entry.name for entry in functions + types} - placed
    if missing:
        raise Mistake(f"scripts/akool.h.in has no place for {sorted(missing)}")
    too_long = [line for line in text.split("\n") if len(line) > WIDTH]
    if too_long:
        raise Mistake("longer than %d columns:\n%s" % (WIDTH, "\n".join(too_long)))
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", default=ROOT / "build/lib/libakool.so.1", type=pathlib.Path)
    parser.add_argument("--modules", default=ROOT / ".build-lib/release/Modules", type=pathlib.Path)
    parser.add_argument("--header", default=ROOT / "include/akool.h", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="write nothing; show what would change and exit with 1")
    options = parser.parse_args()
    try:
        functions, types = sort_out(symbol_graph(options.modules))
        template = (ROOT / "scripts/akool.h.in").read_text(encoding="utf-8")
        wanted = render(template, functions, types, Library(options.library.resolve()))
    except KeyError as missing:
        sys.exit(f"generate_header.py: the catalogue or the symbol graph lacks {missing}")
    except (Mistake, OSError) as mistake:
        sys.exit(f"generate_header.py: {mistake}")
    sys.exit(settle({options.header: wanted}, options.check))


if __name__ == "__main__":
    main()
