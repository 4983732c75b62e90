"""An HTTP proxy: forwards plain requests itself and opens tunnels, and notes what it was asked for."""

from __future__ import annotations

import socket
import threading
from typing import Any, List
from urllib.parse import urlsplit

from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer


class ProxyServer:
    """`asked` holds the request lines' targets: absolute URLs and, for tunnels, `host:port`."""

    def __init__(self, to_port: int):
        self._to_port = to_port
        self.asked: List[str] = []
        self._server = RawServer(default=self._serve)
        self.url = self._server.url

    def __enter__(self) -> "ProxyServer":
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.stop()

    @property
    def headers(self) -> List[dict]:
        """The headers of each request, as the proxy saw them."""
        return [request.headers for request in self._server.requests]

    def _serve(self, connection: RawConnection, request: ReceivedRequest) -> bool:
        self.asked.append(request.target)
        if request.method == "CONNECT":
            return self._tunnel(connection)
        return self._forward(connection, request)

    def _forward(self, connection: RawConnection, request: ReceivedRequest) -> bool:
        parts = urlsplit(request.target)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items() if name != "connection")
        head = f"{request.method} {path} HTTP/1.1\r\n{lines}connection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self._to_port), 10) as upstream:
            upstream.sendall(head.encode("latin-1") + request.body)
            while True:
                data = upstream.recv(65536)
                if not data:
                    return False
                connection.send(data)

    def _tunnel(self, connection: RawConnection) -> bool:
        upstream = socket.create_connection(("127.0.0.1", self._to_port), 10)
        connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self._pump_back, args=(upstream, connection), daemon=True).start()
        with upstream:
            while True:
                upstream.sendall(connection.read_some())

    @staticmethod
    def _pump_back(upstream: socket.socket, connection: RawConnection) -> None:
        try:
            while True:
                data = upstream.recv(65536)
                if not data:
                    return
                connection.send(data)
        except OSError:
            return  # the tunnel's other half has ended it
