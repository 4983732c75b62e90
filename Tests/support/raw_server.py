"""A server that does exactly what a test tells it to, right or wrong, and counts what reaches it."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any, Callable, Dict, List, Optional

from support.certificates import Identity
from support.raw_connection import PeerGone, RawConnection, ReceivedRequest

# What to do with a whole request; true means that the connection stays open for the next one.
Behaviour = Callable[[RawConnection, ReceivedRequest], bool]
# What to do with a connection as soon as it is there, before anything is read.
ConnectionBehaviour = Callable[[RawConnection], None]


class RawServer:
    """Listens on a free port of 127.0.0.1.

    Requests go to `routes` by their path, others to `default`. `first_connections` take whole connections
    away from that: the first element treats the first connection, and so on, before TLS.
    """

    def __init__(
        self,
        default: Optional[Behaviour] = None,
        routes: Optional[Dict[str, Behaviour]] = None,
        identity: Optional[Identity] = None,
        first_connections: Optional[List[ConnectionBehaviour]] = None,
    ):
        self.requests: List[ReceivedRequest] = []
        self.connections = 0
        self.failed_handshakes: List[str] = []
        self._default = default or not_found
        self._routes = dict(routes or {})
        self._context = identity.server_context("http/1.1") if identity else None
        self._first = list(first_connections or [])
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if identity else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "RawServer":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopping.set()
        # Wakes the accepting thread, which a mere close would not.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # no longer listening
        self._listener.close()

    def route(self, path: str, behaviour: Behaviour) -> None:
        self._routes[path] = behaviour

    def count(self, path: str) -> int:
        """How many requests for this path have come in whole."""
        with self._changed:
            return sum(1 for request in self.requests if request.path == path)

    def wait_for(self, condition: Callable[["RawServer"], bool], within_s: float = 5.0) -> None:
        """Until the condition holds; looked at after every connection and request."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), within_s), "the server never saw it"

    def wait_for_request(self, path: str, count: int = 1) -> None:
        self.wait_for(lambda server: sum(1 for request in server.requests if request.path == path) >= count)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                index, self.connections = self.connections, self.connections + 1
                self._changed.notify_all()
            threading.Thread(target=self._serve, args=(sock, index), daemon=True).start()

    def _serve(self, sock: socket.socket, index: int) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = RawConnection(sock, index, self._stopping)
        try:
            if index < len(self._first):
                self._first[index](connection)
                return
            if self._context:
                sock.settimeout(10)
                connection = RawConnection(self._context.wrap_socket(sock, server_side=True), index, self._stopping)
            self._answer(connection)
        except PeerGone:
            pass  # every client leaves some time
        except (ssl.SSLError, OSError) as error:
            with self._changed:
                self.failed_handshakes.append(str(error))
                self._changed.notify_all()
        finally:
            connection.close()

    def _answer(self, connection: RawConnection) -> None:
        while True:
            request = connection.read_request()
            if request is None:
                return
            with self._changed:
                self.requests.append(request)
                self._changed.notify_all()
            if not self._routes.get(request.path, self._default)(connection, request):
                return


def not_found(connection: RawConnection, _request: ReceivedRequest) -> bool:
    """What a test has not thought of."""
    connection.reply(404, b"no such path", {"content-type": "text/plain"})
    return True


class FullBacklog:
    """A port that listens but never accepts, its queue full: the next connect gets no answer at all."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._fillers: List[socket.socket] = []
        self._fill()

    def __enter__(self) -> "FullBacklog":
        return self

    def __exit__(self, *_: Any) -> None:
        for sock in [*self._fillers, self._listener]:
            sock.close()

    def _fill(self) -> None:
        """Connects until a connection is no longer completed."""
        for _ in range(16):
            sock = socket.socket()
            sock.settimeout(0.2)
            self._fillers.append(sock)
            try:
                sock.connect(("127.0.0.1", self.port))
            except socket.timeout:
                return
        raise AssertionError("the listen queue never filled up")


class NeverAccepting:
    """A port whose connections are completed by the kernel, and that is all that ever happens."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "NeverAccepting":
        return self

    def __exit__(self, *_: Any) -> None:
        self._listener.close()


def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]
