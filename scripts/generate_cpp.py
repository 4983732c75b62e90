#!/usr/bin/env python3
"""Makes include/akool.hpp, or with --check tells whether it is what it should be.

The classes are scripts/akool.hpp.in, written by hand. The results with their exceptions, the levels of log records and
a method for every operation come from the catalogue of the built library (akool_describe).
"""

import json
import re
import textwrap

import catalogue as shared
from catalogue import failures, needs_parameters
from generate_header import ROOT, WIDTH, Library, Mistake, plain
from generate_reference import kind
from generated import run

KEYWORDS = set(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const const_cast "
    "consteval constexpr constinit continue co_await co_return co_yield decltype default delete do double "
    "dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace "
    "new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires "
    "return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true "
    "try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq".split()
)

# What clients have besides operations: no operation may be called so.
RESERVED = set(
    "async call caller_ cancel client create event_fd events native_handle next_event on_event on_log "
    "operations reply sinks_".split()
)

# The base class of each result's exception. The others, new ones too, stand directly below akool::exception.
FAMILY_OF = {result: family for family, (_, results) in shared.FAMILIES.items() for result in results.split()}


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
    wrapped = textwrap.wrap(
        plain(" ".join(text.split())),
        WIDTH - len(begin),
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [begin + line for line in wrapped]


# Results.


def enumerator(entry):
    """AVATAR_BUSY → avatar_busy"""
    return identifier(entry["name"].lower())


def result_values(catalogue):
    return "\n".join(
        "\n".join(lines(entry["summary"], "  ") + [f"  {enumerator(entry)} = {entry['value']},"])
        for entry in catalogue["results"]
    )


def result_summaries(catalogue):
    return "\n".join(
        f"    case errc::{enumerator(entry)}:\n      return {literal(entry['summary'])};"
        for entry in catalogue["results"]
    )


def exception_name(result):
    """AVATAR_BUSY → avatar_busy_error"""
    return result.lower() + "_error"


def family_name(family):
    """UsageError → usage_error, and what has no family is an exception."""
    return re.sub(r"\B([A-Z])", r"_\1", family).lower() if family else "exception"


def exception_class(name, base, summary):
    inherited = f"class AKOOL_API {name} : public {base} {{\n public:\n  using {base}::{base};\n}};"
    return "\n".join(lines(summary, "")) + "\n" + inherited


def exceptions(catalogue):
    families = [
        exception_class(family_name(name), "exception", summary) for name, (summary, _) in shared.FAMILIES.items()
    ]
    classes = [
        exception_class(
            exception_name(entry["name"]),
            family_name(FAMILY_OF.get(entry["name"])),
            f"errc::{enumerator(entry)}. {entry['summary']}",
        )
        for entry in failures(catalogue)
    ]
    return "\n\n".join(families + classes)


def throws(catalogue):
    return "\n".join(
        f"    case errc::{enumerator(entry)}: throw {exception_name(entry['name'])}(cause);"
        for entry in failures(catalogue)
    )


def log_levels(catalogue):
    return "\n".join(
        "\n".join(lines(entry["summary"], "  ") + [f"  {identifier(entry['name'])} = {entry['level']},"])
        for entry in catalogue["log_levels"]
    )


# Operations.


def groups(catalogue):
    """Group → method → operation. A client that was closed still has to be destroyed, so `close` is one like others."""
    found = shared.groups(catalogue, RESERVED, identifier)
    own = {operation["name"]: operation for operation in catalogue["operations"] if operation["name"] in shared.OWN}
    found.setdefault(None, {}).update((name.rpartition(".")[2], operation) for name, operation in own.items())
    return found


def facts(operation):
    """What else is worth knowing before the call."""
    text = " ".join(fact if fact.endswith(".") else f"`{fact}`." for fact in shared.facts(operation))
    return text + (" Needs no client." if operation.get("needs_client") is False else "")


def parameter(name, schema, is_required):
    more = ", required" if is_required else ""
    more += ", secret" if schema.get("writeOnly") else ""
    default = f" Default: {json.dumps(schema['default'])}." if "default" in schema else ""
    return f"- `{name}` ({kind(schema)}{more}): {schema.get('description', '')}{default}"


def documentation(operation):
    schema = operation["parameters"]
    described = [
        parameter(name, member, name in schema.get("required", []))
        for name, member in schema.get("properties", {}).items()
        if name != "extra_params"
    ]
    text = lines(operation["summary"], "  ") + ["  ///"] + lines(facts(operation), "  ")
    if described:
        text += ["  ///", "  /// Parameters:"]
    for item in described:
        text += lines(item, "  ", hang="  ")
    return text


def method(name, operation):
    parameters = "const object &parameters" + ("" if needs_parameters(operation) else " = {}")
    head = f"  reply {name}({parameters}, const object &options = {{}}) const {{"
    body = f"    return caller_.perform({literal(operation['name'])}, parameters, options);"
    return "\n".join(documentation(operation) + [head, body, "  }"])


def group_class(group, methods):
    title = f"/// `{group}.*` of the operations: what `client.{group}()` returns."
    body = "\n\n".join(method(name, operation) for name, operation in methods.items())
    return "\n".join(
        [
            title,
            "template <typename Caller>",
            f"class {group}_operations {{",
            " public:",
            "  using reply = typename Caller::reply;",
            "",
            f"  explicit {group}_operations(Caller caller) : caller_(std::move(caller)) {{}}",
            "",
            body,
            "",
            " private:",
            "  Caller caller_;",
            "};",
        ]
    )


def accessor(group):
    return (
        f"  /// {group}.*\n"
        f"  {group}_operations<Caller> {group}() const {{ return {group}_operations<Caller>(caller_); }}"
    )


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


def header(library, path):
    template = (ROOT / "scripts/akool.hpp.in").read_text(encoding="utf-8")
    return {path: render(template, Library(library).catalogue)}


def main():
    run(
        __doc__,
        ("header", "include/akool.hpp"),
        header,
        lacking="the catalogue lacks {}, or the template has it too much",
    )


if __name__ == "__main__":
    main()
