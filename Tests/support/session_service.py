"""The routes of a service with one paid session, for tests that make everything else go wrong around it."""

from __future__ import annotations

from typing import Dict

from support.endpoints import SESSION_CLOSE, SESSION_CREATE, SESSION_DETAIL
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import Behaviour

ID = "6698c9d69cf7b0d61d1b6420"
CREATE = {"avatar_id": "a", "duration": 600}


def session(status: int) -> dict:
    agora = {"agora_uid": 1, "agora_app_id": "app", "agora_channel": "ch", "agora_token": "tok"}
    return {"_id": ID, "uid": 100010, "type": 1, "status": status, "stream_type": "agora", "credentials": agora}


def session_routes() -> Dict[str, Behaviour]:
    """Create, detail and close. The detail shows the session ended once the close has come."""
    closed = []

    def create(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.reply(200, {"code": 1000, "msg": "OK", "data": session(1)})
        return True

    def close(connection: RawConnection, _request: ReceivedRequest) -> bool:
        closed.append(True)
        connection.reply(200, {"code": 1000, "msg": "OK"})
        return True

    def detail(connection: RawConnection, _request: ReceivedRequest) -> bool:
        connection.reply(200, {"code": 1000, "msg": "OK", "data": session(3 if closed else 2)})
        return True

    return {SESSION_CREATE: create, SESSION_CLOSE: close, SESSION_DETAIL: detail}
