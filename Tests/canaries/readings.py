"""Undoes encodings, to find a secret in every form."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from typing import Callable, Iterator, Set
from urllib.parse import unquote

PIECE = 8
"""Length of a piece that gives a secret away, in bytes."""

_DEPTH = 4
_ESCAPE = re.compile(
    r"(?:\\u|\\x|%u|0x|U\+|\\U0000|\\[ux]\{|=)(?P<hex>[0-9a-fA-F]{2,4})\}?(?:[, ]{1,2}(?=0x|U\+))?"
    r"|\\(?P<octal>[0-7]{3})|=\s+|\\(?P<other>.)",
    re.DOTALL,
)
_NAMED_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SEPARATORS = re.compile("[\\s\0\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufeff]+")
_INVISIBLE = {0xE0000 + code: code for code in range(0x20, 0x7F)}
_MARKS_OF_LISTS = re.compile("[\\\\\"', \\[\\]]+")
_BASE32 = re.compile(r"[A-Za-z2-7]{13,}")
_NUMBERS = re.compile(r"(?:[0-9]{1,8}[^0-9]{1,8}){7,}[0-9]{1,8}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[:,\s-]?){8,}")


def reveals(text: str, secret: str) -> bool:
    """Returns true if a text holds a piece of a secret, in any form."""
    pieces = {secret[start : start + PIECE].lower() for start in range(len(secret) - PIECE + 1)}
    return any(piece in reading for reading in readings(text) for piece in pieces)


def readings(text: str) -> Set[str]:
    """Returns a text in lower case as it is and without its encodings, separators taken out, too."""
    seen: Set[str] = set()
    waiting = {text}
    for _ in range(_DEPTH):
        seen |= waiting
        waiting = {decoded for one in waiting for decoded in _decodings(one)} - seen
    return {reading.lower() for one in seen | waiting for reading in (one, _SEPARATORS.sub("", one))}


def _decodings(text: str) -> Iterator[str]:
    yield html.unescape(text)
    yield unquote(text, "latin-1")
    yield _ESCAPE.sub(_unescaped, text)
    yield unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    yield _MARKS_OF_LISTS.sub("", text)
    for joined in (text, _SEPARATORS.sub("", text)):
        yield from _decoded_runs(joined)


def _decoded_runs(text: str) -> Iterator[str]:
    for run in _BASE64.findall(text):
        standard = run.replace("-", "+").replace("_", "/")
        yield from (_decoded(standard[start:], 4, "A", base64.b64decode) for start in range(4))
    for run in _BASE32.findall(text):
        yield from (_decoded(run[start:].upper(), 8, "A", base64.b32decode) for start in range(8))
    for run in _HEX.findall(text):
        digits = re.sub(r"[^0-9a-fA-F]", "", run)
        yield from (_decoded(digits[start:], 2, "0", bytes.fromhex) for start in range(2))
    for run in _NUMBERS.findall(text):
        for base, digits in ((10, "[0-9]+"), (8, "[0-7]+"), (2, "[01]+")):
            numbers = (int(number, base) for number in re.findall(digits, run))
            yield "".join(chr(number) for number in numbers if number < 256)


def _decoded(run: str, group: int, filler: str, decode: Callable[[str], bytes]) -> str:
    return decode(run + filler * (-len(run) % group)).decode("latin-1")


def _unescaped(match: "re.Match[str]") -> str:
    found = match.groupdict()
    if found["hex"]:
        return chr(int(found["hex"], 16))
    if found["octal"]:
        return chr(int(found["octal"], 8) & 0xFF)
    return _NAMED_ESCAPES.get(found["other"] or "", found["other"] or "")
