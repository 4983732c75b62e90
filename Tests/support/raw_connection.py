"""One accepted connection of a `RawServer`, down to the bytes."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from typing import Any, Dict, Optional, Union
from urllib.parse import parse_qsl, urlsplit

Socket = Union[socket.socket, ssl.SSLSocket]


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it came, with the connection that brought it."""

    method: str
    target: str
    headers: Dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> Dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class PeerGone(Exception):
    """The client has closed or reset the connection."""


class RawConnection:
    """Reads requests and sends whatever it is told to, however wrong."""

    def __init__(self, sock: Socket, index: int, stopping: threading.Event):
        self._socket = sock
        self._buffer = b""
        self.index = index
        self.stopping = stopping

    def read_request(self) -> Optional[ReceivedRequest]:
        """The next whole request, or None when the client has closed."""
        head = self._read_until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self._read_exactly(int(headers.get("content-length", "0")))
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._read_chunks()
        return ReceivedRequest(method, target, headers, body, self.index)

    def read_some(self) -> bytes:
        """Whatever has arrived, at least one byte."""
        if not self._buffer:
            self._fill()
        taken, self._buffer = self._buffer, b""
        return taken

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise PeerGone(str(error)) from error

    def reply(self, status: int = 200, body: Any = b"", headers: Optional[Dict[str, str]] = None) -> None:
        """A proper response; a body that is not bytes goes out as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = {"content-type": "application/json", "content-length": str(len(data)), **(headers or {})}
        head = f"HTTP/1.1 {status} Some Reason\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.send(head.encode("latin-1") + b"\r\n" + data)

    def hold(self) -> None:
        """Stays silent until the client gives up or the server stops."""
        self._socket.settimeout(0.1)
        while not self.stopping.is_set():
            try:
                if not self._socket.recv(4096):
                    return
            except (socket.timeout, ssl.SSLWantReadError):
                continue
            except OSError:
                return

    def reset(self) -> None:
        """Ends the connection with RST instead of FIN."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._drop()

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed already, by us or by the client
        self._drop()

    def _drop(self) -> None:
        if self._socket.fileno() < 0:
            return
        # An SSLSocket's own close would send an orderly end first.
        if isinstance(self._socket, ssl.SSLSocket):
            socket.close(self._socket.detach())
        else:
            self._socket.close()

    def _read_until(self, mark: bytes) -> Optional[bytes]:
        while mark not in self._buffer:
            try:
                self._fill()
            except PeerGone:
                return None
        found, self._buffer = self._buffer.split(mark, 1)
        return found

    def _read_exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            line = self._read_until(b"\r\n")
            if line is None:
                raise PeerGone("inside a chunked body")
            size = int(line.split(b";")[0], 16)
            body += self._read_exactly(size)
            self._read_exactly(2)
            if size == 0:
                return body

    def _fill(self) -> None:
        self._socket.settimeout(0.1)
        while True:
            try:
                data = self._socket.recv(65536)
                break
            except (socket.timeout, ssl.SSLWantReadError):
                if self.stopping.is_set():
                    raise PeerGone("the server stops") from None
            except OSError as error:
                raise PeerGone(str(error)) from error
        if not data:
            raise PeerGone("end of stream")
        self._buffer += data
        self._socket.settimeout(10)
