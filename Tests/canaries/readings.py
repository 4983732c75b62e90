"""Undoes encodings, to find a secret in every form."""

from __future__ import annotations

import base64
import html
import re
from typing import Iterator, Set
from urllib.parse import unquote

PIECE = 8
"""Length of a piece that gives a secret away, in bytes."""

_DEPTH = 4
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL)
_NAMED_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SEPARATORS = re.compile("[\\s\u00ad\u200b]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[:\s-]?){8,}")


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
    for joined in (text, _SEPARATORS.sub("", text)):
        yield from _decoded_runs(joined)


def _decoded_runs(text: str) -> Iterator[str]:
    for run in _BASE64.findall(text):
        standard = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            whole = standard[start : len(standard) - (len(standard) - start) % 4]
            yield base64.b64decode(whole).decode("latin-1")
    for run in _HEX.findall(text):
        digits = re.sub(r"[^0-9a-fA-F]", "", run)
        for start in range(2):
            yield bytes.fromhex(digits[start : len(digits) - (len(digits) - start) % 2]).decode("latin-1")


def _unescaped(match: "re.Match[str]") -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _NAMED_ESCAPES.get(match.group(3), match.group(3))
