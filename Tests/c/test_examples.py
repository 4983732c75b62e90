"""The examples in C do what they say. They run under AddressSanitizer, which also finds what they do not free: against
the simulator in their process, or one over HTTP where that must outlive them."""

from __future__ import annotations

import hashlib
import http.server
import re
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
from support.c_programs import Running, compile_program, finds_leaks, watched_program
from support.canary import CANARY_KEY
from support.endpoints import SESSION_CLOSE
from support.locations import REPOSITORY
from support.simulator import Simulator

EXAMPLES = REPOSITORY / "examples" / "c"
ALONE = ("quickstart", "whole_job")
NAMES = sorted(file.stem for file in EXAMPLES.glob("*.c") if file.stem != "common")
SIMULATED = "SIMULATED: AKOOL_API_KEY is not set"
NEVER_CLOSED = {"match": {"operation": "session.close"}, "fault": {"hang": True, "handled": False}}
AVATARS = ("dvp_Tristan_cloth2_1080P", "dvp_Emma_agora")


def sources(name: str) -> List[Path]:
    return [EXAMPLES / f"{name}.c"] + ([] if name in ALONE else [EXAMPLES / "common.c"])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts examples in a folder of the test's; what still runs after the test is killed."""
    started: List[Running] = []

    def run(name: str, *arguments: str, **variables: str) -> Running:
        running = Running([watched_program(*sources(name)), *arguments], tmp_path, **variables)
        started.append(running)
        return running

    yield run
    for running in started:
        running.stop()


@pytest.fixture
def simulator(make_simulator: Callable[..., Simulator]) -> Simulator:
    return make_simulator()


@pytest.fixture
def service(simulator: Simulator) -> dict:
    """The variables with which an example uses the simulator over HTTP."""
    return {"AKOOL_API_KEY": CANARY_KEY, "AKOOL_BASE_URL": simulator.url}


def until(what: str, holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def open_sessions(simulator: Simulator) -> int:
    return simulator.books()["open_sessions"]


# All of them.


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("standard", ["c99", "c11"])
@pytest.mark.parametrize("name", NAMES)
def test_compiles_without_a_warning(name, standard, compiler):
    assert compile_program(sources(name), compiler, standard).is_file()


WRONG = {
    "conversation": [["a", "b"]],
    "epoll": [["65536"], ["x"], ["-1"], ["7777", "8"], [""], ["77 "]],
    "kiosk": [["a", "b"], ["a", "0"], ["a", "3601"], ["a", "60", "c"], ["a", "-1"]],
    "quickstart": [["a"]],
    "save": [[], ["a", "b", "c"]],
    "whole_job": [["--rael"]],
}


@pytest.mark.parametrize("name, arguments", [(name, wrong) for name in NAMES for wrong in WRONG[name]])
def test_wrong_arguments_show_the_usage(start, name, arguments):
    running = start(name, *arguments)
    assert running.end() == 2
    assert re.fullmatch(r"usage: \S+.*\n", running.text)


@pytest.mark.parametrize("name, arguments", [("quickstart", []), ("kiosk", []), ("save", ["."])])
def test_a_service_that_is_not_there_is_told(start, name, arguments):
    running = start(name, *arguments, AKOOL_API_KEY="k", AKOOL_BASE_URL="http://127.0.0.1:1")
    assert running.end() == 1
    assert "UNAVAILABLE" in running.text and "Check the network" in running.text


@pytest.mark.parametrize("name, arguments", [("quickstart", []), ("kiosk", []), ("save", ["."]), ("epoll", ["0"])])
def test_a_bad_address_is_told(start, name, arguments):
    running = start(name, *arguments, AKOOL_API_KEY="k", AKOOL_BASE_URL="here")
    assert running.end() == 1
    assert "INVALID_ARGUMENT" in running.text and "base_url" in running.text


@pytest.mark.parametrize("name", ["quickstart", "kiosk"])
def test_no_free_avatar_is_told(start, service, simulator, name):
    simulator.set_faults({"match": {"operation": "avatar.list"}, "fault": {"set": {"/data/result": []}}})
    running = start(name, **service)
    assert running.end() == 1
    assert "No official avatar is available" in running.text


def test_what_is_not_freed_is_seen(tmp_path):
    if not finds_leaks():
        pytest.skip("LeakSanitizer does not run here")
    source = tmp_path / "leak.c"
    source.write_text(
        "#include <akool.h>\n#include <stddef.h>\nint main(void) {\n  char *text = NULL;\n"
        '  akool_result result = akool_json_quote("x", &text);\n  text = NULL;\n  return result;\n}\n'
    )
    running = Running([watched_program(source)], tmp_path)
    assert running.end() != 0 and "__wrap_akool_json_quote" in running.text


# The quick start.


def test_quickstart_says_that_it_is_simulated_and_closes_what_it_opened(start, tmp_path):
    running = start("quickstart")
    assert running.end() == 0, running.text
    assert running.text.startswith(SIMULATED)
    assert '"token":"SIMULATED-' in running.text and "is closed, and seen to be closed" in running.text
    assert (tmp_path / "akool.ledger").exists()


def test_quickstart_is_short():
    assert len((EXAMPLES / "quickstart.c").read_text().splitlines()) <= 130


def test_quickstart_uses_the_service_with_a_key(start, service, simulator):
    running = start("quickstart", **service)
    assert running.end() == 0, running.text
    assert running.text.startswith("REAL") and CANARY_KEY not in running.text
    books = simulator.books()
    assert len(books["sessions"]) == 1 and books["open_sessions"] == 0


def test_quickstart_closes_at_its_next_start_what_was_open_when_it_was_killed(start, service, simulator):
    simulator.set_faults(NEVER_CLOSED)
    killed = start("quickstart", **service)
    until("it to close the session", lambda: simulator.requests(path=SESSION_CLOSE))
    killed.end(signal.SIGKILL)
    assert open_sessions(simulator) == 1
    simulator.clear_faults()
    running = start("quickstart", **service)
    assert running.end() == 0, running.text
    books = simulator.books()
    assert len(books["sessions"]) == 2 and books["open_sessions"] == 0


# The whole job, which Tests/c/test_whole_job.c tests further.


@pytest.mark.parametrize("press", [None, "Make an avatar", "taken in advance"])
def test_whole_job_frees_what_it_is_given(start, press):
    running = start("whole_job")
    if press:
        running.line(press)
        running.process.send_signal(signal.SIGINT)
    assert running.end() == (1 if press else 0), running.text
    assert ("Refunded:" in running.text) == (press != "Make an avatar")


# The conversation.


def test_conversation_is_held_in_several_frames(start):
    running = start("conversation")
    assert running.end() == 0, running.text
    assert running.text.startswith(SIMULATED)
    for line in ("set-params: acknowledged", "interrupt: acknowledged", "event: audio_start"):
        assert line in running.text.splitlines()
    assert re.search(r"^bot: (Hello! This text is long enough for several frames. ){25}$", running.text, re.M)
    assert re.search(r"^\(sent in [2-9] frames\)$", running.text, re.M)


@pytest.mark.parametrize("text", ['Say "hi" \\ to José.', "行きましょう 🎉"])
def test_conversation_says_what_it_is_given(start, text):
    running = start("conversation", text)
    assert running.end() == 0, running.text
    assert f"bot: {text}" in running.text.splitlines()


def test_conversation_refuses_what_is_no_text(start):
    running = start("conversation", "\udcff")
    assert running.end() == 1
    assert "not UTF-8" in running.text


def test_conversation_needs_the_simulated_room(start, service, simulator):
    running = start("conversation", **service)
    assert running.end() == 2 and "without AKOOL_API_KEY" in running.text
    assert simulator.books()["sessions"] == []


# Saving.

FILE = b"sound " * 200_000


class Files(http.server.BaseHTTPRequestHandler):
    """Has one file, and nothing else."""

    def do_GET(self) -> None:
        is_there = self.path == "/recording.mp3"
        self.send_response(200 if is_there else 404)
        self.send_header("content-length", str(len(FILE) if is_there else 0))
        self.end_headers()
        if is_there:
            self.wfile.write(FILE)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def files() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def recording_is(status: int, url: Any = None) -> dict:
    """What the simulator says of the recording."""
    changes = {"/data/result/status": status, "/data/result/preview": url}
    return {"match": {"operation": "voice.resource_detail"}, "fault": {"set": changes}}


def assert_saved(running: Running, folder: Path, content: bytes) -> None:
    assert running.end() == 0, running.text
    path, size, digest = re.search(r"^saved: (\S+), (\d+) bytes, SHA-256 (\w+)$", running.text, re.M).groups()
    saved = (folder / path).read_bytes()
    assert saved == content and int(size) == len(saved) and digest == hashlib.sha256(saved).hexdigest()


def test_save_saves_the_recording(start, service, simulator, files, tmp_path):
    simulator.set_faults(recording_is(3, f"{files}/recording.mp3"))
    assert_saved(start("save", ".", **service), tmp_path, FILE)


def test_save_tells_what_is_gone(start, service, simulator, files):
    simulator.set_faults(recording_is(3, f"{files}/none.mp3"))
    running = start("save", ".", **service)
    assert running.end() == 1 and "RESOURCE_EXPIRED" in running.text


def test_save_tells_what_akool_could_not_make(start, service, simulator):
    simulator.set_faults(recording_is(4))
    running = start("save", ".", **service)
    assert running.end() == 1 and "could not make the recording" in running.text


def test_save_needs_a_folder(start, service, simulator, files):
    simulator.set_faults(recording_is(3, f"{files}/recording.mp3"))
    running = start("save", "nowhere", **service)
    assert running.end() == 1 and "nowhere" in running.text


def test_ctrl_c_ends_the_waiting_for_the_recording(start, service, simulator):
    simulator.set_faults(recording_is(1))
    running = start("save", ".", **service)
    until("the first look", lambda: simulator.requests(operation="voice.resource_detail"))
    assert running.end(signal.SIGINT) == 1 and "saved" not in running.text


def test_save_saves_what_the_simulator_has(start, make_simulator, tmp_path):
    simulator = make_simulator(options={"voice_processing_s": 1})
    folder = tmp_path / 'with "quotes"'
    folder.mkdir()
    running = start("save", folder.name, AKOOL_API_KEY=CANARY_KEY, AKOOL_BASE_URL=simulator.url)
    assert running.end() == 0, running.text
    (saved,) = folder.iterdir()
    assert saved.stat().st_size > 0 and f"ready: {simulator.url}/" in running.text


def test_save_saves_what_the_simulator_in_its_process_has(start, tmp_path):
    running = start("save", ".", "Some other text")
    assert running.end() == 0, running.text
    assert running.text.startswith(SIMULATED)
    path, size = re.search(r"^saved: (\S+), (\d+) bytes", running.text, re.M).groups()
    assert (tmp_path / path).stat().st_size == int(size) > 0


# The kiosk.


def test_kiosk_closes_at_its_next_start_what_was_open_when_it_was_killed(start, service, simulator):
    killed = start("kiosk", **service)
    session = killed.line(r"^open: (\w+)")
    killed.end(signal.SIGKILL)
    assert open_sessions(simulator) == 1
    restarted = start("kiosk", **service)
    assert session in restarted.line(r"^closed after the last run: (.*)")
    assert restarted.line(r"^open: (\w+)") != session
    assert restarted.end(signal.SIGTERM) == 0, restarted.text
    assert "closed: 1" in restarted.text.splitlines()
    books = simulator.books()
    assert books["open_sessions"] == 0 and books["sessions"][0]["refunded"] > 0


def test_kiosk_moves_on_before_the_paid_time_ends(start, service, simulator):
    running = start("kiosk", "other.ledger", "35", **service)
    first = running.line(r"^open: (\w+)")
    assert running.line(r"^the screen moves to room \S+ of session (\w+)") != first
    until("the old session to be closed", lambda: open_sessions(simulator) == 1)
    assert running.end(signal.SIGINT) == 0, running.text
    assert open_sessions(simulator) == 0


def test_kiosk_ends_when_there_is_no_session_to_follow(start, service, simulator):
    simulator.set_faults({"match": {"operation": "session.create", "nth": 2}, "fault": {"akool_code": 1104}})
    running = start("kiosk", "other.ledger", "32", **service)
    assert running.end() == 1
    assert "no session to follow" in running.text and open_sessions(simulator) == 0


def test_kiosk_ends_when_its_session_is_ended_elsewhere(start, service, simulator):
    running = start("kiosk", **service)
    session = running.line(r"^open: (\w+)")
    simulator.end_foreign(session)
    assert running.end() == 1
    assert f"ended: {session} (remote)" in running.text.splitlines()


# The epoll loop.


class Visitor:
    """Somebody who types lines."""

    def __init__(self, port: str):
        self.socket = socket.create_connection(("127.0.0.1", int(port)), timeout=60)
        self._lines = self.socket.makefile("r", encoding="utf-8")

    def say(self, text: str) -> None:
        self.socket.sendall(text.encode() + b"\n")

    def hear(self) -> str:
        return self._lines.readline().rstrip("\n")

    def ask(self, text: str) -> str:
        self.say(text)
        return self.hear()

    def has_heard(self) -> bool:
        self.socket.setblocking(False)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(60)

    def leave(self) -> None:
        self._lines.close()
        self.socket.close()


@pytest.fixture
def server(start, service) -> Running:
    return start("epoll", "0", **service)


@pytest.fixture
def visit(server: Running) -> Iterator[Callable[[], Visitor]]:
    port = server.line(r"^listening on 127\.0\.0\.1:(\d+)")
    visitors: List[Visitor] = []

    def come() -> Visitor:
        visitors.append(Visitor(port))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()


def test_epoll_serves_visitors_and_ends_in_order(server, visit, simulator):
    first, second = visit(), visit()
    assert first.ask("credit") == "credit: 6000"
    assert first.ask(f"open {AVATARS[0]}").startswith('join: {"transport":"agora"')
    assert second.ask(f"open {AVATARS[1]}\r").startswith('join: {"transport":"agora"')
    assert open_sessions(simulator) == 2
    assert first.ask("close") == "closed" and open_sessions(simulator) == 1
    assert first.ask("close").startswith("error: say credit")
    server.line("visitors: 2, under way: 0, sessions: 1")
    assert server.end(signal.SIGTERM) == 0, server.text
    assert server.text.endswith("closed\n") and open_sessions(simulator) == 0


def test_epoll_waits_for_nobody(server, visit, simulator):
    simulator.set_faults({"match": {"operation": "session.create"}, "fault": {"delay_ms": 5000}})
    slow, others = visit(), [visit() for _ in range(12)]
    slow.say(f"open {AVATARS[0]}")
    server.line("under way: 1")
    for other in others:
        other.say("credit")
    assert all(other.hear().startswith("credit: ") for other in others)
    assert not slow.has_heard(), "the slow one was answered before the others"
    assert slow.hear().startswith("join: ")


def test_epoll_answers_each_visitor_in_order(server, visit):
    visitor = visit()
    visitor.say("\n".join(["credit", f"open {AVATARS[0]}", "credit", "nonsense", "close", "credit"]))
    heads = [visitor.hear().split(":")[0] for _ in range(6)]
    assert heads == ["credit", "join", "credit", "error", "closed", "credit"]


def test_epoll_tells_why_a_session_cannot_be_had(visit):
    visitor = visit()
    assert "does not exist" in visitor.ask("open none")
    assert visitor.ask('open ", "duration": 3600, "x": "').startswith("error: ")
    assert visitor.ask("credit") == "credit: 6000"


def test_epoll_closes_what_a_visitor_leaves(visit, simulator):
    visitor = visit()
    assert visitor.ask(f"open {AVATARS[0]}").startswith("join: ")
    visitor.leave()
    until("the session to be closed", lambda: open_sessions(simulator) == 0)


def test_epoll_closes_what_was_opened_for_somebody_who_had_gone(server, visit, simulator):
    simulator.set_faults({"match": {"operation": "session.create"}, "fault": {"delay_ms": 1500}})
    visitor = visit()
    visitor.say(f"open {AVATARS[0]}")
    until("the session to be opened", lambda: len(simulator.books()["sessions"]) == 1)
    visitor.leave()
    until("the session to be closed", lambda: open_sessions(simulator) == 0)
    server.line("visitors: 0, under way: 0, sessions: 0")


def test_epoll_tells_when_a_session_is_over(visit, simulator):
    visitor = visit()
    assert visitor.ask(f"open {AVATARS[0]}").startswith("join: ")
    simulator.end_foreign(simulator.books()["sessions"][0]["_id"])
    assert visitor.hear() == "ended: remote"
    assert visitor.ask(f"open {AVATARS[0]}").startswith("join: ")


def test_epoll_hangs_up_on_talk_without_an_end(visit):
    visitor, other = visit(), visit()
    with pytest.raises(OSError):
        for _ in range(100):
            visitor.socket.sendall(b"x" * 1000)
            if visitor.hear() == "":
                raise ConnectionError("hung up")
    assert other.ask("credit") == "credit: 6000"


def test_epoll_hangs_up_on_who_does_not_listen(server, visit):
    deaf, other = visit(), visit()
    deaf.socket.settimeout(20)
    with pytest.raises(OSError):
        while True:
            deaf.socket.sendall(b"nonsense\n" * 50)
    assert other.ask("credit") == "credit: 6000"
    server.line("visitors: 1")


def is_served(visitor: Visitor) -> bool:
    try:
        return visitor.ask("credit") == "credit: 6000"
    except ConnectionError:
        return False


def test_epoll_has_64_places(visit):
    visitors = [visit() for _ in range(64)]
    assert visitors[-1].ask("credit") == "credit: 6000"
    assert not is_served(visit())
    visitors[0].leave()
    until("a free place", lambda: is_served(visit()))


def test_epoll_ends_at_the_second_ctrl_c(server, visit, simulator):
    assert visit().ask(f"open {AVATARS[0]}").startswith("join: ")
    simulator.set_faults(NEVER_CLOSED)
    server.process.send_signal(signal.SIGINT)
    server.line("^closing the sessions")
    assert server.end(signal.SIGINT) == 0, server.text


def test_epoll_tells_when_its_port_is_taken(start, service):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = start("epoll", str(taken.getsockname()[1]), **service)
        assert running.end() == 1 and "Address already in use" in running.text
