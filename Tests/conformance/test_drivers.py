"""The drivers of the bindings follow Tests/conformance/README.md."""

from __future__ import annotations

import pytest
from support.drivers import DRIVERS

SIMULATED = {"base_url": "simulator:", "environment": False}
UNKNOWN_SESSION = {"id": "0" * 24}

# What is asked and what at least is answered.
PROTOCOL = [
    ({"do": "create", "client": "main", "config": SIMULATED}, {"result": "OK"}),
    ({"do": "create", "client": "bad", "config": {"api_kee": "k"}}, {"result": "INVALID_ARGUMENT"}),
    (
        {"do": "call", "client": "main", "operation": "account.credit", "params": None, "options": {"tag": "t"}},
        {"result": "OK"},
    ),
    (
        {"do": "call", "client": "main", "operation": "session.detail", "params": UNKNOWN_SESSION, "options": None},
        {"result": "NOT_FOUND"},
    ),
    (
        {
            "do": "submit",
            "client": "main",
            "operation": "account.credit",
            "params": None,
            "options": {"reply": "event"},
        },
        {"result": "OK", "request": 3},
    ),
    ({"do": "next_event", "client": "main", "timeout_ms": 30000}, {"result": "OK"}),
    (
        {"do": "submit", "client": "main", "operation": "account.credit", "params": {}, "options": None},
        {"result": "OK", "request": 4},
    ),
    ({"do": "wait", "client": "main", "request": 4, "timeout_ms": 30000}, {"result": "OK"}),
    ({"do": "cancel", "client": "main", "request": 4}, {"result": "OK"}),
    ({"do": "next_event", "client": "main", "timeout_ms": 10}, {"result": "OK", "event": None}),
    ({"do": "destroy", "client": "main"}, {"result": "OK"}),
    # The end of the input is the end of this one.
    ({"do": "create", "client": "left", "config": SIMULATED}, {"result": "OK"}),
]


def plain(name: str) -> str:
    """AVATAR_BUSY, AvatarBusy and avatar_busy are one."""
    return name.replace("_", "").lower()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("binding", list(DRIVERS))
def test_driver(binding: str) -> None:
    driver = DRIVERS[binding]()
    answers = [driver.ask(**asked) for asked, _ in PROTOCOL]
    assert driver.finish() == 0
    for answer, (asked, expected) in zip(answers, PROTOCOL):
        assert {key: answer.get(key) for key in expected} == expected, (asked, answer)
        has_failed = answer["result"] != "OK"
        assert plain(answer.get("class", "")) == (f"{plain(answer['result'])}error" if has_failed else ""), answer
    assert "api_key" in answers[1]["reply"]["error"]["message"]
    assert answers[2]["reply"]["meta"]["tag"] == "t"
    assert answers[3]["reply"]["error"]["akool_code"] == 1216
    assert answers[5]["event"]["type"] == "reply" and answers[5]["event"]["request_id"] == 3
    assert answers[7]["reply"]["data"]["credit"] == 6000


# Whatever a developer's shell holds: a key of the real service, half a pair, a value that no credential can be.
CREDENTIALS = [
    {"AKOOL_API_KEY": "key-of-the-real-service"},
    {"AKOOL_TOKEN": "token-of-the-real-service"},
    {"AKOOL_CLIENT_ID": "id-without-secret"},
    {"AKOOL_CLIENT_ID": "id", "AKOOL_CLIENT_SECRET": "secret"},
    {"AKOOL_API_KEY": "Bearer with blanks"},
]


@pytest.mark.parametrize("binding", list(DRIVERS))
def test_simulator_needs_no_credentials_and_minds_none(binding: str, monkeypatch) -> None:
    for credentials in CREDENTIALS:
        with monkeypatch.context() as patch:
            for name, value in credentials.items():
                patch.setenv(name, value)
            driver = DRIVERS[binding]()
        for config in [{"base_url": "simulator:"}, {"base_url": "simulator:", "api_key": "whatever"}]:
            assert driver.ask(do="create", client="main", config=config)["result"] == "OK", credentials
            asked = {"operation": "account.credit", "params": None, "options": None}
            assert driver.ask(do="call", client="main", **asked)["result"] == "OK", credentials
            assert driver.ask(do="destroy", client="main")["result"] == "OK"
        assert driver.finish() == 0
