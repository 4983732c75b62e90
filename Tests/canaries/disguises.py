"""The forms in which a server may repeat a secret."""

from __future__ import annotations

import base64
import json
from typing import Callable, Dict
from urllib.parse import quote

from canaries.readings import PIECE

Form = Callable[[str], str]

_NAMED_ENTITIES = {"+": "&plus;", "/": "&sol;", "=": "&equals;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _is_plain(character: str) -> bool:
    return character.isalnum()


def _each(encode: Form, only_special: bool = False) -> Form:
    """Encodes each character, or only those that are neither letters nor digits."""
    return lambda secret: "".join(c if only_special and _is_plain(c) else encode(c) for c in secret)


def _every_third(encode: Form) -> Form:
    return lambda secret: "".join(c if index % 3 else encode(c) for index, c in enumerate(secret))


def _base64_in_text(before: int) -> Form:
    """The text before and behind shifts the groups of three bytes."""
    return lambda secret: base64.b64encode(("x" * before + secret + " and more").encode()).decode()


def _url_safe(encode: Form) -> Form:
    return lambda secret: encode(secret).rstrip("=").replace("+", "-").replace("/", "_")


def _spaced(separator: str, every: int = 6) -> Form:
    return lambda text: separator.join(text[start : start + every] for start in range(0, len(text), every))


def _hex(secret: str) -> str:
    return secret.encode().hex()


def _after(outer: Form, inner: Form) -> Form:
    return lambda secret: outer(inner(secret))


_CHARACTER_NAMES = {
    **_NAMED_ENTITIES,
    "!": "&excl;",
    "%": "&percnt;",
    "(": "&lpar;",
    ":": "&colon;",
    "@": "&commat;",
    "[": "&lbrack;",
    "_": "&lowbar;",
    "`": "&grave;",
    "{": "&lcub;",
    "|": "&verbar;",
}


def _base64(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


def _base32(secret: str) -> str:
    return base64.b32encode(secret.encode()).decode()


def _list(number: str, separator: str = ", ") -> Form:
    """A list of the bytes, each in a format such as `0x%02x`."""
    return lambda secret: separator.join(number % byte for byte in secret.encode())


def _shifted(upper: int, lower: int, digits: int) -> Form:
    """Letters and digits of another block of Unicode."""

    def shifted(character: str) -> str:
        for first, last, target in (("A", "Z", upper), ("a", "z", lower), ("0", "9", digits)):
            if first <= character <= last:
                return chr(target + ord(character) - ord(first))
        return character

    return _each(shifted)


def _followed_by(mark: str) -> Form:
    return lambda secret: "".join(character + mark for character in secret)


_percent = _each(lambda c: f"%{ord(c):02X}", only_special=True)
_percent_lower = _each(lambda c: f"%{ord(c):02x}", only_special=True)
_decimal_entities = _each(lambda c: f"&#{ord(c)};", only_special=True)
_short_escapes = _each(lambda c: f"\\u{ord(c):04x}", only_special=True)

FORMS: Dict[str, Form] = {
    "verbatim": lambda secret: secret,
    "percent upper": _percent,
    "percent lower": _percent_lower,
    "percent of each character": _each(lambda c: f"%{ord(c):02X}"),
    "percent lower of each character": _each(lambda c: f"%{ord(c):02x}"),
    "percent of every third character": _every_third(lambda c: f"%{ord(c):02x}"),
    "percent twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "entities named": _each(lambda c: _NAMED_ENTITIES.get(c, c)),
    "entities of markup": lambda secret: secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    "entities decimal": _decimal_entities,
    "entities decimal of each character": _each(lambda c: f"&#{ord(c)};"),
    "entities decimal with zeros": _each(lambda c: f"&#{ord(c):04};", only_special=True),
    "entities hexadecimal": _each(lambda c: f"&#x{ord(c):x};", only_special=True),
    "entities hexadecimal upper": _each(lambda c: f"&#X{ord(c):X};", only_special=True),
    "entities of every third character": _every_third(lambda c: f"&#{ord(c)};"),
    "escaped slash": lambda secret: secret.replace("/", "\\/"),
    "unicode escapes": _short_escapes,
    "unicode escapes upper": _each(lambda c: f"\\u{ord(c):04X}", only_special=True),
    "unicode escapes of each character": _each(lambda c: f"\\u{ord(c):04x}"),
    "unicode escapes twice": _each(lambda c: f"\\\\u{ord(c):04x}", only_special=True),
    "hexadecimal escapes": _each(lambda c: f"\\x{ord(c):02x}", only_special=True),
    "hexadecimal escapes of each character": _each(lambda c: f"\\x{ord(c):02X}"),
    "base64 alone": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 in a text": _base64_in_text(3),
    "base64 one byte later": _base64_in_text(4),
    "base64 two bytes later": _base64_in_text(5),
    "base64 of a login": lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
    "base64url in a text": _url_safe(_base64_in_text(3)),
    "base64url one byte later": _url_safe(_base64_in_text(4)),
    "base64url two bytes later": _url_safe(_base64_in_text(5)),
    "hex lower": _hex,
    "hex upper": lambda secret: _hex(secret).upper(),
    "hex with colons": lambda secret: _spaced(":", 2)(_hex(secret)),
    "hex with blanks": lambda secret: _spaced(" ", 2)(_hex(secret)),
    "upper case": str.upper,
    "lower case": str.lower,
    "other case": str.swapcase,
    "split by newlines": _spaced("\n"),
    "split by CRLF": _spaced("\r\n"),
    "split by blanks": _spaced(" "),
    "split by tabs": _spaced("\t"),
    "split by soft hyphens": _spaced("\u00ad"),
    "split by zero width spaces": _spaced("\u200b"),
    "first piece": lambda secret: secret[:PIECE],
    "middle piece": lambda secret: secret[11 : 11 + PIECE],
    "last piece": lambda secret: secret[-PIECE:],
    "long first piece": lambda secret: secret[:-4],
    "both ends": lambda secret: f"{secret[:PIECE]}\u2026{secret[-PIECE:]}",
    "both ends with dots": lambda secret: f"{secret[:PIECE]}...{secret[-PIECE:]}",
    "percent of base64": _after(lambda text: quote(text, safe=""), _base64_in_text(4)),
    "base64 of percent": _after(_base64_in_text(4), _percent),
    "entities of percent": _after(lambda text: text.replace("%", "&#37;"), _percent_lower),
    "unicode escapes of entities": _after(lambda text: text.replace("&", "\\u0026"), _decimal_entities),
    "percent of other case": _after(_percent_lower, str.swapcase),
    "base64 split by newlines": _after(_spaced("\n", 20), _base64_in_text(4)),
    "percent of a piece": _after(_percent_lower, lambda secret: secret[3 : 3 + PIECE + 2]),
    "hex of a piece": _after(_hex, lambda secret: secret[5 : 5 + PIECE]),
    "base64 of a piece": _after(_base64_in_text(4), lambda secret: secret[5 : 5 + PIECE]),
    "lower case of a piece": lambda secret: secret[9 : 9 + PIECE].lower(),
    "entities decimal without semicolon": _each(lambda c: f"&#{ord(c)}"),
    "entities hexadecimal without semicolon": _each(lambda c: f"&#x{ord(c):x}"),
    "entities hexadecimal without semicolon with zeros": _each(lambda c: f"&#X{ord(c):06X}"),
    "entities of every name": _each(lambda c: _CHARACTER_NAMES.get(c, c)),
    "octal escapes of each character": _each(lambda c: f"\\{ord(c):03o}"),
    "octal escapes": _each(lambda c: f"\\{ord(c):03o}", only_special=True),
    "escapes in braces of each character": _each(lambda c: f"\\u{{{ord(c):x}}}"),
    "escapes in braces": _each(lambda c: f"\\u{{{ord(c):04X}}}", only_special=True),
    "escapes of Perl": _each(lambda c: f"\\x{{{ord(c):x}}}"),
    "long unicode escapes": _each(lambda c: f"\\U{ord(c):08x}"),
    "percent with u": _each(lambda c: f"%u{ord(c):04x}"),
    "backslash before each character": _each(lambda c: f"\\{c}"),
    "list of hexadecimal": _list("0x%02x", " "),
    "list of hexadecimal with commas": _list("0x%02X"),
    "list of hexadecimal in brackets": lambda secret: f"[{_list('0x%02x', ',')(secret)}]",
    "list of hexadecimal pairs": _list("%02x", ","),
    "list of code points": _list("U+%04X", " "),
    "list of decimals": _list("%d"),
    "list of decimals in brackets": lambda secret: f"[{_list('%d', ',')(secret)}]",
    "list of decimals with blanks": _list("%d", " "),
    "list of decimals on lines": _list("%3d", "\n"),
    "list of octals": _list("%03o", " "),
    "list of calls": _list("chr(%d)", "."),
    "list of binaries": lambda secret: " ".join(f"{byte:08b}" for byte in secret.encode()),
    "list of characters": lambda secret: json.dumps(list(secret)),
    "quoted-printable of each character": _each(lambda c: f"={ord(c):02X}"),
    "quoted-printable": _each(lambda c: f"={ord(c):02X}", only_special=True),
    "quoted-printable with soft line breaks": _after(
        _spaced("=\n", 12), _each(lambda c: f"={ord(c):02x}", only_special=True)
    ),
    "base64 with soft line breaks": _after(_spaced("=\r\n", 20), _base64),
    "base64 of other widths": lambda secret: base64.b64encode(secret.encode("utf-16-le")).decode(),
    "hex of other widths": lambda secret: secret.encode("utf-16-be").hex(),
    "base32": _base32,
    "base32 lower": lambda secret: _base32(secret).lower().rstrip("="),
    "base32 in a text": lambda secret: _base32("x: " + secret + " and more"),
    "base32 split by newlines": _after(_spaced("\n", 20), _base32),
    "full width": _each(lambda c: chr(ord(c) + 0xFEE0)),
    "mathematical bold": _shifted(0x1D400, 0x1D41A, 0x1D7CE),
    "mathematical sans-serif": _shifted(0x1D5A0, 0x1D5BA, 0x1D7E2),
    "mathematical monospace": _shifted(0x1D670, 0x1D68A, 0x1D7F6),
    "circled": _shifted(0x24B6, 0x24D0, ord("0")),
    "combining marks": _followed_by("\u0301"),
    "other combining marks": _followed_by("\u20dd\ufe0f"),
    "zero width joiners": _followed_by("\u200d"),
    "zero width no-break spaces": _followed_by("\ufeff"),
    "invisible letters": _each(lambda c: chr(0xE0000 + ord(c))),
    "first half": lambda secret: secret[: len(secret) // 2 + 2],
    "decimals of a piece": _after(_list("%d"), lambda secret: secret[5 : 5 + PIECE]),
    "base32 of a piece": _after(_base32, lambda secret: secret[5 : 5 + PIECE]),
    "base64 twice of a piece": _after(_base64, _after(_base64, lambda secret: secret[5 : 5 + PIECE])),
    "piece split by a newline": lambda secret: f"{secret[4:9]}\n{secret[9:14]}",
}
"""Functions that write a secret in a form."""

LAYERS: Dict[str, Form] = {
    "percent": _each(lambda c: f"%{ord(c):02x}"),
    "entities": _each(lambda c: f"&#{ord(c)};"),
    "escapes": _each(lambda c: f"\\u{ord(c):04x}"),
    "base64": _base64,
    "hex": _hex,
    "base32": _base32,
    "decimals": _list("%d"),
    "quoted-printable": _each(lambda c: f"={ord(c):02X}"),
}
"""Encodings that a server may apply to one another."""

PAIRS: Dict[str, Form] = {
    f"{outer} of {inner}": _after(LAYERS[outer], LAYERS[inner]) for outer in LAYERS for inner in LAYERS
}
FORMS.update({name: form for name, form in PAIRS.items() if name not in FORMS})
