"""An HTTP backend for a page with an avatar: it opens sessions, hands `join` to the browser, and closes what visitors
leave open. The API key stays here. It is a plain ASGI application, for any server and framework that speaks ASGI:

    pip install uvicorn
    uvicorn backend:application --port 8080      then open http://127.0.0.1:8080

    POST   /sessions                opens a session: {id, join}
    POST   /sessions/ID/heartbeat   somebody is still there
    DELETE /sessions/ID             closes it (POST /sessions/ID/close does too: all that a page can send as it goes)
"""

import asyncio
import json
import logging
import os
import pathlib
import re
from typing import Any, Dict, Optional, Set, Tuple

import akool
from connect import settings

HEARTBEAT_TIMEOUT_MS = int(os.environ.get("HEARTBEAT_TIMEOUT_MS", "15000"))
PAGE = pathlib.Path(__file__).with_name("page.html").read_bytes()
# Visitors are told that it failed, not how: messages are for who runs this.
STATUS = {
    akool.AvatarBusyError: 503,
    akool.LocalLimitError: 503,
    akool.RateLimitedError: 503,
    akool.TimeoutError: 504,
    akool.SessionEndedError: 410,
}
Answer = Tuple[int, Any]
log = logging.getLogger("backend")


class Backend:
    """Made when the server starts, in each of its processes: a client does not survive a fork."""

    def __init__(self) -> None:
        ledger = os.environ.get("LEDGER", "backend.ledger")
        self.client = akool.AsyncClient(settings({"ledger": {"file": ledger}, "limits": {"open_sessions": 3}}))
        # Only what this backend has opened can be closed through it.
        self.open: Set[str] = set()
        self.watching = asyncio.create_task(self.watch())

    async def watch(self) -> None:
        async for event in self.client.events():
            if event["type"] == "session.ended":
                self.open.discard(event["id"])
                print(f"ended: {event['id']} ({event['reason']})", flush=True)

    async def close(self) -> None:
        """Closes every session before the server ends."""
        await self.client.close()
        await self.watching
        print("closed", flush=True)

    async def free_avatar(self) -> str:
        async for avatar in self.client.avatar.iterate():
            if avatar["from"] == 2 and avatar.get("available"):
                return avatar["avatar_id"]
        raise akool.AvatarBusyError("no official avatar is available at present", retryable=True)

    async def open_session(self) -> Answer:
        session = await self.client.session.create(
            avatar_id=await self.free_avatar(), duration=600, heartbeat_timeout_ms=HEARTBEAT_TIMEOUT_MS
        )
        self.open.add(session["_id"])
        print(f"open: {session['_id']}", flush=True)
        return 201, {"id": session["_id"], "join": session["join"], "heartbeat_ms": HEARTBEAT_TIMEOUT_MS // 3}

    async def answer(self, method: str, path: str) -> Answer:
        if (method, path) == ("POST", "/sessions"):
            return await self.open_session()
        found = re.fullmatch(r"/sessions/(\w+)(?:/(\w+))?", path)
        if not found or found[1] not in self.open:
            return 404, {"error": "there is no such session"}
        if (method, found[2]) == ("POST", "heartbeat"):
            return 200, await self.client.session.heartbeat(id=found[1])
        if (method, found[2]) in (("DELETE", None), ("POST", "close")):
            return 200, await self.client.session.close(id=found[1])
        return 405, {"error": "this cannot be done"}

    async def serve(self, method: str, path: str) -> Answer:
        try:
            return await self.answer(method, path)
        except akool.AkoolError as error:
            log.exception("%s %s", method, path)
            status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 502)
            return status, {"error": "please try again later", "retryable": error.retryable}


backend: Optional[Backend] = None


async def application(scope: Dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "http":
        if (scope["method"], scope["path"]) == ("GET", "/"):
            await respond(send, 200, b"text/html; charset=utf-8", PAGE)
        else:
            assert backend is not None, "this server has no lifespan"
            status, body = await backend.serve(scope["method"], scope["path"])
            await respond(send, status, b"application/json", json.dumps(body).encode())


async def live(receive: Any, send: Any) -> None:
    """The beginning and the end of the server."""
    global backend
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            backend = Backend()
            await send({"type": "lifespan.startup.complete"})
        elif backend is not None:
            await backend.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def respond(send: Any, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
