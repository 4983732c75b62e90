#!/usr/bin/env python3
"""Makes the generated files of the Python binding, or with --check tells whether they are what they should be.

The catalogue, which akool_describe writes, becomes in bindings/python/akool: _catalogue.py (version, names of options),
errors.py (a class for each result), _operations.py (the methods) with _operations.pyi (their parameters by name), and
types.py (TypedDicts of everything).
"""

import python_types
from catalogue import FAMILIES, describe, error_class, facts, failures, groups, is_paged, pascal
from generate_header import Library, Mistake
from generated import run
from python_types import NOTICE, docstring, identifier

# What a client has besides operations: no operation may be called so.
RESERVED = set("call close closed events submit result offline".split())
# What the constructors of clients have besides the configuration.
RESERVED_SETTINGS = {"logger"}
# The results whose classes are not called after them: Python's own CancelledError is another thing.
NAMES = {"CANCELLED": "RequestCancelledError"}
# The errors that are also Python's own.
ALSO = {"TIMEOUT": "builtins.TimeoutError"}
# Options that methods do not have: they return data only.
WHOLE_REPLY = {"raw", "reply"}


def class_of(result):
    return NAMES.get(result, error_class(result))


def iterator(method):
    """list_v3 → iterate_v3"""
    return method.replace("list", "iterate", 1)


def catalogue_module(catalogue):
    names = "".join(f'        "{name}",\n' for name in catalogue["options"]["properties"])
    return (
        f'{NOTICE}"""What the package must know before the library is loaded."""\n\n'
        f'VERSION = "{catalogue["version"]}"\n\n'
        f"# The options of calls.\nOPTIONS = frozenset(\n    [\n{names}    ]\n)\n"
    )


# Errors.


def errors_module(catalogue):
    family_of = {result: family for family, (_, results) in FAMILIES.items() for result in results.split()}
    title = "An error class for each result of the library, and one above them for each kind of trouble."
    text = f'{NOTICE}"""{title}"""\n\n'
    text += "import builtins\nfrom typing import Dict, Type\n\nfrom ._base import AkoolError\n"
    for family, (summary, _) in FAMILIES.items():
        text += f"\n\nclass {family}(AkoolError):\n{docstring([summary], '    ')}"
    entries = failures(catalogue)
    for entry in entries:
        bases = ", ".join(filter(None, [family_of.get(entry["name"], "AkoolError"), ALSO.get(entry["name"])]))
        text += f"\n\nclass {class_of(entry['name'])}({bases}):\n{docstring([entry['summary']], '    ')}\n"
        text += f'    code = "{entry["name"]}"\n'
    classes = [class_of(entry["name"]) for entry in entries]
    pairs = "".join(f"    {entry['value']}: {class_of(entry['name'])},\n" for entry in entries)
    text += f"\n\nBY_VALUE: Dict[int, Type[AkoolError]] = {{\n{pairs}}}\n"
    text += "BY_CODE: Dict[str, Type[AkoolError]] = {kind.code: kind for kind in BY_VALUE.values()}\n"
    exported = sorted({"AkoolError", *FAMILIES, *classes} - {"TimeoutError"})
    names = "".join(f'    "{name}",\n' for name in exported)
    return f"{text}\n# Without TimeoutError: `import *` shall not hide Python's own.\n__all__ = [\n{names}]\n"


# Methods.


def method_docstring(operation):
    schema = operation["parameters"]
    lines = [operation["summary"], "", *facts(operation)]
    members = {name: member for name, member in schema.get("properties", {}).items()}
    if members:
        lines += ["", "Args:"]
    for name, member in members.items():
        mark = " (required)" if name in schema.get("required", []) else ""
        lines.append(f"    {identifier(name)}{mark}: {describe(member)}")
    return docstring(lines, "        ")


def iterator_docstring(operation):
    name = operation["name"]
    return docstring(
        [
            f"The elements of {name} one by one; pages are read as they are needed.",
            "",
            f"Takes the parameters of {name}; with `limit`, at most so many elements.",
        ],
        "        ",
    )


def arguments(operation):
    names = operation["parameters"].get("properties", {})
    return "renamed(parameters)" if any(identifier(name) != name for name in names) else "parameters"


def methods(name, operation, is_async):
    """The methods of an operation: itself, and a walk through its pages."""
    quoted, taken = f'b"{operation["name"]}"', arguments(operation)
    head, wait, close = ("async def", "(await ", ")") if is_async else ("def", "", "")
    yield (
        f"    {head} {name}(self, **parameters: Any) -> Any:\n{method_docstring(operation)}"
        f'        return {wait}self._perform({quoted}, {taken}){close}["data"]\n'
    )
    if is_paged(operation):
        kind, walk = ("AsyncGenerator[Any, None]", "walk_async") if is_async else ("Iterator[Any]", "walk")
        yield (
            f"    def {iterator(name)}(self, **parameters: Any) -> {kind}:\n{iterator_docstring(operation)}"
            f"        return {walk}(self._perform, {quoted}, {taken})\n"
        )


def signature(name, operation, is_async, options):
    """The declarations of the same, with every parameter."""
    title, schema = pascal(operation["name"]), operation["parameters"]
    head = "async def" if is_async else "def"
    yield f"    {head} {name}({parameters(schema, options)}) -> {title}Data: ...\n"
    if is_paged(operation):
        kind = "AsyncGenerator[{}, None]" if is_async else "Iterator[{}]"
        schema = {**schema, "properties": {key: value for key, value in schema["properties"].items() if key != "all"}}
        yield f"    def {iterator(name)}({parameters(schema, options)}) -> {kind.format(title + 'DataResult')}: ...\n"


def parameters(schema, options):
    required = schema.get("required", [])
    members = schema.get("properties", {})
    lines = [f"{identifier(name)}: {python_types.parameter(name, members[name])}" for name in required]
    lines += [
        f"{identifier(name)}: {python_types.parameter(name, member)} = ..."
        for name, member in members.items()
        if name not in required
    ]
    lines += options
    return "\n        self,\n        *,\n" + "".join(f"        {line},\n" for line in lines) + "    "


def group_class(group, prefix, bodies):
    return f"\n\nclass {prefix}{pascal(group)}Operations(Group):\n" + "\n".join(bodies)


def client_class(found, prefix, bodies, names=None):
    """What clients are made of: a group as an attribute, its own operations as methods."""
    title = {
        "": "The operations, as methods that block.",
        "Async": "The operations, as coroutines.",
        "Offline": "The operations that need no client, as methods.",
    }[prefix]
    own = "" if prefix == "Offline" else prefix
    made = "".join(
        f"        self.{group} = {own}{pascal(group)}Operations(perform)\n" for group in names or found if group
    )
    return (
        f'\n\nclass {prefix}Operations(Group):\n    """{title}"""\n\n'
        f"    def __init__(self, perform: Perform) -> None:\n        super().__init__(perform)\n{made}"
        + "".join(f"\n{body}" for body in bodies)
    )


def offline_groups(found):
    names = []
    for group, members in found.items():
        needing = [operation.get("needs_client", True) for operation in members.values()]
        if not all(needing):
            names.append(group)
            if any(needing) or group is None:
                raise Mistake(f"{group}: some of its operations need a client and some do not")
    return names


def operations_module(catalogue):
    found = groups(catalogue, RESERVED)
    text = f'{NOTICE}"""The operations as methods. Their parameters and types are in _operations.pyi."""\n\n'
    text += "from typing import Any, AsyncGenerator, Iterator\n\nfrom ._group import Group, Perform, renamed\n"
    text += "from ._pages import walk, walk_async\n"
    for prefix, is_async in (("", False), ("Async", True)):
        for group, members in found.items():
            bodies = [body for name, operation in members.items() for body in methods(name, operation, is_async)]
            text += group_class(group, prefix, bodies) if group else ""
        own = [body for name, operation in found.get(None, {}).items() for body in methods(name, operation, is_async)]
        text += client_class(found, prefix, own)
    return text + client_class(found, "Offline", [], offline_groups(found))


def option_lines(catalogue):
    members = catalogue["options"]["properties"]
    return [
        f"{name}: {python_types.parameter(name, member)} = ..."
        for name, member in members.items()
        if name not in WHOLE_REPLY
    ]


def operations_stub(catalogue):
    python_types.prepare(catalogue)
    found, options, text = groups(catalogue, RESERVED), option_lines(catalogue), ""
    for prefix, is_async in (("", False), ("Async", True)):
        for group, members in found.items():
            bodies = [
                body for name, operation in members.items() for body in signature(name, operation, is_async, options)
            ]
            text += group_class(group, prefix, bodies) if group else ""
        own = [
            body
            for name, operation in found.get(None, {}).items()
            for body in signature(name, operation, is_async, options)
        ]
        text += client_stub(found, prefix, own)
    text += client_stub(found, "Offline", [], offline_groups(found))
    names = "".join(f"    {name},\n" for name in python_types.used_in(text))
    return (
        f'{NOTICE}"""The operations as methods, with their parameters."""\n\n'
        "from typing import Any, AsyncGenerator, Iterator, List, Literal, Mapping, Sequence, Union\n\n"
        f"from ._group import Group, Perform\nfrom .types import (\n{names})\n{text}"
    )


def client_stub(found, prefix, bodies, names=None):
    own = "" if prefix == "Offline" else prefix
    made = "".join(f"    {group}: {own}{pascal(group)}Operations\n" for group in names or found if group)
    return (
        f"\n\nclass {prefix}Operations(Group):\n{made}\n    def __init__(self, perform: Perform) -> None: ...\n"
        + "".join(f"\n{body}" for body in bodies)
    )


def check(catalogue):
    """Options and parameters share a method's names."""
    options = set(catalogue["options"]["properties"])
    for operation in catalogue["operations"]:
        both = options & set(operation["parameters"].get("properties", {}))
        if both:
            raise Mistake(f"{operation['name']}: {', '.join(sorted(both))} would be a parameter and an option")
    both = RESERVED_SETTINGS & set(catalogue["configuration"]["properties"])
    if both:
        raise Mistake(f"the configuration has {both}, which clients take for themselves")


def files(library):
    """File in the package → what it should hold."""
    catalogue = library.catalogue
    check(catalogue)
    return {
        "_catalogue.py": catalogue_module(catalogue),
        "errors.py": errors_module(catalogue),
        "_operations.py": operations_module(catalogue),
        "_operations.pyi": operations_stub(catalogue),
        "types.py": python_types.module(catalogue),
    }


def main():
    run(
        __doc__,
        ("package", "bindings/python/akool"),
        lambda library, package: {package / name: text for name, text in files(Library(library)).items()},
    )


if __name__ == "__main__":
    main()
