"""resource.save against servers that lose connections, change the file, or mean no good."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable, List, Optional

import pytest
from support.akool_client import AkoolClient
from support.locations import library_path

PIECE = 524_288
CONTENT = random.Random(1).randbytes(3 * PIECE + 1234)


class FileServer(http.server.ThreadingHTTPServer):
    """Serves one file, in ranges unless told otherwise, and misbehaves as a test wants."""

    daemon_threads = True

    def __init__(self, content: bytes = CONTENT):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.etag = content, '"one"'
        self.ranges = True
        self.seen: List[dict] = []
        # Given the number of a request, from 1: what to do instead of answering; None to answer.
        self.instead: Callable[["_Handler", int], Optional[bool]] = lambda handler, number: None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/made/video.mp4?signature=abc"

    def handle_error(self, *_: object) -> None:
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FileServer

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
        if self.server.instead(self, len(self.server.seen)) is not None:
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        content = self.server.content
        unchanged = self.headers.get("if-range", self.server.etag) == self.server.etag
        if wanted and self.server.ranges and unchanged:
            first, last = int(wanted[1]), min(int(wanted[2]), len(content) - 1)
            if first >= len(content):
                return self.answer(416, b"", {"content-range": f"bytes */{len(content)}"})
            return self.answer(
                206, content[first : last + 1], {"content-range": f"bytes {first}-{last}/{len(content)}"}
            )
        return self.answer(200, content)

    def answer(self, status: int, body: bytes, headers: Optional[dict] = None) -> bool:
        self.send_response(status)
        for name, value in {"etag": self.server.etag, "content-type": "video/mp4", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return True

    def reset(self) -> bool:
        """Half an answer, then the connection is gone."""
        self.wfile.write(
            b"HTTP/1.1 206 Partial\r\ncontent-length: 500000\r\ncontent-range: bytes 0-499999/500000\r\n\r\nxx"
        )
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        return True


@pytest.fixture
def server():
    server = FileServer()
    yield server
    server.shutdown()


@pytest.fixture
def client(library):
    with AkoolClient(
        library, {"api_key": "sesame-key", "base_url": "http://127.0.0.1:1", "environment": False}
    ) as client:
        yield client


def save(client: AkoolClient, server: FileServer, folder: Path, **more):
    options = {name: more.pop(name) for name in ("timeout_ms", "max_attempts") if name in more}
    return client.call("resource.save", {"url": server.url, "directory": str(folder), **more}, **options)


def names(folder: Path) -> List[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_saved_without_credentials(client, server, tmp_path):
    reply = save(client, server, tmp_path)
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = tmp_path / "video.mp4"
    assert reply.ok, reply.json
    expected = {
        "path": str(path),
        "bytes": len(CONTENT),
        "sha256": digest,
        "content_type": "video/mp4",
        "resumed": False,
    }
    assert reply.data == expected
    assert path.read_bytes() == CONTENT and names(tmp_path) == ["video.mp4"]
    assert len(server.seen) == 4
    for request in server.seen:
        assert (
            "x-api-key" not in request and "authorization" not in request and request["accept-encoding"] == "identity"
        )
    types = [event["type"] for event in client.events()] if hasattr(client, "events") else []
    assert not types or "resource.saved" in types


def test_ten_resets_do_no_harm(client, server, tmp_path):
    server.instead = lambda handler, number: handler.reset() if number % 2 and number < 21 else None
    server.content = random.Random(2).randbytes(11 * PIECE)
    reply = save(client, server, tmp_path)
    assert reply.ok, reply.json
    assert (tmp_path / "video.mp4").read_bytes() == server.content
    assert len(server.seen) == 11 + 10


def test_endless_resets_end_and_what_has_come_is_kept(client, server, tmp_path):
    server.instead = lambda handler, number: handler.reset() if number > 2 else None
    assert save(client, server, tmp_path).result == "UNAVAILABLE"
    assert names(tmp_path) == [".video.mp4.akool-part", ".video.mp4.akool-part.json"]
    assert "signature" not in (tmp_path / ".video.mp4.akool-part.json").read_text()
    server.instead, seen = lambda handler, number: None, len(server.seen)
    reply = save(client, server, tmp_path)
    assert reply.data["resumed"] and (tmp_path / "video.mp4").read_bytes() == CONTENT
    assert server.seen[seen]["range"] == f"bytes={2 * PIECE}-{3 * PIECE - 1}" and len(server.seen) == seen + 2


def test_a_file_that_changes_is_begun_anew(client, server, tmp_path):
    changed = random.Random(3).randbytes(2 * PIECE)

    def change(_handler, number):
        if number == 3:
            server.content, server.etag = changed, '"two"'

    server.instead = change
    reply = save(client, server, tmp_path)
    assert reply.ok and (tmp_path / "video.mp4").read_bytes() == changed


def test_without_a_validator_nothing_is_resumed(client, server, tmp_path):
    server.etag = 'W/"weak"'
    server.instead = lambda handler, number: handler.reset() if number > 2 else None
    assert not save(client, server, tmp_path).ok
    server.instead = lambda handler, number: None
    reply = save(client, server, tmp_path)
    assert reply.ok and not reply.data["resumed"] and (tmp_path / "video.mp4").read_bytes() == CONTENT


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1])
def test_any_size(client, server, tmp_path, size):
    server.content = CONTENT[:size]
    if size == 0:
        server.ranges = False
    reply = save(client, server, tmp_path)
    assert reply.ok and reply.data["bytes"] == size, reply.json
    assert (tmp_path / "video.mp4").read_bytes() == server.content


def test_a_server_without_ranges(client, server, tmp_path):
    server.ranges = False
    assert save(client, server, tmp_path).ok
    assert (tmp_path / "video.mp4").read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_gone_is_expired(client, server, tmp_path, status):
    server.instead = lambda handler, number: handler.answer(status, b"<html>")
    reply = save(client, server, tmp_path)
    assert reply.result == "RESOURCE_EXPIRED" and reply.json["error"]["http_status"] == status
    assert len(server.seen) == 1 and "signature=abc" not in str(reply.json)


def test_limits_and_digests_are_kept(client, server, tmp_path):
    assert save(client, server, tmp_path, max_bytes=len(CONTENT) - 1).result == "LOCAL_LIMIT"
    wrong = save(client, server, tmp_path, sha256="0" * 64)
    assert wrong.result == "BAD_RESPONSE" and not (tmp_path / "video.mp4").exists()
    assert save(client, server, tmp_path, sha256=hashlib.sha256(CONTENT).hexdigest().upper()).ok


def test_nothing_is_replaced_unasked(client, server, tmp_path):
    (tmp_path / "video.mp4").write_text("mine")
    assert save(client, server, tmp_path).result == "ALREADY_EXISTS" and not server.seen
    assert (tmp_path / "video.mp4").read_text() == "mine"
    assert save(client, server, tmp_path, overwrite=True).ok
    assert (tmp_path / "video.mp4").read_bytes() == CONTENT


@pytest.mark.parametrize("path", ["/..%2f..%2fetc%2fpasswd", "/a/..", "/%00", "/", "/.hidden", "/-rf", "/é", "/a\\b"])
def test_names_of_servers_stay_in_the_folder(client, server, tmp_path, path):
    folder = tmp_path / "inside"
    folder.mkdir()
    url = f"http://127.0.0.1:{server.server_port}{path}"
    client.call("resource.save", {"url": url, "directory": str(folder)})
    assert names(tmp_path) == ["inside"]
    assert all(not name.startswith("-") and re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names(folder))


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/b", "..", ".", "x" * 201])
def test_names_of_callers_are_names(client, server, tmp_path, name):
    reply = save(client, server, tmp_path, name=name)
    assert reply.result == "INVALID_ARGUMENT" and "name" in reply.json["error"]["message"] and not server.seen


def test_links_are_not_followed(client, server, tmp_path):
    outside = tmp_path / "outside"
    folder = tmp_path / "inside"
    folder.mkdir()
    outside.write_text("precious")
    (folder / ".video.mp4.akool-part").symlink_to(outside)
    assert save(client, server, folder).result == "LOCAL_IO"
    (folder / ".video.mp4.akool-part").unlink()
    (folder / "video.mp4").symlink_to(outside)
    assert save(client, server, folder).result == "ALREADY_EXISTS"
    assert save(client, server, folder, overwrite=True).ok
    assert outside.read_text() == "precious" and not (folder / "video.mp4").is_symlink()


def test_redirects_into_private_networks_are_refused(client, server, tmp_path):
    other = FileServer()
    try:

        def redirect(handler, _number):
            return handler.answer(302, b"", {"location": f"http://127.0.0.1:{other.server_port}/made/video.mp4"})

        server.instead = redirect
        reply = save(client, server, tmp_path)
        assert reply.result == "BAD_RESPONSE" and "private" in reply.json["error"]["message"] and not other.seen
        assert save(client, server, tmp_path, allow_private_addresses=True).ok and other.seen
    finally:
        other.shutdown()


def test_plain_http_goes_to_this_machine_only(client, tmp_path):
    reply = client.call("resource.save", {"url": "http://example.com/a.mp4", "directory": str(tmp_path)})
    assert reply.result == "INVALID_ARGUMENT" and "http://" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"content-range": "bytes 5-9/100"}, {"content-range": "bytes 0-1/1"}, {"content-range": "nonsense"}],
    ids=str,
)
def test_answers_that_make_no_sense_are_refused(client, server, tmp_path, headers):
    server.instead = lambda handler, number: handler.answer(206, b"xxxxx", headers)
    assert save(client, server, tmp_path).result == "BAD_RESPONSE"
    assert not (tmp_path / "video.mp4").exists()


def test_a_folder_that_is_none_is_told(client, server, tmp_path):
    reply = save(client, server, tmp_path / "nowhere")
    assert reply.result == "LOCAL_IO" and "nowhere" in reply.json["error"]["message"] and not server.seen


def test_two_saves_of_one_file_do_not_disturb_each_other(library, server, tmp_path):
    server.instead = lambda handler, number: time.sleep(0.05)
    replies = []

    def run() -> None:
        with AkoolClient(library, {"api_key": "k", "base_url": "http://127.0.0.1:1", "environment": False}) as client:
            replies.append(save(client, server, tmp_path))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.result for reply in replies) == ["ALREADY_EXISTS", "ALREADY_EXISTS", "OK"]
    assert (tmp_path / "video.mp4").read_bytes() == CONTENT and names(tmp_path) == ["video.mp4"]


SAVER = """
import sys
sys.path.insert(0, sys.argv[1])
from support.akool_library import AkoolLibrary
from support.akool_client import AkoolClient
from support.locations import library_path
settings = {"api_key": "k", "base_url": "http://127.0.0.1:1", "environment": False}
client = AkoolClient(AkoolLibrary(library_path()), settings)
client.call("resource.save", {"url": sys.argv[2], "directory": sys.argv[3]}, timeout_ms=60_000)
"""


def test_a_killed_save_goes_on(client, server, tmp_path):
    tests = str(Path(__file__).resolve().parents[1])
    reached = threading.Event()

    def wait(_handler, number):
        if number == 3:
            reached.set()
            time.sleep(30)

    server.instead = wait
    environment = {**os.environ, "AKOOL_LIB": str(library_path())}
    process = subprocess.Popen([sys.executable, "-c", SAVER, tests, server.url, str(tmp_path)], env=environment)
    assert reached.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.instead, seen = lambda handler, number: None, len(server.seen)
    reply = save(client, server, tmp_path)
    assert reply.data["resumed"] and (tmp_path / "video.mp4").read_bytes() == CONTENT
    assert len(server.seen) == seen + 2


def test_a_cancelled_save_ends_at_once(client, server, tmp_path):
    server.instead = lambda handler, number: time.sleep(30) if number == 2 else None
    reply = save(client, server, tmp_path, timeout_ms=500)
    assert reply.result == "TIMEOUT" and names(tmp_path)[0] == ".video.mp4.akool-part"


LARGE = """
import json, re, sys
sys.path.insert(0, sys.argv[1])
from support.akool_library import AkoolLibrary
from support.akool_client import AkoolClient
from support.locations import library_path

def memory(name):
    return int(re.search(name + r":\\s+(\\d+) kB", open("/proc/self/status").read())[1])

settings = {"api_key": "k", "base_url": "http://127.0.0.1:1", "environment": False}
client = AkoolClient(AkoolLibrary(library_path()), settings)
client.call("resource.save", {"url": sys.argv[2], "directory": sys.argv[3], "name": "small", "max_bytes": 600000})
client.call("client.stats")
open("/proc/self/clear_refs", "w").write("5")
before = memory("VmRSS")
reply = client.call("resource.save", {"url": sys.argv[2], "directory": sys.argv[3]}, timeout_ms=300_000)
after = memory("VmHWM")
stats = client.call("client.stats").data
print(json.dumps({"reply": reply.json, "grown_kb": after - before, "stats": stats}))
"""


class Pattern(bytes):
    """A large file of which only one block is in memory."""

    SIZE = 200 * 1024 * 1024
    BLOCK = random.Random(4).randbytes(1_000_003)

    def __len__(self) -> int:
        return self.SIZE

    def __getitem__(self, part):
        start, stop, _ = part.indices(self.SIZE)
        piece = b""
        while start < stop:
            offset = start % len(self.BLOCK)
            chunk = self.BLOCK[offset : offset + stop - start]
            piece += chunk
            start += len(chunk)
        return piece


def test_200_megabytes_with_ten_resets_in_little_memory(server, tmp_path):
    """A figure of memory and of stalls, far above what is needed, so that a busy machine does not fail it."""
    server.content = Pattern()
    resets = iter(range(30, 330, 30))
    due = next(resets)

    def reset(handler, number):
        nonlocal due
        if due is None or number < due:
            return None
        due = next(resets, None)
        return handler.reset()

    server.instead = reset
    tests = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", LARGE, tests, server.url, str(tmp_path)]
    environment = {**os.environ, "AKOOL_LIB": str(library_path())}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stdout)
    digest = hashlib.sha256()
    for start in range(0, Pattern.SIZE, 1 << 20):
        digest.update(server.content[start : start + (1 << 20)])
    assert told["reply"]["data"]["sha256"] == digest.hexdigest() and due is None
    assert told["grown_kb"] < 4096, told["grown_kb"]
    print(told["grown_kb"], "kB;", told["stats"])
