"""The driver, with which the scenarios of Tests/conformance run through both clients."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from python_support import NOBODY, REPOSITORY, SIMULATED, environment

SUBMITTED = {"client": "main", "operation": "account.credit", "params": None, "options": {"reply": "event"}}
DRIVEN = [
    ({"do": "create", "client": "main", "config": SIMULATED}, {"result": "OK"}),
    (
        {"do": "create", "client": "bad", "config": {"api_kee": "k"}},
        {"result": "INVALID_ARGUMENT", "class": "InvalidArgumentError"},
    ),
    (
        {"do": "call", "client": "main", "operation": "account.credit", "params": None, "options": {"tag": "t"}},
        {"result": "OK"},
    ),
    (
        {"do": "call", "client": "main", "operation": "session.detail", "params": {"id": NOBODY}, "options": None},
        {"result": "NOT_FOUND", "class": "NotFoundError"},
    ),
    ({"do": "submit", **SUBMITTED}, {"result": "OK", "request": 3}),
    ({"do": "next_event", "client": "main", "timeout_ms": 30000}, {"result": "OK"}),
    ({"do": "cancel", "client": "main", "request": 3}, {"result": "OK"}),
    ({"do": "wait", "client": "main", "request": 3, "timeout_ms": 30000}, {"result": "OK"}),
    ({"do": "next_event", "client": "main", "timeout_ms": 10}, {"result": "OK", "event": None}),
    ({"do": "destroy", "client": "main"}, {"result": "OK"}),
    ({"do": "create", "client": "left", "config": SIMULATED}, {"result": "OK"}),
]


@pytest.mark.parametrize("kind", ["sync", "asyncio"])
def test_driver(kind):
    lines = "".join(json.dumps({"id": number, **asked}) + "\n" for number, (asked, _) in enumerate(DRIVEN))
    command = [sys.executable, str(REPOSITORY / "Tests" / "python" / "driver.py"), kind]
    result = subprocess.run(command, input=lines, env=environment(), capture_output=True, text=True, timeout=100)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(DRIVEN)))
    for answer, (asked, expected) in zip(answers, DRIVEN):
        assert expected.items() <= answer.items(), (asked, answer)
    assert answers[2]["reply"]["meta"]["tag"] == "t"
    assert answers[3]["reply"]["error"]["akool_code"] == 1216
    assert answers[5]["event"]["type"] == "reply" and answers[5]["event"]["request_id"] == 3
