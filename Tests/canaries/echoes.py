"""Servers that say back everything they were sent, each in another place of the answer."""

from __future__ import annotations

import itertools
from typing import Dict
from urllib.parse import quote

from support.misbehaviours import answers
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import Behaviour


def _everything(request: ReceivedRequest) -> str:
    """On one line; the secrets of the headers first, since messages are cut."""
    headers = " ".join(f"{name}={value}" for name, value in sorted(request.headers.items(), reverse=True))
    return f"{request.target} {request.body.decode()} {headers}"


def _code(code: int, status: int = 200) -> Behaviour:
    def behave(connection: RawConnection, request: ReceivedRequest) -> bool:
        return answers({"code": code, "msg": f"refused: {_everything(request)}"}, status)(connection, request)

    return behave


_positions = itertools.cycle(range(165, 200))


def _cut(connection: RawConnection, request: ReceivedRequest) -> bool:
    """A sentence so long that it is cut, each time at another place of the secret."""
    secret = request.headers.get("x-api-key") or request.headers.get("authorization") or ""
    filler = "x" * next(_positions)
    return answers({"code": 1003, "msg": f"{filler}{secret} {_everything(request)}"})(connection, request)


def _header_safe(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").encode("ascii", "replace").decode()[:4000]


def _page(connection: RawConnection, request: ReceivedRequest) -> bool:
    return answers(_everything(request).encode(), 500, {"content-type": "text/html"})(connection, request)


def _content_type(connection: RawConnection, request: ReceivedRequest) -> bool:
    return answers(b"<html>", 200, {"content-type": _header_safe(_everything(request))})(connection, request)


def _redirect(connection: RawConnection, request: ReceivedRequest) -> bool:
    target = f"gopher://127.0.0.1/?{quote(_everything(request))}"
    return answers(b"", 302, {"location": target})(connection, request)


def _status_line(connection: RawConnection, request: ReceivedRequest) -> bool:
    connection.send(f"{_header_safe(_everything(request))}\r\n\r\n".encode())
    return False


def _reason_phrase(connection: RawConnection, request: ReceivedRequest) -> bool:
    head = f"HTTP/1.1 502 {_header_safe(_everything(request))}\r\ncontent-length: 0\r\n\r\n"
    connection.send(head.encode())
    return True


def _code_is_text(connection: RawConnection, request: ReceivedRequest) -> bool:
    return answers({"code": _everything(request), "msg": "OK", "data": _everything(request)})(connection, request)


def _data_is_text(connection: RawConnection, request: ReceivedRequest) -> bool:
    return answers({"code": 1000, "msg": "OK", "data": _everything(request)})(connection, request)


ECHOES: Dict[str, Behaviour] = {
    "code 1003": _code(1003),
    "code 1101": _code(1101),
    "code 1005": _code(1005),
    "code 1215": _code(1215),
    "an undocumented code": _code(4711, 418),
    "a sentence that is cut": _cut,
    "an error page": _page,
    "the content type": _content_type,
    "a redirect": _redirect,
    "the status line": _status_line,
    "the reason phrase": _reason_phrase,
    "a code that is text": _code_is_text,
    "data that is text": _data_is_text,
}
