"""An HTTP/2 server over TLS that answers, resets or refuses as a test tells it to, and counts requests."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from typing import Any, Callable, Dict, List, Optional

import h2.config
import h2.connection
import h2.errors
import h2.events

from support.certificates import Identity
from support.raw_connection import ReceivedRequest


class Stream:
    """One request, to be answered or not."""

    def __init__(self, connection: "_Connection", number: int):
        self._connection = connection
        self.number = number

    def reply(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = [(":status", str(status)), ("content-type", "application/json")]
        self._connection.h2.send_headers(self.number, headers)
        self._connection.h2.send_data(self.number, data, end_stream=True)

    def reset(self, code: h2.errors.ErrorCodes) -> None:
        """Ends this stream only."""
        self._connection.h2.reset_stream(self.number, code)

    def go_away(self, last_stream: int) -> None:
        """Says which streams were handled, and closes."""
        self._connection.h2.close_connection(h2.errors.ErrorCodes.NO_ERROR, last_stream_id=last_stream)
        self._connection.closing = True

    def break_connection(self) -> None:
        """RST of the whole connection."""
        self._connection.broken = True


Behaviour = Callable[[Stream, ReceivedRequest], None]


def answers(data: Any, status: int = 200) -> Behaviour:
    return lambda stream, _request: stream.reply(status, data)


def silent(_stream: Stream, _request: ReceivedRequest) -> None:
    """Takes the request and says nothing."""


def breaks(stream: Stream, _request: ReceivedRequest) -> None:
    stream.break_connection()


def resets_stream(code: h2.errors.ErrorCodes) -> Behaviour:
    return lambda stream, _request: stream.reset(code)


def goes_away_unhandled(stream: Stream, _request: ReceivedRequest) -> None:
    """GOAWAY whose last stream is the one before: this request was certainly not handled."""
    stream.go_away(max(0, stream.number - 2))


class Http2Server:
    """Requests go to `routes` by path; each is counted when it has come in whole."""

    def __init__(self, identity: Identity, routes: Dict[str, Behaviour]):
        self.requests: List[ReceivedRequest] = []
        self.connections = 0
        self._routes = routes
        self._context = identity.server_context("h2")
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Http2Server":
        return self

    def __exit__(self, *_: Any) -> None:
        self._stopping.set()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # no longer listening
        self._listener.close()

    def count(self, path: str) -> int:
        with self._changed:
            return sum(1 for request in self.requests if request.path == path)

    def wait_for_request(self, path: str, count: int = 1, within_s: float = 5.0) -> None:
        with self._changed:
            seen = lambda: sum(1 for request in self.requests if request.path == path) >= count  # noqa: E731
            assert self._changed.wait_for(seen, within_s), "the server never saw it"

    def received(self, stream: Stream, request: ReceivedRequest) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        # What a test has not thought of, as the search for lost creates.
        self._routes.get(request.path, answers({"code": 1008, "msg": "no such path"}))(stream, request)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            index, self.connections = self.connections, self.connections + 1
            threading.Thread(target=self._serve, args=(sock, index), daemon=True).start()

    def _serve(self, sock: socket.socket, index: int) -> None:
        sock.settimeout(10)
        try:
            secured = self._context.wrap_socket(sock, server_side=True)
            _Connection(self, secured, index, self._stopping).run()
        except (ssl.SSLError, OSError):
            sock.close()


class _Connection:
    def __init__(self, server: Http2Server, sock: ssl.SSLSocket, index: int, stopping: threading.Event):
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.broken = False
        self.closing = False
        self._server, self._socket, self._index, self._stopping = server, sock, index, stopping
        self._heads: Dict[int, list] = {}
        self._bodies: Dict[int, bytes] = {}

    def run(self) -> None:
        self.h2.initiate_connection()
        self._flush()
        self._socket.settimeout(0.1)
        while not self._stopping.is_set():
            data = self._receive()
            if data is None:
                continue
            if not data:
                break
            for event in self.h2.receive_data(data):
                self._handle(event)
            if self.broken:
                linger = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                break
            self._flush()
            if self.closing:
                self._drain()
                break
        socket.close(self._socket.detach())

    def _drain(self) -> None:
        """Lets the client end first: closing with its bytes unread would send RST and lose our last words."""
        while not self._stopping.is_set():
            if self._receive() == b"":
                return

    def _receive(self) -> Optional[bytes]:
        try:
            return self._socket.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""

    def _flush(self) -> None:
        data = self.h2.data_to_send()
        if data:
            self._socket.sendall(data)

    def _handle(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self._heads[event.stream_id], self._bodies[event.stream_id] = list(event.headers), b""
        elif isinstance(event, h2.events.DataReceived):
            self._bodies[event.stream_id] += event.data
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self._complete(event.stream_id)

    def _complete(self, number: int) -> None:
        head = dict(self._heads.pop(number))
        headers = {name: value for name, value in head.items() if not name.startswith(":")}
        request = ReceivedRequest(head[":method"], head[":path"], headers, self._bodies.pop(number), self._index)
        self._server.received(Stream(self, number), request)
