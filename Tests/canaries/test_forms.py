"""A secret that a server repeats is hidden in every form: encoded, cut, split, or in another case."""

from __future__ import annotations

from typing import Any, Callable, Dict, List
from urllib.parse import quote

import pytest
from canaries.disguises import FORMS
from canaries.ears import Ears
from canaries.readings import PIECE, reveals
from support.akool_client import AkoolClient, ClientNotCreated
from support.endpoints import TOKEN
from support.misbehaviours import answers
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer

# Has upper and lower case, digits, and characters that every encoding changes. AKOOL's keys have 32 characters.
SECRET = "Qm7+Rz/4Kt9=Wd2&Vx8<Lp5>Ny3Hs6Bj"
OTHER_KEY = "another-credential-5c1d"
HUGE_NUMBER = "98237450918273645091827364509182736450"
WORDS_BEFORE, WORDS_BEHIND = "the text", "was refused by us"
TIMEOUT_MS = 5000

KINDS = (
    "api key",
    "token",
    "client secret",
    "minted token",
    "proxy password",
    "webhook secret",
    "body",
    "header",
    "password of a URL",
    "signature of a URL",
)

SAMPLE = (
    "verbatim",
    "percent lower",
    "entities decimal",
    "unicode escapes",
    "base64 one byte later",
    "hex lower",
    "other case",
    "split by newlines",
    "middle piece",
    "first half",
    "list of decimals",
    "base64 of base64",
)
"""The forms that the reduced round tries with each kind of secret; it tries all with an API key."""


def _configuration(kind: str, url: str) -> Dict[str, Any]:
    base = {"environment": False, "base_url": url, "close_timeout_ms": 0, "max_attempts": 1}
    if kind == "token":
        return {**base, "token": SECRET}
    if kind == "client secret":
        return {**base, "client_id": "client-0123456789", "client_secret": SECRET}
    if kind == "minted token":
        return {**base, "client_id": "client-0123456789", "client_secret": OTHER_KEY}
    if kind == "proxy password":
        proxy = url.replace("http://", f"http://user:{quote(SECRET, safe='')}@")
        way = {"base_url": "http://127.0.0.1:9", "proxy": proxy, "allow_insecure_http": True}
        return {**base, "api_key": OTHER_KEY, **way}
    if kind == "webhook secret":
        return {**base, "api_key": OTHER_KEY, "client_id": "client-0123456789", "client_secret": SECRET}
    return {**base, "api_key": SECRET if kind == "api key" else OTHER_KEY}


def _parameters(kind: str) -> Dict[str, Any]:
    parameters: Dict[str, Any] = {"method": "POST", "path": "/some/thing", "body": {}}
    if kind == "body":
        parameters["body"] = {"settings": [{"api_key": SECRET}]}
    if kind == "password of a URL":
        parameters["body"] = {"file": f"https://me:{quote(SECRET, safe='')}@files.example/a.mp4"}
    if kind == "signature of a URL":
        parameters["body"] = {"files": [f"https://files.example/a.mp4?X-Amz-Signature={quote(SECRET, safe='')}"]}
    return parameters


def _options(kind: str) -> Dict[str, Any]:
    options: Dict[str, Any] = {"trace": True, "timeout_ms": TIMEOUT_MS}
    if kind == "header":
        options["headers"] = {"X-Gateway-Token": SECRET}
    return options


def _in_sentence(text: str) -> Callable[..., bool]:
    return answers({"code": 1003, "msg": f"{WORDS_BEFORE} {text} {WORDS_BEHIND}"})


def _in_content_type(text: str) -> Callable[..., bool]:
    """On one line and in ASCII, as a header has to be."""
    line = " ".join(text.split()).encode("ascii", "xmlcharrefreplace").decode()
    return answers(b"<html>", 200, {"content-type": f"text/html; note={line}"})


def _in_page(text: str) -> Callable[..., bool]:
    return answers(f"<p>{text}</p>".encode(), 500, {"content-type": "text/html"})


PLACES = {"sentence": _in_sentence, "content type": _in_content_type, "page": _in_page}


def _told(library: Any, ears: Ears, kind: str, text: str) -> List[str]:
    """Has a server repeat a text in every place. Returns the messages of the errors, by place."""
    messages = []
    minted = answers({"code": 1000, "token": SECRET if kind == "minted token" else "minted-for-a-test"})
    for place in PLACES.values():
        with RawServer(default=place(text), routes={TOKEN: minted}) as server:
            with AkoolClient(library, _configuration(kind, server.url)) as client:
                ears.listen(client)
                reply = client.call("request", _parameters(kind), **_options(kind))
                ears.hear_reply(reply)
                client.submit_as_is("request", _parameters(kind), _options(kind))
                ears.hear_reply(client.call("client.stats"))
                messages.append(reply.error["message"])
            assert server.requests, "nothing was sent"
    return messages


def _leaks(ears: Ears, secret: str = SECRET) -> Dict[str, List[str]]:
    """The lines that reveal a secret, by where they were said."""
    lines = {
        where: [line for line in text.splitlines() if reveals(line, secret)] for where, text in ears.everything.items()
    }
    return {where: found[:2] for where, found in lines.items() if found}


@pytest.fixture
def ears() -> Ears:
    return Ears()


def _cases() -> List[Any]:
    cases = []
    for kind in KINDS:
        for form in FORMS:
            marks = [pytest.mark.nightly] if kind != "api key" and form not in SAMPLE else []
            cases.append(pytest.param(kind, form, marks=marks, id=f"{kind}-{form}"))
    return cases


@pytest.mark.parametrize("form", list(FORMS))
def test_reading_finds_secret_in_every_form(form):
    assert reveals(f"{WORDS_BEFORE} {FORMS[form](SECRET)} {WORDS_BEHIND}", SECRET)


def test_reading_finds_nothing_when_pieces_are_short():
    pieces = [SECRET[start : start + PIECE - 1] for start in range(0, len(SECRET), PIECE - 1)]
    assert not reveals(" [hidden] ".join(pieces), SECRET)


@pytest.mark.parametrize(("kind", "form"), _cases())
def test_secret_is_hidden_when_server_repeats_it(kind, form, library, ears):
    messages = _told(library, ears, kind, FORMS[form](SECRET))
    assert not _leaks(ears)
    assert "[hidden]" in messages[0]
    assert WORDS_BEFORE in messages[0] and WORDS_BEHIND in messages[0]


# What is no secret.


@pytest.mark.parametrize(
    "text",
    [
        "Quota of the avatar dvp_Tristan_cloth2_1080P is used up (1215)",
        SECRET[: PIECE - 1],
        SECRET[8 : 8 + PIECE - 1],
        f"{SECRET[: PIECE - 1]} or {SECRET[-(PIECE - 1) :]}",
        "100%25 of 5 &lt; 6 \\u0041 \\x41",
        "c2Vzc2lvbiBvZiBhbm90aGVyIHVzZXI=",
        "6698c9d69cf7b0d61d1b6420",
        "123e4567-e89b-12d3-a456-426614174000",
        "\u4f1a\u8bdd\u5df2\u7ed3\u675f",
        "1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233",
        "[81, 109, 55, 43, 82, 122, 47]",
        "0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U",
        "2026-11-26T11:15:32.123Z, 192.168.100.200, +49 170 7654321",
        "see https://docs.akool.com/ai-tools-suite/live-avatar and ask again",
        "caf\u00e9 na\u00efve \uff21\uff22\uff23 \U0001d400 \u2460",
        "a=3D b=41, c:\\new\\table, &copy; &#169 & \\101 \\u{41}",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_readable_when_it_is_no_secret(kind, text, library, ears):
    assert f"{WORDS_BEFORE} {text} {WORDS_BEHIND}" in _told(library, ears, kind, text)[0]


def test_ordinary_words_stay_readable_when_key_begins_with_one(library, ears):
    with RawServer(default=_in_sentence("avatars of the session")) as server:
        key = "avatars-9d1c6f0e2b7a4853"
        with AkoolClient(library, {**_configuration("header", server.url), "api_key": key}) as client:
            message = client.call("account.credit", timeout_ms=TIMEOUT_MS).error["message"]
    assert f"{WORDS_BEFORE} avatars of the session {WORDS_BEHIND}" in message


# Numbers.


def _number_in_msg(connection: RawConnection, request: ReceivedRequest) -> bool:
    return _in_sentence(HUGE_NUMBER)(connection, request)


def _number_in_data(connection: RawConnection, request: ReceivedRequest) -> bool:
    body = f'{{"code": 1000, "msg": "OK", "data": {{"token": {HUGE_NUMBER}}}, "x": }}'
    return answers(body.encode())(connection, request)


@pytest.mark.parametrize(
    ("parameters", "options"),
    [
        pytest.param(
            f'{{"method": "POST", "path": "/x", "body": {{"api_key": {HUGE_NUMBER}}}}}', "{}", id="parameters"
        ),
        pytest.param(f'{{"method": "GET", "path": "/x", "query": {{"token": {HUGE_NUMBER}}}}}', "{}", id="query"),
        pytest.param('{"method": "GET", "path": "/x"}', f'{{"headers": {{"X-Token": {HUGE_NUMBER}}}}}', id="options"),
    ],
)
def test_number_is_hidden_when_it_is_a_secret(parameters, options, library, ears):
    with RawServer(default=_number_in_msg) as server:
        with AkoolClient(library, _configuration("header", server.url)) as client:
            ears.listen(client)
            result, text = library.call(client.handle, b"request", parameters.encode(), options.encode())
            ears.hear("reply", text)
    assert not _leaks(ears, HUGE_NUMBER)


def test_number_is_hidden_when_configuration_has_it(library, ears):
    text = f'{{"environment": false, "base_url": "https://a.example", "api_key": {HUGE_NUMBER}}}'
    with pytest.raises(ClientNotCreated) as refused:
        AkoolClient(library, text.encode())
    ears.hear("create", refused.value.reply.json)
    assert not _leaks(ears, HUGE_NUMBER)


def test_number_is_hidden_when_reply_cannot_be_read(library, ears):
    with RawServer(default=_number_in_data) as server:
        with AkoolClient(library, _configuration("header", server.url)) as client:
            ears.listen(client)
            ears.hear_reply(client.call("account.credit", timeout_ms=TIMEOUT_MS, trace=True))
    assert not _leaks(ears, HUGE_NUMBER)


# Proxies.


@pytest.mark.parametrize("place", (0, 8, 16, 24))
@pytest.mark.parametrize("special", ("/", "@", "/@", "@/", "?", "#", ":"))
def test_proxy_password_is_hidden_when_it_has_special_characters(special, place, library, ears):
    """Written as it is: libcurl may take a part of it for a host or a path, and name it in its error."""
    core = "Zr4Kt9mWd2Vx8Lp5Ny3Hs6BjTq7Fc1Ga"
    password = core[:place] + special + core[place:]
    try:
        configuration = {
            **_configuration("header", "https://akool.invalid"),
            "proxy": f"http://user:{password}@127.0.0.1:9",
        }
        with AkoolClient(library, configuration) as client:
            ears.listen(client)
            ears.hear_reply(client.call("account.credit", timeout_ms=TIMEOUT_MS, trace=True))
    except ClientNotCreated as refused:
        ears.hear("create", refused.reply.json)
    assert not _leaks(ears, password)
