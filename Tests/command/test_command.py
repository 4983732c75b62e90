"""The program `akool`: what people type, what they see, and its exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.akool_client import AkoolClient
from support.locations import library_path

PROGRAM = Path(__file__).resolve().parents[2] / "build/bin/akool"
AVATAR = "dvp_Tristan_cloth2_1080P"
RESULTS = {"INVALID_ARGUMENT": 1, "UNAUTHENTICATED": 4, "NOT_FOUND": 6, "CANCELLED": 15}
USAGE_ERROR = 64


def start(*words: str, **more) -> subprocess.Popen:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AKOOL_")}
    environment.update(LC_ALL="C.UTF-8", LD_LIBRARY_PATH=str(library_path().parent), **more.pop("environment", {}))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([str(PROGRAM), *words], env=environment, text=True, encoding="utf-8", **pipes)


def akool(*words: str, text: str = "", **more) -> subprocess.CompletedProcess:
    process = start(*words, **more)
    output, errors = process.communicate(text, timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, output, errors)


@pytest.fixture
def simulator(make_simulator):
    return make_simulator("--api-key", "k", "--credit", "6000")


@pytest.fixture
def options(simulator):
    """Those that lead to the simulator."""
    return ["--config", json.dumps({"base_url": simulator.url, "api_key": "k", "environment": False})]


# Operations.


def test_credit(options):
    assert akool(*options, "credit").stdout == "6000.00\n"
    assert json.loads(akool(*options, "--json", "credit").stdout)["data"] == {"credit": 6000}


def test_simulator_minds_no_credentials_of_the_environment():
    for credentials in [{"AKOOL_API_KEY": "key-of-the-service"}, {"AKOOL_CLIENT_ID": "id-without-secret"}]:
        assert akool("--simulator", "credit", environment=credentials).stdout == "6000.00\n"


def test_parameters_have_the_types_of_the_catalogue(options, simulator):
    assert akool(*options, "avatar.create", "--url", "https://a.b/c", "--avatar_id", "123", "--type=2").returncode == 0
    sent = simulator.requests()[-1]
    assert sent["path"].endswith("avatar/create")
    detail = akool(*options, "--json", "avatar.detail", "--avatar_id", "123")
    assert detail.returncode in (0, RESULTS["NOT_FOUND"])
    listed = json.loads(akool(*options, "--json", "session.list", "--all", "--size", "5").stdout)
    assert listed["data"] == {"count": 0, "result": [], "complete": True}


def test_objects_come_as_json_as_dots_and_on_standard_input(options):
    dotted = [
        "message.encode",
        "--transport",
        "agora",
        "--type",
        "set-params",
        "--mid",
        "m",
        "--data.vparams.speed",
        "1.1",
    ]
    expected = '{"v":2,"type":"command","mid":"m","pld":{"cmd":"set-params","data":{"vparams":{"speed":1.1}}}}'
    text = json.dumps({"transport": "agora", "type": "set-params", "mid": "m", "data": {"vparams": {"speed": 1.1}}})
    for words, given in [(dotted, ""), (["message.encode", text], ""), (["message.encode", "-"], text)]:
        reply = json.loads(akool(*options, "--json", *words, text=given).stdout)
        assert reply["data"]["chunks"][0]["payload"] == expected


def test_lists_are_tables(options):
    lines = akool(*options, "voice.list", "--type", "2", "--all").stdout.splitlines()
    assert re.match(r"_id +uid +team_id", lines[0]) and lines[-1] == "7 of 7"
    assert len({line.index("Female") for line in lines if "Female" in line}) == 1, (
        "a column that does not stand straight"
    )


def test_words_of_strangers_cannot_move_the_cursor(options):
    assert akool(*options, "knowledge.create", "--name", "\x1b[2J\x9b1mname").returncode == 0
    shown = akool(*options, "knowledge.list").stdout
    assert "name" in shown and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


def test_avatar_create_waits(options):
    fast = ["--config", json.dumps({"base_url": "simulator:", "environment": False, "simulator": {"time_scale": 100}})]
    done = akool(*fast, "--wait", "avatar.create", "--url", "https://a.b/c", "--avatar_id", "mine")
    assert done.returncode == 0 and re.search(r"^state +ready$", done.stdout, re.M), done.stdout + done.stderr


# Exit statuses.


@pytest.mark.parametrize(
    "words, status, hint",
    [
        (["session.detail", "--id", "6698c9d69cf7b0d61d1b6420"], RESULTS["NOT_FOUND"], "NOT_FOUND"),
        (["session.create", "--avatar_id", AVATAR, "--duration", "7200"], RESULTS["INVALID_ARGUMENT"], "3600"),
        (["session.create", "--avatarid", "a"], RESULTS["INVALID_ARGUMENT"], 'did you mean "avatar_id"'),
        (["session.craete"], USAGE_ERROR, "no such operation"),
        (["session.detail", "--id"], USAGE_ERROR, "value is missing"),
        (["session.detail", "id"], USAGE_ERROR, "neither a parameter"),
        (["session.detail", "{"], USAGE_ERROR, "line 1"),
        (["credit", "now"], USAGE_ERROR, "makes no sense"),
        (["--timeout", "soon", "credit"], USAGE_ERROR, "seconds"),
        (["--colour", "credit"], USAGE_ERROR, "no such option"),
        (["--ledger"], USAGE_ERROR, "value is missing"),
        ([], USAGE_ERROR, "no operation"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_faults_have_their_status_and_words(options, words, status, hint):
    ended = akool(*options, *words)
    assert ended.returncode == status and hint in ended.stderr and ended.stdout == "", ended


def test_every_result_is_its_own_number():
    described = json.loads(akool("--json", "describe").stdout)
    numbers = {entry["name"]: entry["value"] for entry in described["results"]}
    assert {name: numbers[name] for name in RESULTS} == RESULTS and max(numbers.values()) < USAGE_ERROR


def test_without_a_key_it_says_what_to_do():
    ended = akool("credit")
    assert ended.returncode == RESULTS["UNAUTHENTICATED"] and "AKOOL_API_KEY" in ended.stderr
    assert akool("--config", "/nowhere", "credit").returncode == USAGE_ERROR


def test_no_key_is_shown(simulator):
    key = "sesame-4711-canary"
    ended = akool("--config", json.dumps({"base_url": simulator.url}), "credit", environment={"AKOOL_API_KEY": key})
    assert ended.returncode == RESULTS["UNAUTHENTICATED"] and key not in ended.stdout + ended.stderr


# Sessions.


def test_a_session_is_held_and_closed(options, simulator):
    process = start(*options, "--json", "session.create", "--avatar_id", AVATAR, "--duration", "600")
    _until(lambda: simulator.books()["open_sessions"] == 1)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0 and "Ctrl-C" in errors
    assert json.loads(output)["data"]["join"]["transport"] == "agora"
    books = simulator.books()
    assert books["open_sessions"] == 0 and books["sessions"][0]["refunded"] > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_create_leaves_no_session_open_when_it_is_interrupted(number, make_simulator):
    """Also where standard error is no terminal, and before the reply has come."""
    slow = {"match": {"operation": "session.create"}, "fault": {"delay_ms": 1_500}}
    simulator = make_simulator(faults=[slow])
    configuration = {"base_url": simulator.url, "api_key": "k", "environment": False}
    process = start("--config", json.dumps(configuration), "session.create", "--avatar_id", AVATAR, "--duration", "600")
    _until(lambda: simulator.requests(operation="session.create"))
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == RESULTS["CANCELLED"]
    assert simulator.books()["open_sessions"] == 0


HOLDER = """
import sys, time, json
sys.path.insert(0, sys.argv[1])
from support.akool_library import AkoolLibrary
from support.akool_client import AkoolClient
from support.locations import library_path
client = AkoolClient(AkoolLibrary(library_path()), json.loads(sys.argv[2]))
reply = client.call("session.create", {"avatar_id": "dvp_Emma_agora", "duration": 600}, tag="kiosk 7")
print(reply.data["_id"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def holder(simulator, tmp_path):
    """A program that holds a session, with the ledger that it shares."""
    ledger = str(tmp_path / "ledger")
    configuration = {"base_url": simulator.url, "api_key": "k", "environment": False, "ledger": {"file": ledger}}
    tests = str(Path(__file__).resolve().parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tests, json.dumps(configuration)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process, process.stdout.readline().strip(), ledger
    finally:
        process.kill()
        process.wait()


def test_sessions_tells_who_has_what_open(options, holder, simulator):
    process, session, ledger = holder
    shown = akool(*options, "--ledger", ledger, "sessions").stdout
    line = next(line for line in shown.splitlines() if session in line)
    assert f"process {process.pid}" in line and "kiosk 7" in line and "(gone)" not in line
    rows = json.loads(akool(*options, "--ledger", ledger, "--json", "sessions").stdout)
    assert 0 < rows[0]["seconds_left"] <= 600 and rows[0]["_id"] == session
    process.kill()
    process.wait()
    assert "(gone)" in akool(*options, "--ledger", ledger, "sessions").stdout
    assert simulator.books()["open_sessions"] == 1, "looking has closed something"
    closed = akool(*options, "--ledger", ledger, "close-all")
    assert closed.stdout == "1 closed\n" and simulator.books()["open_sessions"] == 0
    assert akool(*options, "--ledger", ledger, "sessions").stdout == "No session is open.\n"


def test_sessions_of_others_are_shown_and_closed_only_after_a_yes(options, simulator):
    session = simulator.foreign_session(avatar_id=AVATAR, duration=600)["_id"]
    shown = akool(*options, "sessions").stdout
    assert session in shown and "not in the ledger" in shown
    refused = akool(*options, "close-all", "--scope", "account", text="n\n")
    assert session in refused.stdout and "Close 1 session?" in refused.stderr
    assert simulator.books()["open_sessions"] == 1
    assert akool(*options, "close-all", "--scope", "account", text="").returncode == 0
    assert simulator.books()["open_sessions"] == 1
    assert akool(*options, "--yes", "close-all", "--scope", "account").stdout.endswith("1 closed\n")
    assert simulator.books()["open_sessions"] == 0


def _until(holds) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# Describing.


def test_describe(library):
    with AkoolClient(library, {"base_url": "simulator:", "environment": False}):
        names = [entry["name"] for entry in library.describe()["operations"]]
    lines = akool("describe").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == names
    assert "--avatar_id (required)" in akool("describe", "session.create").stdout
    assert json.loads(akool("--json", "describe", "session.create").stdout)["name"] == "session.create"
    assert akool("describe", "session.craete").returncode == USAGE_ERROR


def test_help_and_version(library):
    assert "close-all" in akool("--help").stdout and akool("--help").returncode == 0
    assert akool("--version").stdout.strip() == library.describe()["version"]
