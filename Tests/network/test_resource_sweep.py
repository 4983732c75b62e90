"""resource.list and resource.sweep: files that results name are remembered, warned of and saved in time."""

from __future__ import annotations

import hashlib
import http.server
import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Dict, Optional

import pytest

DAY_MS = 86_400_000


class Service(http.server.ThreadingHTTPServer):
    """Answers voice.resource_detail with a URL of its own, and serves what is there."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: Dict[str, bytes] = {}
        self.query = ""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def address(self, record: str) -> str:
        return f"{self.url}/made/{record}.mp3"

    def made(self, content: Optional[bytes] = b"spoken", days_ago: float = 0) -> str:
        """A record that was made so long ago; without content its file is gone."""
        record = f"{int(time.time() - days_ago * 86_400):08x}{len(self.files):016x}"
        self.files[f"/made/{record}.mp3"] = content
        return record


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/made/"):
            content = self.server.files.get(path)
            return self.answer(404 if content is None else 200, content or b"")
        record = path.rpartition("/")[2]
        data = {"_id": record, "status": 3, "preview": self.server.address(record) + self.server.query}
        return self.answer(200, json.dumps({"code": 1000, "msg": "OK", "data": data}).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("etag", '"one"')
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service():
    service = Service()
    yield service
    service.shutdown()
    service.server_close()


@pytest.fixture
def make(make_client, service, tmp_path):
    """Clients that share a ledger file."""

    def make(**more):
        return make_client(service.url, ledger={"file": str(tmp_path / "ledger.db")}, **more)

    return make


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


def read(client, record: str) -> None:
    reply = client.call("voice.resource_detail", {"_id": record})
    assert reply.ok, reply.json


def listed(client, **filters):
    reply = client.call("resource.list", filters)
    assert reply.ok, reply.json
    return reply.data["result"]


def swept(client, folder: Path, **more):
    reply = client.call("resource.sweep", {"directory": str(folder), **more})
    assert reply.ok, reply.json
    return reply.data


def test_what_a_result_names_is_listed_with_the_end_that_its_id_tells(make, service):
    client, record = make(), service.made(days_ago=2)
    read(client, record)
    [row] = listed(client)
    assert row["url"] == service.address(record) and row["state"] == "due" and row["signed"] is False
    assert row["operation"] == "voice.resource_detail"
    assert row["expires_at"] == (int(record[:8], 16) + 7 * 86_400) * 1000
    assert 4 * 86_400 < row["seconds_left"] <= 5 * 86_400


def test_the_list_outlives_the_client_that_made_it(make, service):
    first, record = make(), service.made()
    read(first, record)
    assert len(listed(first)) == 1
    first.destroy()
    assert [row["url"] for row in listed(make())] == [service.address(record)]


def test_without_a_ledger_file_the_client_itself_remembers(make_client, service, folder):
    client = make_client(service.url)
    read(client, service.made())
    reply = client.call("resource.list")
    assert reply.data["durable"] is False and len(reply.data["result"]) == 1
    assert len(swept(client, folder)["saved"]) == 1


def test_another_account_sees_nothing_of_it(make, service):
    client = make()
    read(client, service.made())
    assert len(listed(client)) == 1
    assert listed(make(api_key="another-account")) == []


def test_a_sweep_saves_what_is_due_the_first_to_end_first(make, service, folder):
    client = make()
    late, early = service.made(b"late"), service.made(b"early", days_ago=3)
    read(client, late), read(client, early)
    result = swept(client, folder)
    assert [row["url"] for row in result["saved"]] == [service.address(early), service.address(late)]
    assert result["failed"] == result["expired"] == result["pending"] == []
    for row, content in zip(result["saved"], (b"early", b"late")):
        assert Path(row["path"]).read_bytes() == content
        assert row["sha256"] == hashlib.sha256(content).hexdigest() and row["bytes"] == len(content)
    assert {row["state"] for row in listed(client)} == {"saved"}
    assert {Path(row["path"]).parent for row in listed(client)} == {folder}
    assert swept(client, folder)["saved"] == []


def test_only_what_ends_in_time_is_swept_when_asked(make, service, folder):
    client = make()
    late, early = service.made(b"late"), service.made(b"early", days_ago=6.5)
    read(client, late), read(client, early)
    assert [row["url"] for row in listed(client, expiring_within_ms=DAY_MS)] == [service.address(early)]
    result = swept(client, folder, expiring_within_ms=DAY_MS)
    assert [row["url"] for row in result["saved"]] == [service.address(early)]
    assert [row["url"] for row in listed(client, state="due")] == [service.address(late)]


def test_what_is_gone_is_told_once_and_not_asked_for_again(make, service, folder):
    client, record = make(), service.made(None)
    read(client, record)
    assert swept(client, folder)["expired"] == [service.address(record)]
    assert [row["state"] for row in listed(client)] == ["expired"]
    assert swept(client, folder)["expired"] == []


def test_one_failure_does_not_hold_up_the_others(make, service, folder):
    client = make()
    large, small = service.made(b"x" * 1000, days_ago=1), service.made(b"small")
    read(client, large), read(client, small)
    result = swept(client, folder, max_bytes=100)
    assert [row["code"] for row in result["failed"]] == ["LOCAL_LIMIT"]
    assert [row["url"] for row in result["saved"]] == [service.address(small)]
    assert [row["url"] for row in listed(client, state="due")] == [service.address(large)]


def test_a_file_that_a_killed_sweep_had_saved_counts_as_saved(make, service, folder, tmp_path):
    client, record = make(), service.made(b"whole")
    read(client, record)
    assert len(swept(client, folder)["saved"]) == 1
    client.destroy()
    with sqlite3.connect(tmp_path / "ledger.db") as database:
        database.execute("UPDATE resources SET state = 'due', path = NULL")
    client = make()
    [row] = swept(client, folder)["saved"]
    assert Path(row["path"]).read_bytes() == b"whole" and row["bytes"] == 5
    assert len(list(folder.iterdir())) == 1
    assert [row["state"] for row in listed(client)] == ["saved"]


def test_the_signature_of_a_url_is_used_and_never_written_down(make, service, folder, tmp_path):
    service.query = "?signature=plain-secret"
    client, record = make(), service.made()
    read(client, record)
    [row] = listed(client)
    assert row["signed"] is True and row["url"] == service.address(record)
    files = [path for path in tmp_path.glob("ledger.db*") if path.is_file()]
    assert files
    for file in files:
        assert b"plain-secret" not in file.read_bytes()
    client.destroy()
    later = make()
    [failure] = swept(later, folder)["failed"]
    assert failure["url"] == service.address(record) and "resource_detail" in failure["hint"]
    read(later, record)
    assert len(swept(later, folder)["saved"]) == 1


def test_urls_that_the_caller_names_are_swept_too(make, service, folder):
    client, record = make(), service.made(b"named")
    result = swept(client, folder, urls=[service.address(record)])
    assert Path(result["saved"][0]["path"]).read_bytes() == b"named"
    assert [row["operation"] for row in listed(client)] == ["resource.sweep"]


def test_a_file_saved_by_hand_is_no_longer_due(make, service, folder):
    client, record = make(), service.made()
    read(client, record)
    saved = client.call("resource.save", {"url": service.address(record), "directory": str(folder), "name": "a.mp3"})
    assert saved.ok, saved.json
    [row] = listed(client)
    assert row["state"] == "saved" and row["path"] == str(folder / "a.mp3")
    assert row["operation"] == "voice.resource_detail"


def test_a_full_or_missing_folder_fails_the_sweep_and_leaves_everything_due(make, service, tmp_path):
    client = make()
    read(client, service.made()), read(client, service.made())
    reply = client.call("resource.sweep", {"directory": str(tmp_path / "nowhere")})
    assert reply.result == "LOCAL_IO"
    assert [row["state"] for row in listed(client)] == ["due", "due"]


def test_a_warning_comes_an_hour_before_the_end_once(make, service):
    client, record = make(), service.made(days_ago=7 - 0.5 / 24)
    client.waiting_events()
    read(client, record)
    event = next_of(client, "resource.expiring")
    assert event["url"] == service.address(record) and event["operation"] == "voice.resource_detail"
    assert 0 < event["seconds_left"] <= 1_800
    read(client, record)
    listed(client)
    assert [e for e in client.waiting_events() if e["type"] == "resource.expiring"] == []
    client.destroy()
    assert next_of(make(), "resource.expiring")["url"] == service.address(record)


def test_what_is_saved_is_not_warned_of(make, service, folder):
    first, record = make(), service.made(days_ago=7 - 0.5 / 24)
    read(first, record)
    assert len(swept(first, folder)["saved"]) == 1
    first.destroy()
    client = make()
    assert [row["state"] for row in listed(client)] == ["saved"]
    assert [e for e in client.waiting_events() if e["type"] == "resource.expiring"] == []


def test_two_programs_that_sweep_at_once_make_one_copy_of_each(make, service, folder):
    clients = [make(), make()]
    for number in range(8):
        read(clients[0], service.made(b"file %d" % number))
    # A reply does not wait for the ledger; the same client's next read of the ledger does.
    assert len(listed(clients[0])) == len(listed(clients[1])) == 8
    requests = [client.submit("resource.sweep", {"directory": str(folder)}) for client in clients]
    for client, request in zip(clients, requests):
        reply = client.wait(request, 60_000)
        assert reply.ok and reply.data["failed"] == [], reply.json
    assert sorted(path.read_bytes() for path in folder.iterdir()) == [b"file %d" % number for number in range(8)]


def next_of(client, kind: str) -> dict:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        event = client.next_event(1_000)
        if event and event["type"] == kind:
            return event.get("data", event)
    raise AssertionError(f"no {kind}")
