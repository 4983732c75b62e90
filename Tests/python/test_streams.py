"""Events as loops, of both clients."""

from __future__ import annotations

import asyncio
import gc
import threading
import time

import akool
from python_support import AVATAR, SIMULATED, STEPPED, in_loop, raises, until


def say(client, tag):
    """Brings about one event, which `tag` tells from others."""
    return client.call("account.credit", tag=tag, reply="event")


def test_a_loop_has_the_events_from_where_it_began():
    with akool.Client(SIMULATED) as client:
        client.session.close(id=client.session.create(avatar_id=AVATAR)["_id"])
        events = client.events(timeout=30)
        session = client.session.create(avatar_id=AVATAR, duration=60, tag="mine")
        client.session.close(id=session["_id"])
        for event in events:
            if event["type"] == "session.ended":
                assert event["id"] == session["_id"] and event["reason"] == "closed" and event["tag"] == "mine"
                break
        else:
            raise AssertionError("no session.ended")


def test_a_loop_ends_when_nothing_comes_in_time():
    with akool.Client(SIMULATED) as client:
        begun = time.monotonic()
        assert list(client.events(timeout=0.25)) == []
        assert 0.2 < time.monotonic() - begun < 20
        assert client.events().get(0) is None


def test_replies_are_events_only_when_that_is_asked_for():
    with akool.Client(SIMULATED) as client:
        events = client.events(timeout=0.2)
        client.account.credit()
        assert list(events) == []
        call = client.submit("account.credit", tag="asked", reply="event")
        event = events.get(30)
        assert event["type"] == "reply" and event["request_id"] == call.request_id and event["tag"] == "asked"
        assert call.result(0) == event["reply"]
        call = client.submit("account.credit", reply="event")
        assert call.result(30)["data"] == {"credit": 6000}
        assert events.get(30)["request_id"] == call.request_id


def test_every_loop_has_all_events():
    with akool.Client(SIMULATED) as client:
        loops = [client.events(timeout=30) for _ in range(3)]
        found = [[] for _ in loops]

        def read(number):
            for event in loops[number]:
                found[number].append(event["tag"])
                if len(found[number]) == 50:
                    break

        threads = [threading.Thread(target=read, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for number in range(50):
            say(client, str(number))
        for thread in threads:
            thread.join(60)
        assert found == [[str(number) for number in range(50)]] * 3


def test_a_loop_that_nobody_reads_keeps_the_latest_events():
    with akool.Client(SIMULATED, max_events=3) as client:
        events = client.events(timeout=0.2)
        for tag in ("one", "two", "three", "four", "five"):
            say(client, tag)
        assert [event["tag"] for event in events] == ["three", "four", "five"]


def test_a_loop_that_was_left_takes_no_more():
    with akool.Client(SIMULATED) as client:
        with client.events() as events:
            say(client, "one")
        assert list(events) == []
        del events
        gc.collect()
        assert len(client._connection._streams) == 0


def test_closing_ends_loops_after_the_last_event():
    client = akool.Client(SIMULATED)
    events, found = client.events(), []
    thread = threading.Thread(target=lambda: found.extend(event["type"] for event in events))
    client.session.create(avatar_id=AVATAR, duration=60)
    thread.start()
    client.close()
    thread.join(30)
    assert not thread.is_alive() and "session.ended" in found, found


@in_loop
async def test_async_loops_have_all_events_in_order():
    async with akool.AsyncClient(SIMULATED) as client:
        loops = [client.events() for _ in range(2)]
        for number in range(50):
            await say(client, str(number))
        late = client.events()
        await say(client, "late")
        for loop in loops:
            assert [(await loop.__anext__())["tag"] for _ in range(50)] == [str(number) for number in range(50)]
        assert (await late.__anext__())["tag"] == "late"


@in_loop
async def test_an_async_loop_tells_of_sessions():
    async with akool.AsyncClient(SIMULATED) as client:
        events = client.events()
        session = await client.session.create(avatar_id=AVATAR, duration=60)
        await client.session.close(id=session["_id"])
        async for event in events:
            if event["type"] == "session.ended":
                assert event["id"] == session["_id"]
                break


@in_loop
async def test_states_are_told_while_somebody_waits():
    settings = {**STEPPED, "polling": {"initial_ms": 20, "maximum_ms": 50}}
    async with akool.AsyncClient(settings) as client:
        states = []
        events = client.events()
        avatar = await client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")
        ready = asyncio.ensure_future(client.avatar.wait(id=avatar["_id"]))
        async for event in events:
            if event["type"] != "avatar.state_changed":
                continue
            states.append(event["state"])
            if event["state"] == "ready":
                break
            await client.request(method="POST", path="/_simulator/clock", body={"advance_s": 600})
        assert (await ready)["state"] == "ready" and len(states) >= 2


@in_loop
async def test_a_wait_for_an_event_that_is_cancelled_loses_none():
    async with akool.AsyncClient(SIMULATED) as client:
        events = client.events()
        for number in range(20):
            waiting = asyncio.ensure_future(events.__anext__())
            await asyncio.sleep(0)
            if number % 2:
                waiting.cancel()
                events.push({"type": "pushed", "number": number})
            else:
                events.push({"type": "pushed", "number": number})
                waiting.cancel()
            with raises(asyncio.CancelledError):
                await waiting
            assert (await events.__anext__())["number"] == number


@in_loop
async def test_async_stream_wakes_next_task_when_woken_one_is_cancelled():
    async with akool.AsyncClient(SIMULATED) as client:
        events = client.events()
        first, second = (asyncio.ensure_future(events.__anext__()) for _ in range(2))
        await asyncio.sleep(0)
        events.push({"type": "pushed"})
        first.cancel()
        with raises(asyncio.CancelledError):
            await first
        assert await asyncio.wait_for(second, 30) == {"type": "pushed"}


@in_loop
async def test_several_tasks_share_a_loop():
    async with akool.AsyncClient(SIMULATED) as client:
        events, found = client.events(), []

        async def read():
            async for event in events:
                found.append(event["tag"])

        tasks = [asyncio.ensure_future(read()) for _ in range(4)]
        await asyncio.sleep(0)
        await asyncio.gather(*(say(client, str(number)) for number in range(100)))
        await client.close()
        await asyncio.gather(*tasks)
        assert sorted(found, key=int) == [str(number) for number in range(100)]


@in_loop
async def test_an_async_loop_that_nobody_reads_keeps_the_latest_events():
    async with akool.AsyncClient(SIMULATED, max_events=3) as client:
        async with client.events() as events:
            for tag in ("one", "two", "three", "four", "five"):
                await say(client, tag)
            assert [(await events.__anext__())["tag"] for _ in range(3)] == ["three", "four", "five"]
        with raises(StopAsyncIteration):
            await events.__anext__()


@in_loop
async def test_closing_ends_async_loops_after_the_last_event():
    client = akool.AsyncClient(SIMULATED)
    events = client.events()
    await client.session.create(avatar_id=AVATAR, duration=60)
    await client.close()
    assert "session.ended" in [event["type"] async for event in events]


@in_loop
async def test_thousands_of_events_arrive_and_none_is_lost():
    async with akool.AsyncClient(SIMULATED, max_events=10_000) as client:
        events = client.events()
        await asyncio.gather(*(say(client, str(number)) for number in range(5000)))
        found = [(await events.__anext__()) for _ in range(5000)]
        assert sorted(int(event["tag"]) for event in found) == list(range(5000))
        seqs = [event["seq"] for event in found]
        assert seqs == sorted(seqs)


def test_events_wait_for_a_loop_to_be_used():
    client = akool.AsyncClient(SIMULATED)
    events = client.events()

    async def use():
        await say(client, "one")
        return (await events.__anext__())["tag"]

    assert asyncio.run(use()) == "one"
    asyncio.run(client.close())
    until("the end", lambda: client.closed)
