"""The worlds around a client in which one thing misbehaves: its configuration, its calls, and the servers."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, Iterator, List, Optional, Sequence, Union

from support import misbehaviours
from support.canary import CANARY_CLIENT_ID, CANARY_CLIENT_SECRET
from support.certificates import Authority, Identity
from support.endpoints import SESSION_CREATE, TOKEN
from support.misbehaviours import answers, in_turn
from support.raw_connection import RawConnection
from support.raw_server import Behaviour, FullBacklog, RawServer

HEALTHY_PATH = "/healthy"
HEALTHY = {"operation": "request", "parameters": {"method": "GET", "path": HEALTHY_PATH}}
CREATE = {"operation": "session.create", "parameters": {"avatar_id": "a", "duration": 60}}
CREDENTIALS = {"agora_uid": 1, "agora_app_id": "app", "agora_channel": "ch", "agora_token": "tok"}
SESSION = {"_id": "6698c9d69cf7b0d61d1b6420", "status": 1, "stream_type": "agora", "credentials": CREDENTIALS}
DONE = {"code": 1000, "msg": "OK", "data": {}}
SESSION_OPENED = {"code": 1000, "msg": "OK", "data": SESSION}

OnConnection = Callable[[RawConnection], None]


def call(name: str, kind: str, operation: str, parameters: Any, **more: Any) -> dict:
    return {"name": name, "kind": kind, "operation": operation, "parameters": parameters, **more}


STANDARD_CALLS = [
    call("read", "call", "account.credit", {}),
    call("paid", "call", **CREATE),
    call("close", "call", "session.close", {"id": "6698c9d69cf7b0d61d1b6421"}),
    call("waited", "wait", "avatar.list", {}),
    call("cancelled", "cancel", "session.list", {}),
    call("told", "callback", "language.list", {}),
]


@dataclass
class World:
    configuration: Dict[str, Any]
    calls: List[dict] = field(default_factory=lambda: list(STANDARD_CALLS))
    opens: bool = False
    """True if a session is opened first, which destroy then has to close."""
    spares_path: bool = False
    """True if a call of the same client to another path has to succeed."""
    environment: Dict[str, str] = field(default_factory=dict)
    """Settings of the shims."""
    limits: Dict[str, int] = field(default_factory=dict)
    limits_from: str = ""
    """`create` or `calls`: where the limits begin."""


@dataclass
class Place:
    """A folder, certificates, and a healthy server."""

    folder: Path
    authority: Authority
    healthy_url: str


Make = Callable[[Place], ContextManager[World]]


def healthy_server() -> RawServer:
    return RawServer(default=answers(DONE))


class ConnectionServer(RawServer):
    """Hands every connection to `behave`, after TLS where it has an identity."""

    def __init__(self, behave: OnConnection, identity: Optional[Identity] = None, protocol: str = "http/1.1"):
        super().__init__()
        self._behave = behave
        if identity:
            self._context = identity.server_context(protocol)

    def _answer(self, connection: RawConnection) -> None:
        self._behave(connection)


def after_bytes(behaviour: Behaviour) -> OnConnection:
    def behave(connection: RawConnection) -> None:
        connection.read_some()
        behaviour(connection, None)

    return behave


def after_request(behaviour: Behaviour) -> OnConnection:
    def behave(connection: RawConnection) -> None:
        request = connection.read_request()
        if request:
            behaviour(connection, request)

    return behave


def without_reading(connection: RawConnection, _request: Any = None) -> bool:
    """Lets the buffers of the connection fill up."""
    connection.stopping.wait(10)
    return False


# Where it misbehaves.


def replies(
    behaviour: Callable[[], Behaviour],
    *more_calls: dict,
    calls: Sequence[dict] = tuple(STANDARD_CALLS),
    **configuration: Any,
) -> Make:
    """Every path of AKOOL misbehaves, but the first create opens a session, and one path stays healthy."""

    @contextlib.contextmanager
    def make(_place: Place) -> Iterator[World]:
        wrong = behaviour()
        healthy = answers(DONE)
        routes = {HEALTHY_PATH: healthy, SESSION_CREATE: in_turn(answers(SESSION_OPENED), wrong)}
        with RawServer(default=wrong, routes=routes) as server:
            own = {"base_url": server.url, "max_body_bytes": 1_000_000, **configuration}
            yield World(own, [*calls, *more_calls], opens=True, spares_path=True)

    return make


def connections(
    behave: OnConnection,
    *more_calls: dict,
    tls: Union[str, Callable[[Authority], Identity]] = "",
    protocol: str = "http/1.1",
    **configuration: Any,
) -> Make:
    """Every connection misbehaves; with TLS, after a handshake with that kind of certificate."""

    @contextlib.contextmanager
    def make(place: Place) -> Iterator[World]:
        kind = (lambda authority: getattr(authority, tls)()) if isinstance(tls, str) else tls
        identity = kind(place.authority) if tls else None
        with ConnectionServer(behave, identity, protocol) as server:
            trust = {"ca_file": str(place.authority.ca_file)} if tls else {}
            own = {"base_url": server.url, **trust, **configuration}
            yield World(own, [*STANDARD_CALLS, *more_calls])

    return make


def handshakes(behave: OnConnection) -> Make:
    """TLS that misbehaves: plain connections for a client that expects TLS."""

    @contextlib.contextmanager
    def make(place: Place) -> Iterator[World]:
        with ConnectionServer(behave) as server:
            yield World({"base_url": f"https://127.0.0.1:{server.port}", "ca_file": str(place.authority.ca_file)})

    return make


def proxies(behave: OnConnection, scheme: str = "http", host: str = "127.0.0.1") -> Make:
    @contextlib.contextmanager
    def make(place: Place) -> Iterator[World]:
        with ConnectionServer(behave) as server:
            proxy = f"{scheme}://{host}:{server.port}"
            yield World(
                {"base_url": "https://127.0.0.1:9", "proxy": proxy, "ca_file": str(place.authority.ca_file)},
            )

    return make


def names(way: str, *more_calls: dict, **configuration: Any) -> Make:
    """A base URL whose name the resolver misbehaves for. The server behind it is healthy."""

    @contextlib.contextmanager
    def make(_place: Place) -> Iterator[World]:
        with healthy_server() as server:
            own = {"base_url": f"http://service.example:{server.port}", "allow_insecure_http": True, **configuration}
            yield World(own, [*STANDARD_CALLS, *more_calls], environment={"HOSTILE_DNS": way})

    return make


@contextlib.contextmanager
def interface_name(_place: Place) -> Iterator[World]:
    """The name of the interface to connect from does not resolve; the server is healthy."""
    with healthy_server() as server:
        configuration = {"base_url": server.url, "interface": "card.example"}
        yield World(configuration, environment={"HOSTILE_DNS": "silent"})


def unreachable(port: Callable[[], int]) -> Make:
    @contextlib.contextmanager
    def make(_place: Place) -> Iterator[World]:
        yield World({"base_url": f"http://127.0.0.1:{port()}"})

    return make


@contextlib.contextmanager
def full_backlog(_place: Place) -> Iterator[World]:
    with FullBacklog() as full:
        yield World({"base_url": full.url})


def tokens(behaviour: Callable[[], Behaviour], others: Optional[Behaviour] = None) -> Make:
    """The exchange of a client id for a token misbehaves; everything else answers."""

    @contextlib.contextmanager
    def make(_place: Place) -> Iterator[World]:
        routes = {TOKEN: behaviour()}
        with RawServer(default=others or answers(DONE), routes=routes) as server:
            own = {"client_id": CANARY_CLIENT_ID, "client_secret": CANARY_CLIENT_SECRET, "api_key": None}
            yield World({"base_url": server.url, **own})

    return make


def saves(
    behaviour: Callable[[], Behaviour],
    disk: str = "",
    prepare: Callable[[Path], None] = lambda folder: None,
    **limits: int,
) -> Make:
    """`resource.save` beside the other calls, from a server or to a folder that misbehaves."""

    @contextlib.contextmanager
    def make(place: Place) -> Iterator[World]:
        folder = place.folder / "saved"
        folder.mkdir()
        prepare(folder)
        wrong = behaviour()
        with RawServer(default=answers(DONE), routes={"/video.mp4": wrong}) as server:
            parameters = {"url": f"{server.url}/video.mp4", "directory": str(folder)}
            more = [call("saved", "call", "resource.save", parameters)]
            more.append(call("save cancelled", "cancel", "resource.save", {**parameters, "name": "other.mp4"}))
            environment = {"HOSTILE_DISK": disk, "HOSTILE_DISK_FOLDER": str(folder)} if disk else {}
            yield World(
                {"base_url": server.url},
                [*STANDARD_CALLS, *more],
                spares_path=True,
                environment=environment,
                limits=limits,
                limits_from="calls",
            )

    return make


def ledgers(disk: str = "", prepare: Callable[[Path], Any] = lambda path: None) -> Make:
    """A ledger on a disk that misbehaves, with a healthy server."""

    @contextlib.contextmanager
    def make(place: Place) -> Iterator[World]:
        folder = place.folder / "books"
        folder.mkdir()
        file = folder / "ledger.db"
        held = prepare(file)
        routes = {SESSION_CREATE: answers(SESSION_OPENED)}
        with RawServer(default=answers(DONE), routes=routes) as server:
            environment = {"HOSTILE_DISK": disk, "HOSTILE_DISK_FOLDER": str(folder)} if disk else {}
            configuration = {"base_url": server.url, "ledger": {"file": str(file)}}
            reports = [call("report", "call", "ledger.report", {})]
            yield World(configuration, [*STANDARD_CALLS, *reports], spares_path=True, environment=environment)
        if held:
            held.close()

    return make


def limited(
    limits_from: str,
    behaviour: Optional[Callable[[], Behaviour]] = None,
    calls: Sequence[dict] = tuple(STANDARD_CALLS),
    **limits: int,
) -> Make:
    """The process itself has little left, and the server is healthy unless `behaviour` is given."""

    @contextlib.contextmanager
    def make(_place: Place) -> Iterator[World]:
        default = behaviour() if behaviour else answers(DONE)
        with RawServer(default=default, routes={SESSION_CREATE: answers(SESSION_OPENED)}) as server:
            yield World({"base_url": server.url}, list(calls), limits=limits, limits_from=limits_from)

    return make


# Disks.


def locked(file: Path) -> sqlite3.Connection:
    """Another program holds the ledger, and does not end."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE held (number)")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def locked_bytes(file: Path) -> Any:
    """Every byte of the file is locked as SQLite locks its own."""
    held = file.open("w+b")
    fcntl.lockf(held, fcntl.LOCK_EX)
    return held


# Replies.

OK_HEAD = misbehaviours.OK_HEAD


def body(data: Union[bytes, Callable[[], bytes]], **headers: str) -> Callable[[], Behaviour]:
    """A whole reply with this body, made when it is needed."""
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: answers(data() if callable(data) else data, 200, lines)


def catalogued(name: str) -> Callable[[], Behaviour]:
    return misbehaviours.CATALOGUE[name]
