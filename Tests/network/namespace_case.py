"""Runs in network and mount namespaces of its own, started by `test_namespaces.py`; prints one JSON object.

Its one argument names the case. The interface `lo` is down and `/etc/resolv.conf` is ours to change.
"""

from __future__ import annotations

import array
import fcntl
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.akool_client import AkoolClient, Reply  # noqa: E402
from support.akool_library import AkoolLibrary  # noqa: E402
from support.certificates import Authority  # noqa: E402
from support.endpoints import CREDIT, SESSION_LIST  # noqa: E402
from support.expectations import call_beside  # noqa: E402
from support.locations import library_path  # noqa: E402
from support.misbehaviours import answers, redirects  # noqa: E402
from support.raw_server import RawServer  # noqa: E402

TIMEOUT_MS = 1500
BLACK_HOLE = "black-hole.akool.test"
HEALTHY_LIST = {"code": 1000, "msg": "OK", "data": {"count": 0, "result": []}}


def bring_loopback_up() -> None:
    siocgifflags, siocsifflags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = array.array("b", struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(sock, siocgifflags, request)
        flags = struct.unpack("16sh22x", request.tobytes())[1]
        fcntl.ioctl(sock, siocsifflags, struct.pack("16sh22x", b"lo", flags | up))


def silence_the_resolver() -> "list[bytes]":
    """Every name goes to a server that takes the question and never answers."""
    replace("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n")
    replace("/etc/nsswitch.conf", "hosts: files dns\n")
    questions: "list[bytes]" = []
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 53))

    def listen() -> None:
        while True:
            questions.append(sock.recv(4096))

    threading.Thread(target=listen, daemon=True).start()
    return questions


def replace(path: str, content: str) -> None:
    if not Path(path).exists():
        return
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    subprocess.run(["mount", "--bind", file.name, path], check=True)


def make_client(base_url: str, **more: object) -> AkoolClient:
    configuration = {"base_url": base_url, "api_key": "key", "environment": False, **more}
    return AkoolClient(AkoolLibrary(library_path()), configuration)


def described(reply: Reply) -> dict:
    return {"result": reply.result, "seconds": reply.seconds, "reply": reply.json}


def no_network() -> dict:
    """No interface is up, the address is one that would need a route."""
    client = make_client("https://192.0.2.1")
    return described(client.call("account.credit", timeout_ms=TIMEOUT_MS))


def name_never_resolves() -> dict:
    bring_loopback_up()
    questions = silence_the_resolver()
    client = make_client(f"https://{BLACK_HOLE}")
    result = described(client.call("account.credit", timeout_ms=TIMEOUT_MS, max_attempts=1))
    start = time.monotonic()
    client.destroy()
    return {**result, "questions": len(questions), "destroy_seconds": time.monotonic() - start}


def name_never_resolves_beside_others() -> dict:
    """One call is led to the dead name by a redirect, the others stay with the living host."""
    bring_loopback_up()
    questions = silence_the_resolver()
    authority = Authority(Path(tempfile.mkdtemp()))
    routes = {CREDIT: redirects(f"https://{BLACK_HOLE}{CREDIT}"), SESSION_LIST: answers(HEALTHY_LIST)}
    with RawServer(routes=routes, identity=authority.server()) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        reply = call_beside(client, "account.credit", {}, "session.list", TIMEOUT_MS, max_attempts=1)
        return {**described(reply), "questions": len(questions), "others": server.count(SESSION_LIST)}


def cancelled_while_resolving() -> dict:
    bring_loopback_up()
    questions = silence_the_resolver()
    client = make_client(f"https://{BLACK_HOLE}")
    request = client.submit("account.credit", {}, timeout_ms=30_000)
    end = time.monotonic() + 5
    while not questions and time.monotonic() < end:
        time.sleep(0.005)
    start = time.monotonic()
    client.cancel(request)
    reply = client.wait(request)
    return {**described(reply), "questions": len(questions), "cancel_seconds": time.monotonic() - start}


if __name__ == "__main__":
    cases = [no_network, name_never_resolves, name_never_resolves_beside_others, cancelled_while_resolving]
    print(json.dumps({case.__name__: case for case in cases}[sys.argv[1]]()), flush=True)
    # The resolver's thread still waits for its answer; nobody is to wait for it.
    sys.stdout.flush()
    import os

    os._exit(0)
