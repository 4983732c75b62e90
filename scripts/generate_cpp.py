#!/usr/bin/env python3
"""Makes include/akool.hpp, or with --check tells whether it is what it should be.

The classes are scripts/akool.hpp.in, written by hand. The results with their exceptions, the levels of log records and a
method for every operation come from the catalogue of the built library (akool_describe).
"""

import argparse
import difflib
import json
import pathlib
import re
import sys
import textwrap

from generate_header import ROOT, WIDTH, Library, Mistake, plain
from generate_reference import kind

KEYWORDS = set(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const const_cast "
    "consteval constexpr constinit continue co_await co_return co_yield decltype default delete do double dynamic_cast "
    "else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not "
    "not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return short signed "
    "sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid "
    "typename union unsigned using virtual void volatile wchar_t while xor xor_eq".split())

# What clients have besides operations: no operation may be called so.
RESERVED = set("async call caller_ cancel client create event_fd events native_handle next_event on_event on_log "
               "operations reply sinks_".split())

# What exceptions have in common, and which they are. The others, new ones too, stand directly below akool::exception.
FAMILIES = {
    "usage_error": ("The program has to be changed.", "INVALID_ARGUMENT BAD_HANDLE WRONG_THREAD FORKED"),
    "account_error": ("The account has to be looked at: credentials, permission or credit.",
                      "UNAUTHENTICATED FORBIDDEN QUOTA_EXCEEDED"),
    "state_error": ("What was asked for does not go with the state of an avatar, a session or a file.",
                    "NOT_FOUND ALREADY_EXISTS AVATAR_BUSY SESSION_ENDED RESOURCE_EXPIRED"),
    "service_error": ("AKOOL's service, or the way to it, does not work as it should.",
                      "RATE_LIMITED REMOTE_FAILED UNAVAILABLE TIMEOUT OUTCOME_UNKNOWN BAD_RESPONSE"),
}
FAMILY_OF = {result: family for family, (_, results) in FAMILIES.items() for result in results.split()}

REPEATS = {
    "safe": "sent again after a failure that may pass",
    "once": "never sent twice",
    "paid": "costs credit, never sent twice",
}


def identifier(name):
    """A name as C++ takes it: `delete` becomes `delete_`."""
    word = re.sub(r"\W", "_", name)
    return word + "_" if word in KEYWORDS else word


def literal(text):
    """A C++ string literal."""
    return json.dumps(plain(text))


def lines(text, prefix, hang=""):
    """Text as `///` lines of a comment."""
    begin = f"{prefix}/// "
    wrapped = textwrap.wrap(plain(" ".join(text.split())), WIDTH - len(begin), subsequent_indent=hang,
                            break_long_words=False, break_on_hyphens=False)
    return [begin + line for line in wrapped]


def failures(catalogue):
    return [entry for entry in catalogue["results"] if entry["name"] != "OK"]


# Results.


def result_values(catalogue):
    return "\n".join("\n".join(lines(entry["summary"], "  ") + [f"  {identifier(entry['name'].lower())} = {entry['value']},"])
                     for entry in catalogue["results"])


def result_summaries(catalogue):
    return "\n".join(f"    case errc::{identifier(entry['name'].lower())}:\n      return {literal(entry['summary'])};"
                     for entry in catalogue["results"])


def exception_name(result):
    """AVATAR_BUSY → avatar_busy_error"""
    return result.lower() + "_error"


def exception_class(name, base, summary):
    inherited = f"class {name} : public {base} {{\n public:\n  using {base}::{base};\n}};"
    return "\n".join(lines(summary, "")) + "\n" + inherited


def exceptions(catalogue):
    families = [exception_class(name, "exception", summary) for name, (summary, _) in FAMILIES.items()]
    classes = [exception_class(exception_name(entry["name"]), FAMILY_OF.get(entry["name"], "exception"),
                               f"errc::{identifier(entry['name'].lower())}. {entry['summary']}")
               for entry in failures(catalogue)]
    return "\n\n".join(families + classes)


def throws(catalogue):
    return "\n".join(f"    case errc::{identifier(entry['name'].lower())}: throw {exception_name(entry['name'])}(cause);"
                     for entry in failures(catalogue))


def log_levels(catalogue):
    return "\n".join("\n".join(lines(entry["summary"], "  ") + [f"  {identifier(entry['name'])} = {entry['level']},"])
                     for entry in catalogue["log_levels"])


# Operations.


def place(name):
    """Which group an operation is in, None for the client itself, and its method."""
    group, _, method = name.rpartition(".")
    found = (None if group in ("", "client") else identifier(group), identifier(method))
    if (found[0] or found[1]) in RESERVED:
        raise Mistake(f"{name}: a client has another member of that name")
    return found


def groups(catalogue):
    """Group → method → operation."""
    found = {}
    for operation in catalogue["operations"]:
        group, method = place(operation["name"])
        found.setdefault(group, {})[method] = operation
    both = set(found.get(None, {})) & set(found)
    if both:
        raise Mistake(f"both a group and an operation: {', '.join(sorted(both))}")
    return found


def facts(operation):
    """The endpoint and what else is worth knowing before the call."""
    endpoint = operation.get("endpoint")
    text = f"`{endpoint['method']} {endpoint['path']}`" if endpoint else "No endpoint of its own"
    parts = [text, REPEATS.get(operation["repeat"], f"repeat: {operation['repeat']}")]
    if operation.get("needs_client") is False:
        parts.append("needs no client")
    if operation.get("default_timeout_ms"):
        parts.append(f"time-out unless set: {operation['default_timeout_ms']} ms")
    return "; ".join(parts) + "."


def parameter(name, schema, is_required):
    more = ", required" if is_required else ""
    more += ", secret" if schema.get("writeOnly") else ""
    default = f" Default: {json.dumps(schema['default'])}." if "default" in schema else ""
    return f"- `{name}` ({kind(schema)}{more}): {schema.get('description', '')}{default}"


def documentation(operation):
    schema = operation["parameters"]
    described = [parameter(name, member, name in schema.get("required", []))
                 for name, member in schema.get("properties", {}).items() if name != "extra_params"]
    text = lines(operation["summary"], "  ") + ["  ///"] + lines(facts(operation), "  ")
    if described:
        text += ["  ///", "  /// Parameters:"]
    for item in described:
        text += lines(item, "  ", hang="  ")
    return text


def method(name, operation):
    required = operation["parameters"].get("required")
    parameters = "const object &parameters" + ("" if required else " = {}")
    head = f"  reply {name}({parameters}, const object &options = {{}}) const {{"
    body = f"    return caller_.perform({literal(operation['name'])}, parameters, options);"
    return "\n".join(documentation(operation) + [head, body, "  }"])


def group_class(group, methods):
    title = f"/// `{group}.*` of the operations: what `client.{group}()` returns."
    body = "\n\n".join(method(name, operation) for name, operation in methods.items())
    return "\n".join([
        title, "template <typename Caller>", f"class {group}_operations {{", " public:",
        "  using reply = typename Caller::reply;", "",
        f"  explicit {group}_operations(Caller caller) : caller_(std::move(caller)) {{}}", "",
        body, "", " private:", "  Caller caller_;", "};"])


def accessor(group):
    return (f"  /// {group}.*\n"
            f"  {group}_operations<Caller> {group}() const {{ return {group}_operations<Caller>(caller_); }}")


def values(catalogue):
    found = groups(catalogue)
    named = {group: methods for group, methods in found.items() if group}
    return {
        "RESULTS": result_values(catalogue),
        "SUMMARIES": result_summaries(catalogue),
        "EXCEPTIONS": exceptions(catalogue),
        "THROWS": throws(catalogue),
        "LOG_LEVELS": log_levels(catalogue),
        "NAMES": "\n".join(f"    {literal(operation['name'])}," for operation in catalogue["operations"]),
        "GROUPS": "\n\n".join(group_class(group, methods) for group, methods in named.items()),
        "ACCESSORS": "\n".join(accessor(group) for group in named),
        "UNGROUPED": "\n\n".join(method(name, operation) for name, operation in found.get(None, {}).items()),
    }


def render(template, catalogue):
    known = values(catalogue)
    text = re.sub(r"@([A-Z_]+)@", lambda match: known[match.group(1)], template)
    too_long = [line for line in text.split("\n") if len(line) > WIDTH and "`" not in line]
    if too_long:
        raise Mistake("longer than %d columns:\n%s" % (WIDTH, "\n".join(too_long)))
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", default=ROOT / "build/lib/libakool.so.1", type=pathlib.Path)
    parser.add_argument("--header", default=ROOT / "include/akool.hpp", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="write nothing; show what would change and exit with 1")
    options = parser.parse_args()
    try:
        template = (ROOT / "scripts/akool.hpp.in").read_text(encoding="utf-8")
        wanted = render(template, Library(options.library.resolve()).catalogue)
    except KeyError as missing:
        sys.exit(f"generate_cpp.py: the catalogue lacks {missing}, or the template has it too much")
    except (Mistake, OSError) as mistake:
        sys.exit(f"generate_cpp.py: {mistake}")
    present = options.header.read_text(encoding="utf-8") if options.header.exists() else ""
    if options.check:
        names = (str(options.header), "as generated")
        sys.stdout.writelines(difflib.unified_diff(present.splitlines(True), wanted.splitlines(True), *names))
        sys.exit(0 if present == wanted else 1)
    if present != wanted:
        options.header.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
