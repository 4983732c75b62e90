"""Clients that see what a polite HTTP library would hide: half an answer, a reset, the negotiated protocol."""

from __future__ import annotations

import json
import socket
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional, Tuple, Union
from urllib.parse import urlsplit

import h2.config
import h2.connection
import h2.events
from support.canary import CANARY_KEY

KEY = {"x_api_key": CANARY_KEY}
TIMEOUT_S = 20.0
HTTP1, HTTP1_TLS, HTTP2 = "http/1.1", "http/1.1 over TLS", "h2"
PROTOCOLS = [HTTP1, HTTP1_TLS, HTTP2]

Headers = List[Tuple[str, str]]


@dataclass
class Answer:
    """What has arrived of a response."""

    status: int
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> Optional[str]:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(eq=False)
class Truncated(Exception):
    """The connection ended in an orderly way before the response did."""

    answer: Optional[Answer] = field(default=None)


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S)


class TlsSocket:
    """TLS over a socket that stays ours: an `SSLSocket` reports a reset as an orderly end."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, host: str):
        self._socket = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._feeding(self.tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        self._feeding(lambda: self.tls.write(data) if data else None)

    def recv(self, size: int) -> bytes:
        try:
            return self._feeding(lambda: self.tls.read(size))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    def settimeout(self, seconds: float) -> None:
        self._socket.settimeout(seconds)

    def close(self) -> None:
        self._socket.close()

    def _feeding(self, action: Callable[[], Any]) -> Any:
        """Repeats an action until it has had enough from the network."""
        while True:
            try:
                result = action()
                self._socket.sendall(self._outgoing.read())
                return result
            except ssl.SSLWantReadError:
                self._socket.sendall(self._outgoing.read())
                data = self._socket.recv(65536)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()


Socket = Union[socket.socket, TlsSocket]


def connect_tls(url: str, ca_file: Optional[str], *protocols: str) -> TlsSocket:
    context = ssl.create_default_context(cafile=ca_file)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return TlsSocket(connect(url), context, urlsplit(url).hostname or "")


class Peer(ABC):
    """One connection, one request at a time. A reset shows as ConnectionResetError."""

    def __init__(self, sock: Socket, authority: str):
        self.socket = sock
        self.authority = authority

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: Any) -> None:
        self.socket.close()

    def request(self, method: str, target: str, body: Any = None, **headers: str) -> Answer:
        """`body` that is not bytes goes out as JSON; underscores in header names become hyphens."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if data is not None:
            lines += [("content-type", "application/json"), ("content-length", str(len(data)))]
        self.send(method, target, lines, data or b"")
        return self.receive(method)

    @abstractmethod
    def send(self, method: str, target: str, headers: Headers, body: bytes) -> None: ...

    @abstractmethod
    def receive(self, method: str = "GET") -> Answer: ...


class Http1Peer(Peer):
    def __init__(self, sock: Socket, authority: str):
        super().__init__(sock, authority)
        self._buffer = b""

    def send(self, method: str, target: str, headers: Headers, body: bytes) -> None:
        lines = [f"{method} {target} HTTP/1.1", f"host: {self.authority}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def receive(self, method: str = "GET") -> Answer:
        while b"\r\n\r\n" not in self._buffer:
            if not self._fill():
                raise Truncated()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(":", 1) for line in lines]
        answer = Answer(int(first.split(" ")[1]), [(name.lower(), value.strip()) for name, value in pairs])
        length = int(answer.header("content-length") or 0) if method != "HEAD" and answer.status >= 200 else 0
        while len(self._buffer) < length:
            if not self._fill():
                answer.body = self._buffer
                raise Truncated(answer)
        answer.body, self._buffer = self._buffer[:length], self._buffer[length:]
        return answer

    def _fill(self) -> bool:
        data = self.socket.recv(65536)
        self._buffer += data
        return bool(data)


class Http2Peer(Peer):
    def __init__(self, sock: TlsSocket, authority: str):
        super().__init__(sock, authority)
        assert sock.tls.selected_alpn_protocol() == "h2"
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self._h2.initiate_connection()
        self._flush()

    def send(self, method: str, target: str, headers: Headers, body: bytes) -> None:
        self.begin(method, target, headers, body)

    def begin(self, method: str, target: str, headers: Headers, body: bytes = b"") -> int:
        """Sends a request and tells the number of its stream."""
        stream = self._h2.get_next_available_stream_id()
        names = [(":method", method), (":scheme", "https"), (":authority", self.authority), (":path", target)]
        self._h2.send_headers(stream, names + headers, end_stream=not body)
        while body:
            room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size, len(body))
            if room == 0:
                self._flush()
                self._read()
                continue
            self._h2.send_data(stream, body[:room], end_stream=room == len(body))
            body = body[room:]
        self._flush()
        return stream

    def receive(self, method: str = "GET") -> Answer:
        """The next response that ends, of whatever stream."""
        answers: dict = {}
        while True:
            events = self._read()
            for event in events or []:
                if isinstance(event, h2.events.ResponseReceived):
                    fields = dict(event.headers)
                    headers = [(name, value) for name, value in event.headers if not name.startswith(":")]
                    answers[event.stream_id] = Answer(int(fields[":status"]), headers)
                elif isinstance(event, h2.events.DataReceived):
                    answers[event.stream_id].body += event.data
                elif isinstance(event, h2.events.StreamEnded):
                    return answers[event.stream_id]
            if events is None:
                raise Truncated(next(iter(answers.values()), None))

    def _read(self) -> Optional[List[h2.events.Event]]:
        data = self.socket.recv(65536)
        if not data:
            return None
        events = self._h2.receive_data(data)
        for event in events:
            if isinstance(event, h2.events.DataReceived):
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self._flush()
        return events

    def _flush(self) -> None:
        self.socket.sendall(self._h2.data_to_send())


def open_peer(simulator: Any, protocol: str) -> Peer:
    """A connection to a simulator that speaks TLS unless the protocol is plain HTTP/1.1."""
    authority = urlsplit(simulator.url).netloc
    if protocol == HTTP1:
        return Http1Peer(connect(simulator.url), authority)
    if protocol == HTTP1_TLS:
        return Http1Peer(connect_tls(simulator.url, simulator.ca_file, "http/1.1"), authority)
    return Http2Peer(connect_tls(simulator.url, simulator.ca_file, "h2", "http/1.1"), authority)
