"""Compares a JSON value with what a scenario expects; the rules are in `conformance/README.md`."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, Iterator

_MISSING = object()

_TYPES: Dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def mismatches(expected: Any, actual: Any, place: str = "") -> Iterator[str]:
    """Every difference, each in one line that begins with the JSON Pointer of its place."""
    if isinstance(expected, dict) and expected and all(key.startswith("$") for key in expected):
        yield from _rules(expected, actual, place)
    elif isinstance(expected, dict):
        yield from _object(expected, actual, place)
    elif isinstance(expected, list):
        yield from _array(expected, actual, place)
    elif not _equal(expected, actual):
        yield f"{place or '/'}: expected {_shown(expected)}, got {_shown(actual)}"


def _object(expected: dict, actual: Any, place: str) -> Iterator[str]:
    if not isinstance(actual, dict):
        yield f"{place or '/'}: expected an object, got {_shown(actual)}"
        return
    for key, value in expected.items():
        yield from mismatches(value, actual.get(key, _MISSING), f"{place}/{key}")


def _array(expected: list, actual: Any, place: str) -> Iterator[str]:
    if not isinstance(actual, list) or len(actual) != len(expected):
        yield f"{place or '/'}: expected an array of {len(expected)}, got {_shown(actual)}"
        return
    for index, (wanted, found) in enumerate(zip(expected, actual)):
        yield from mismatches(wanted, found, f"{place}/{index}")


def _rules(rules: dict, actual: Any, place: str) -> Iterator[str]:
    for rule, argument in rules.items():
        if not _holds(rule, argument, actual):
            yield f"{place or '/'}: {rule} {_shown(argument)} does not hold for {_shown(actual)}"


def _holds(rule: str, argument: Any, actual: Any) -> bool:
    if rule == "$absent":
        return (actual is _MISSING) is argument
    if rule == "$any_of":
        return any(not list(mismatches(option, actual)) for option in argument)
    if actual is _MISSING:
        return False
    if rule == "$type":
        return _TYPES[argument](actual)
    if rule == "$pattern":
        return isinstance(actual, str) and re.search(argument, actual) is not None
    if rule == "$min":
        return _TYPES["number"](actual) and actual >= argument
    if rule == "$max":
        return _TYPES["number"](actual) and actual <= argument
    if rule == "$count":
        return isinstance(actual, (list, dict)) and len(actual) == argument
    if rule == "$includes":
        return isinstance(actual, list) and any(not list(mismatches(argument, element)) for element in actual)
    if rule == "$excludes":
        return isinstance(actual, list) and all(list(mismatches(argument, element)) for element in actual)
    raise ValueError(f"unknown rule {rule}")


def _equal(expected: Any, actual: Any) -> bool:
    """1 and 1.0 are one number, but true is not 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return expected == actual


def _shown(value: Any) -> str:
    return "nothing" if value is _MISSING else json.dumps(value, ensure_ascii=False)
