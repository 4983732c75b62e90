"""The ledger's file when things go wrong: damaged, locked, read-only, on a full disk, seen from two containers."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from money import rows
from money.programs import WORKER, build
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.canary import CANARY_KEY
from support.locations import library_path

pytestmark = pytest.mark.timeout(300)
AVATAR = "dvp_Tristan_cloth2_1080P"
CREATE = {"avatar_id": AVATAR, "duration": 600}


@pytest.fixture
def simulator(make_simulator):
    return make_simulator(options={"official_avatars_shared": True, "busy_after_close_s": 0})


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def make(make_client, simulator, file):
    def make(**more):
        ledger = {"file": str(file), **more.pop("ledger", {})}
        return make_client(simulator.url, ledger=ledger, **more)

    return make


def open_sessions(simulator) -> int:
    return simulator.books()["open_sessions"]


def assert_refused(reply, *words: str) -> None:
    assert reply.result == "LOCAL_IO", reply.json
    for word in words:
        assert word in reply.told, reply.told


def test_file_is_private_and_holds_no_secret(make, file, simulator):
    client = make()
    assert client.call(
        "session.create",
        {**CREATE, "credentials": {"agora_uid": 1, "agora_channel": "my-room", "agora_token": "canary-agora-token"}},
        tag="desk",
    ).ok
    client.destroy()
    assert file.stat().st_mode & 0o077 == 0
    content = b"".join(path.read_bytes() for path in file.parent.glob("ledger.db*") if path.is_file())
    assert b"my-room" in content and b"desk" in content, "nothing was written"
    for secret in (CANARY_KEY, "canary-agora-token"):
        assert secret.encode() not in content


@pytest.mark.parametrize("garbage", [b"this is no database, but garbage" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_garbage_stops_a_create_and_says_so(garbage, make, file, simulator):
    file.write_bytes(garbage)
    assert_refused(make().call("session.create", CREATE), str(file), "damaged")
    assert open_sessions(simulator) == 0
    assert file.read_bytes() == garbage, "what is not ours was changed"


def test_another_programs_database_is_left_alone(make, file, simulator):
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE theirs (x)")
    before = file.read_bytes()
    assert_refused(make().call("session.create", CREATE), "another program")
    assert file.read_bytes() == before


def test_ledger_of_a_newer_version_is_left_alone(make, file):
    client = make()
    assert client.call("session.create", CREATE).ok
    client.destroy()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 999")
    assert_refused(make().call("session.create", CREATE), "newer", "999")


def test_not_required_opens_without_a_ledger_and_closes_all_the_same(make, file, simulator):
    file.write_bytes(b"garbage" * 1000)
    client = make(ledger={"required": False})
    assert client.call("session.create", CREATE).ok
    assert open_sessions(simulator) == 1
    client.destroy()
    assert open_sessions(simulator) == 0


def test_file_that_breaks_later_never_stops_a_close(make, file, simulator):
    client = make()
    sessions = [client.call("session.create", CREATE).data["_id"] for _ in range(3)]
    with open(file, "r+b") as ledger:
        ledger.write(b"\xde\xad\xbe\xef" * 4096)
    for path in file.parent.glob("ledger.db-*"):
        path.write_bytes(b"\xde\xad" * 2000)
    assert client.call("session.close", {"id": sessions[0]}).ok
    assert open_sessions(simulator) == 2
    client.destroy()
    assert open_sessions(simulator) == 0


def test_missing_folder_is_named(make_client, simulator, tmp_path):
    client = make_client(simulator.url, ledger={"file": str(tmp_path / "nowhere" / "ledger.db")})
    assert_refused(client.call("session.create", CREATE), "nowhere", "folder")


def test_locked_file_is_waited_for_within_the_deadline(make, file, simulator):
    client = make()
    session = client.call("session.create", CREATE).data["_id"]
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    reply = client.call("session.create", CREATE, timeout_ms=800)
    assert reply.result in ("LOCAL_IO", "TIMEOUT") and open_sessions(simulator) == 1
    assert client.call("session.close", {"id": session}, timeout_ms=5_000).ok, "a close waits for no file"
    writer.execute("ROLLBACK")
    writer.close()
    assert client.call("session.create", CREATE).ok


def _unshared(command: str) -> "subprocess.CompletedProcess[str]":
    """In a user, mount and process namespace of its own: what a container is."""
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-ec", command],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def namespaces():
    if _unshared("true").returncode != 0:
        pytest.skip("this machine gives no namespaces")
    build()


def _worker_configuration(simulator, file: Path, **more) -> str:
    return json.dumps(
        {
            "environment": False,
            "base_url": simulator.url,
            "api_key": CANARY_KEY,
            "account": "ledger",
            "reconcile_settle_ms": 300,
            "reconcile_window_ms": 1_500,
            "ledger": {"file": str(file)},
            **more,
        }
    )


@pytest.mark.namespace
def test_full_disk_stops_a_create_but_no_close(namespaces, simulator, tmp_path):
    """The disk is a small one that fills up while sessions are open."""
    configuration = _worker_configuration(simulator, tmp_path / "disk" / "ledger.db", close_timeout_ms=5_000)
    (tmp_path / "disk").mkdir()
    script = tmp_path / "full.py"
    script.write_text(
        f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})
import json, os
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.locations import library_path
client = AkoolClient(AkoolLibrary(library_path()), json.loads({configuration!r}))
first = client.call("session.create", {CREATE!r})
try:
    with open({str(tmp_path / "disk" / "filler")!r}, "wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 512)
except OSError:
    pass
second = client.call("session.create", {CREATE!r})
closed = client.call("session.close", {{"id": first.data["_id"]}})
print(first.result, second.result, "|", second.told, "|", closed.result)
client.destroy()
"""
    )
    python = shutil.which("python3")
    done = _unshared(f"mount -t tmpfs -o size=300k none {tmp_path}/disk && exec {python} {script}")
    assert done.stdout.startswith("OK LOCAL_IO"), done.stdout + done.stderr
    assert "cannot grow" in done.stdout and done.stdout.strip().endswith("OK")
    assert open_sessions(simulator) == 0


@pytest.mark.namespace
def test_containers_on_one_file_know_who_lives(namespaces, simulator, tmp_path):
    """Each has its own process ids, so that the same number means two programs: only the lock tells."""
    file = tmp_path / "ledger.db"
    holder = subprocess.Popen(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--pid",
            "--fork",
            "--kill-child",
            str(WORKER),
            _worker_configuration(simulator, file),
            "1",
            "1",
            "4",
            "hold",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [holder.stdout.readline().strip() for _ in range(2)]
        assert lines[1].startswith("opened "), lines
        sweep = f"exec {WORKER} '{_worker_configuration(simulator, file)}' 0 0 1 patient"
        assert "settled" in _unshared(sweep).stdout
        assert open_sessions(simulator) == 1, "a living owner's session was closed"
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert "settled" in _unshared(sweep).stdout
    assert open_sessions(simulator) == 0


def test_sweep_leaves_the_living_and_strangers_alone(make, simulator):
    living = make()
    assert living.call("session.create", CREATE).ok
    simulator.foreign_session(avatar_id=AVATAR, duration=600)
    swept = make().call("session.sweep")
    assert swept.data == {"swept": [], "pending": [], "adopted": [], "searched": 0}
    assert open_sessions(simulator) == 2


def test_heartbeat_survives_a_restart(make, simulator, file):
    """The program dies; what was in use is adopted while its heartbeats are young, and closed when they stop."""
    build()
    configuration = _worker_configuration(simulator, file)
    holder = subprocess.Popen(
        [str(WORKER), configuration, "1", "1", "4", "hold", "heartbeat"], stdout=subprocess.PIPE, text=True
    )
    lines = [holder.stdout.readline().strip() for _ in range(2)]
    holder.kill()
    holder.wait()
    session = lines[1].split()[1]
    client = make()
    swept = client.call("session.sweep").data
    assert swept["adopted"] == [session]
    assert client.call("session.heartbeat", {"id": session}).ok
    ended = None
    while ended is None:
        event = client.next_event(15_000)
        assert event is not None, "the session was never closed"
        ended = event if event["type"] == "session.ended" else None
    assert ended["id"] == session and ended["reason"] == "abandoned"
    assert open_sessions(simulator) == 0


def test_clients_of_one_process_share_a_file(make, simulator):
    clients = [make(limits={"open_sessions": 5}) for _ in range(4)]
    results = []

    def work(client: AkoolClient) -> None:
        for _ in range(3):
            results.append(client.call("session.create", CREATE).result)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("OK") == 5 and results.count("LOCAL_LIMIT") == 7
    assert open_sessions(simulator) == 5


def test_many_rows_cost_hardly_more_than_few(library):
    found = rows.ratios(library, 200_000)
    # The whole million is measured by `make crash-test`; here only what would be a scan shows.
    assert all(ratio < 4 for ratio in found.values()), found


def test_another_copy_of_the_library_in_the_process_leaves_living_owners_alone(
    make, make_client, simulator, file, tmp_path
):
    """A host that has its own, and a binding with one inside. Each copy knows only its own clients."""
    shutil.copy(library_path(), tmp_path / "copy.so")
    copy = AkoolLibrary(tmp_path / "copy.so")
    configuration = {
        "environment": False,
        "api_key": CANARY_KEY,
        "base_url": simulator.url,
        "account": "ledger",
        "ledger": {"file": str(file)},
    }
    owner = make(account="ledger")
    assert owner.call("session.create", CREATE).ok
    for _ in range(3):
        other = AkoolClient(copy, configuration)
        assert other.call("session.sweep").data["swept"] == []
        other.destroy()
        assert open_sessions(simulator) == 1
        # Nor has looking taken the owner's lock from it, by which other processes see that it lives.
        assert swept_by_another_process(configuration) == []
    # Once its client has ended without closing, what it left is swept by the copy too.
    other = AkoolClient(copy, configuration)
    assert other.call("session.create", CREATE).ok and open_sessions(simulator) == 2
    simulator.set_faults({"match": {"operation": "session.close"}, "fault": {"http_status": 503}})
    owner.destroy()
    simulator.clear_faults()
    assert len(other.call("session.sweep").data["swept"]) == 1
    other.destroy()
    assert open_sessions(simulator) == 0


def swept_by_another_process(configuration: dict) -> list:
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1])\n"
        "from support.akool_client import AkoolClient\nfrom support.akool_library import AkoolLibrary\n"
        "from support.locations import library_path\n"
        "client = AkoolClient(AkoolLibrary(library_path()), json.loads(sys.argv[2]))\n"
        "print(json.dumps(client.call('session.sweep').data['swept']))\nclient.destroy()\n"
    )
    tests = str(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-c", program, tests, json.dumps(configuration)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_a_report_has_the_sessions_of_a_service_whose_clock_is_ahead(make, simulator):
    """A new client knows AKOOL's clock only once it has had a reply."""
    simulator.advance(60)
    first = make()
    assert first.call("session.close", {"id": first.call("session.create", CREATE).data["_id"]}).ok
    first.destroy()
    assert make().call("ledger.report").data["total"]["sessions"] == 1
