"""How the types are used. What is marked is a mistake, which a type checker must see."""

import logging
from typing import Optional

import akool
from akool.types import AkoolEvent, CallOptions, Configuration, Join, SessionCreateParams


def open_one(client: akool.Client, avatar: str) -> Join:
    session = client.session.create(avatar_id=avatar, duration=60, stream_type="livekit", tag="mine", timeout_ms=5000)
    return session["join"]


async def open_one_async(client: akool.AsyncClient, avatar: str) -> Join:
    session = await client.session.create(avatar_id=avatar, voice_params={"turn_detection": {"threshold": 0.5}})
    return session["join"]


def seconds_left(event: AkoolEvent) -> Optional[int]:
    if event["type"] == "session.expiring":
        return event["seconds_left"]
    if event["type"] == "session.ended":
        event["reason"].upper()
        event["seconds_left"]  # type: ignore
    return None


def configured() -> akool.Client:
    settings: Configuration = {"base_url": "simulator:", "ledger": {"file": "x"}}
    akool.Client(settings, timeout_ms=5, logger=logging.getLogger("mine"), limits={"open_sessions": 2})
    akool.Client(settings, logger=True, account="exclusive")
    akool.Client(api_kee="x")  # type: ignore
    akool.Client(timeout_ms="5")  # type: ignore
    akool.Client(account="everybody")  # type: ignore
    akool.Client({"ledgr": {}})  # type: ignore
    return akool.Client(settings)


def called(client: akool.Client) -> None:
    parameters: SessionCreateParams = {"avatar_id": "x", "duration": 60}
    options: CallOptions = {"tag": "mine", "raw": True}
    reply = client.call("session.create", parameters, **options)
    reply["meta"]["elapsed_ms"] + 1
    print(reply["data"]["_id"], client.submit("account.credit", reply="event").result(5)["meta"])
    client.session.create()  # type: ignore
    client.session.create(avatar_id=7)  # type: ignore
    client.session.create(avatar_id="x", duratoin=60)  # type: ignore
    client.session.create("x")  # type: ignore
    client.session.creat(avatar_id="x")  # type: ignore
    client.session.create(avatar_id="x", stream_type="zoom")  # type: ignore
    client.account.credit(timeout_ms="5")  # type: ignore
    client.call("account.credit", tagg="x")  # type: ignore
    client.account.credit()["credits"]  # type: ignore
    for avatar in client.avatar.iterate(size=5, limit=10):
        print(avatar["avatar_id"].upper(), avatar["from"] + 1)
    print(client.avatar.list_v3(from_=2)["result"][0]["name"].upper(), client.close()["closed"] + 1)


async def listened(client: akool.AsyncClient) -> None:
    async for event in client.events():
        if event["type"] == "session.handover_ready":
            print(event["join"]["room"], event["seq"] + 1, event["at"] + 1)
    async for avatar in client.avatar.iterate():
        print(avatar["state"] == "ready")
    (await client.close())["pending"].append("x")
    client.account.credit()["credit"]  # type: ignore


def caught(client: akool.Client) -> Optional[int]:
    try:
        client.request(method="GET", path="/")
    except (akool.AvatarBusyError, akool.TimeoutError) as error:
        return error.retry_after_ms
    except akool.StateError as error:
        print(error.code.lower(), error.hint, error.meta)
    except akool.AkoolError as error:
        error.akool_cod  # type: ignore  # noqa: B018
    return None


def offline() -> str:
    chunks = akool.offline.message.encode(transport="agora", type="chat", text="Hello!")["chunks"]
    akool.offline.session.create(avatar_id="x")  # type: ignore
    return str(chunks[0]["payload"])
