"""AsyncClient: calls, cancellation, event loops, the end."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
import time
import warnings

import akool
from python_support import (
    AVATAR,
    KEY,
    NOBODY,
    SIMULATED,
    STEPPED,
    in_loop,
    is_back,
    open_sessions,
    raises,
    resources,
    until,
    until_async,
)
from test_sync import frames


async def open_wait(client, name="mine"):
    """A call that does not end by itself for an hour."""
    avatar = await client.avatar.create(url="https://example.com/me.mp4", avatar_id=name)
    return client.avatar.wait(id=avatar["_id"])


@in_loop
async def test_a_method_returns_the_data():
    async with akool.AsyncClient(SIMULATED) as client:
        assert await client.account.credit() == {"credit": 6000}
        session = await client.session.create(avatar_id=AVATAR, duration=60)
        assert (await client.session.close(id=session["_id"]))["_id"] == session["_id"]
        reply = await client.call("account.credit", tag="mine", raw=True)
        assert reply["meta"]["tag"] == "mine" and reply["raw"]["code"] == 1000
        with raises(akool.NotFoundError) as caught:
            await client.session.detail(id=NOBODY)
        assert caught[0].akool_code == 1216


@in_loop
async def test_calls_are_coroutines_and_run_at_once():
    async with akool.AsyncClient(SIMULATED) as client:
        assert asyncio.iscoroutinefunction(client.account.credit)
        tasks = [asyncio.create_task(client.call("account.credit", tag=str(number))) for number in range(200)]
        replies = await asyncio.gather(*tasks)
        assert [reply["meta"]["tag"] for reply in replies] == [str(number) for number in range(200)]


@in_loop
async def test_no_thread_is_added():
    before, threads = threading.active_count(), resources()["task"]
    async with akool.AsyncClient(SIMULATED) as client:
        await client.account.credit()
        await client.session.create(avatar_id=AVATAR, duration=60)
        assert threading.active_count() == before and resources()["task"] == threads + 1  # the library's


@in_loop
async def test_lists_are_walked_page_by_page():
    async with akool.AsyncClient(SIMULATED) as client:
        everything = (await client.avatar.list(all=True))["result"]
        assert [avatar async for avatar in client.avatar.iterate(size=2)] == everything
        assert len([avatar async for avatar in client.avatar.iterate(size=2, limit=3)]) == 3
        async for first in client.avatar.iterate(size=2):
            assert first == everything[0]
            break


@in_loop
async def test_cancelling_a_task_cancels_its_call():
    async with akool.AsyncClient(STEPPED) as client:
        task = asyncio.ensure_future(await open_wait(client))
        await until_async("the request", lambda: client._connection._pending)
        task.cancel()
        with raises(asyncio.CancelledError):
            await task
        await until_async("the cancel", lambda: not client._connection._pending)
        stats = await client.stats()
        assert stats["results"]["CANCELLED"] == 1


@in_loop
async def test_a_time_limit_of_asyncio_cancels_the_call():
    async with akool.AsyncClient(STEPPED) as client:
        with raises(asyncio.TimeoutError):
            await asyncio.wait_for(await open_wait(client), 0.05)
        await until_async("the cancel", lambda: not client._connection._pending)


@in_loop
async def test_the_librarys_own_time_out_is_no_cancel():
    async with akool.AsyncClient(STEPPED) as client:
        avatar = await client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")
        with raises(TimeoutError) as caught:
            await client.avatar.wait(id=avatar["_id"], timeout_ms=50)
        assert isinstance(caught[0], akool.TimeoutError)


@in_loop
async def test_a_cancelled_create_leaves_no_session_open():
    """Cancelled before it is sent, while it is under way, with the reply there, and with the reply handed out."""
    name = "simulator:python-cancelled-create"
    with akool.Client(SIMULATED, base_url=name) as watcher:
        async with akool.AsyncClient(SIMULATED, base_url=name) as client:
            for number in range(60):
                task = asyncio.ensure_future(client.session.create(avatar_id=AVATAR, duration=60))
                for _ in range(number % 6):
                    await asyncio.sleep(0)
                if number % 2:  # the reply waits in the library, or was read in the turn in which the task is cancelled
                    await until_async("the reply", lambda: watcher.stats() and (number % 4 == 1 or task.done()))
                elif number % 10 == 8:
                    client._connection.take()
                task.cancel()
                try:
                    session = await task
                except asyncio.CancelledError:
                    pass
                except akool.AvatarBusyError:
                    pass  # the one before is not closed yet
                else:
                    await client.session.close(id=session["_id"])
            await until_async("all to be closed", lambda: not open_sessions(watcher))
            assert client._connection.is_open


@in_loop
async def test_a_reply_that_came_in_the_turn_of_the_cancel_is_closed():
    name = "simulator:python-lost-create"
    with akool.Client(SIMULATED, base_url=name) as watcher:
        async with akool.AsyncClient(SIMULATED, base_url=name) as client:
            task = asyncio.ensure_future(client.session.create(avatar_id=AVATAR, duration=60))
            await asyncio.sleep(0)
            until("the session", lambda: open_sessions(watcher))  # blocks the loop: the reply is there, but not read
            connection = client._connection
            while connection._pending:
                connection.take()
            task.cancel()
            with raises(asyncio.CancelledError):
                await task
            await until_async("it to be closed", lambda: not open_sessions(watcher))


@in_loop
async def test_a_reply_that_waits_in_the_library_is_closed():
    name = "simulator:python-waiting-create"
    with akool.Client(SIMULATED, base_url=name) as watcher:
        async with akool.AsyncClient(SIMULATED, base_url=name) as client:
            task = asyncio.ensure_future(client.session.create(avatar_id=AVATAR, duration=60))
            await asyncio.sleep(0)
            until("the session", lambda: open_sessions(watcher))
            task.cancel()
            with raises(asyncio.CancelledError):
                await task
            await until_async("it to be closed", lambda: not open_sessions(watcher))


@in_loop
async def test_a_coroutine_that_is_thrown_away_cancels_its_call():
    async with akool.AsyncClient(STEPPED) as client:
        wait = await open_wait(client)
        future = wait.send(None)
        assert client._connection._pending
        wait.close()
        assert future.cancelled()
        await until_async("the cancel", lambda: not client._connection._pending)


@in_loop
async def test_closing_ends_calls_under_way_and_does_not_block():
    client = akool.AsyncClient(STEPPED)
    await client.session.create(avatar_id=AVATAR, duration=60)
    task = asyncio.ensure_future(await open_wait(client))
    await until_async("the request", lambda: client._connection._pending)
    rules = [{"match": {"operation": "session.close"}, "fault": {"delay_ms": 500}}]
    await client.request(method="POST", path="/_simulator/faults", body={"rules": rules})
    turns, closing = 0, asyncio.ensure_future(client.close())
    while not closing.done():
        turns += 1
        await asyncio.sleep(0.005)
    assert await closing == await client.close() == {"closed": 1, "pending": []}
    assert turns >= 5
    with raises(akool.ShuttingDownError):
        await task
    with raises(akool.BadHandleError):
        await client.account.credit()


@in_loop
async def test_a_close_that_fails_says_so_in_time_and_does_not_block():
    client = akool.AsyncClient(SIMULATED, close_timeout_ms=3000)
    session = await client.session.create(avatar_id=AVATAR, duration=60)
    rules = [{"match": {"operation": "session.close"}, "fault": {"hang": True}}]
    await client.request(method="POST", path="/_simulator/faults", body={"rules": rules})
    closing, longest, last = asyncio.ensure_future(client.close()), 0.0, time.monotonic()
    while not closing.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert await closing == {"closed": 0, "pending": [session["_id"]]}
    assert longest < 2


@in_loop
async def test_a_close_that_is_cancelled_goes_on():
    name = "simulator:python-close-cancelled"
    with akool.Client(SIMULATED, base_url=name) as watcher:
        client = akool.AsyncClient(SIMULATED, base_url=name)
        await client.session.create(avatar_id=AVATAR, duration=60)
        task = asyncio.ensure_future(client.close())
        await asyncio.sleep(0)
        task.cancel()
        with raises(asyncio.CancelledError):
            await task
        await until_async("it to be closed", lambda: client.closed)
        assert open_sessions(watcher) == []


def test_a_loop_that_ends_in_the_middle_of_a_close_leaves_nothing_open():
    name = "simulator:python-close-interrupted"
    with akool.Client(SIMULATED, base_url=name) as watcher:

        async def main():
            client = akool.AsyncClient(SIMULATED, base_url=name)
            await client.session.create(avatar_id=AVATAR, duration=60)
            asyncio.ensure_future(client.close())
            await asyncio.sleep(0)
            return client

        client = asyncio.run(main())
        until("the session to be closed", lambda: not open_sessions(watcher))
        assert client.closed


def test_a_client_can_be_made_before_the_loop_and_outlive_it():
    client = akool.AsyncClient(STEPPED)

    async def use():
        asyncio.ensure_future(await open_wait(client, f"mine{random.getrandbits(60)}"))
        await asyncio.sleep(0)
        return await client.account.credit()

    assert asyncio.run(use()) == {"credit": 6000}
    assert asyncio.run(use()) == {"credit": 6000}
    assert asyncio.run(client.close()) == {"closed": 0, "pending": []}


@in_loop
async def test_another_loop_is_told_that_it_is_the_wrong_one():
    caught = []

    def elsewhere():
        try:
            asyncio.run(client.account.credit())
        except akool.WrongThreadError as error:
            caught.append(str(error))

    async with akool.AsyncClient(SIMULATED) as client:
        await client.account.credit()
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert await client.account.credit() == {"credit": 6000}
    assert caught and "loop" in caught[0]


def test_several_loops_have_clients_of_their_own():
    found = []

    async def work():
        async with akool.AsyncClient(SIMULATED) as client:
            found.extend(await asyncio.gather(*(client.account.credit() for _ in range(20))))

    threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"credit": 6000}] * 100


def test_a_client_that_is_forgotten_is_ended():
    asyncio.run(used_and_closed())
    before = resources()

    async def forget():
        client = akool.AsyncClient(SIMULATED)
        await client.account.credit()
        del client
        gc.collect()
        await until_async("its end", lambda: is_back({**before, "fd": before["fd"] + 4}))

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(5):
            asyncio.run(forget())
        gc.collect()
        until("threads and descriptors as before", lambda: is_back(before))
    assert (
        len(
            [
                warning
                for warning in told
                if warning.category is ResourceWarning and "akool.AsyncClient" in str(warning.message)
            ]
        )
        == 5
    )


def test_a_client_that_outlives_its_loop_is_ended_when_it_is_forgotten():
    asyncio.run(used_and_closed())
    before = resources()

    async def leave():
        client = akool.AsyncClient(SIMULATED)
        await client.account.credit()
        return client

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        client = asyncio.run(leave())
        del client
        gc.collect()
        until("threads and descriptors as before", lambda: is_back(before))
    assert [warning for warning in told if warning.category is ResourceWarning]


async def used_and_closed():
    async with akool.AsyncClient(SIMULATED) as client:
        await client.account.credit()


@in_loop
async def test_a_client_that_is_forgotten_while_a_call_goes_on_is_not():
    async def call():
        return await akool.AsyncClient(SIMULATED).avatar.list(size=2)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        task = asyncio.ensure_future(call())
        for _ in range(3):
            await asyncio.sleep(0)
            gc.collect()
        assert len((await task)["result"]) == 2
        del task
        gc.collect()


@in_loop
async def test_no_secret_shows():
    async with akool.AsyncClient(SIMULATED, api_key=KEY) as client:
        shown = [repr(client), repr(client.session), repr(vars(client))]
        with raises(akool.AkoolError) as caught:
            await client.session.create(avatar_id="nobody", voice_params={"elevenlabs_settings": {"api_key": KEY}})
        shown += [repr(caught[0]), *frames(caught[0])]
        with raises(akool.AkoolError) as caught:
            await client.call("session.create", {"voice_params": {"elevenlabs_settings": {"api_key": KEY}}})
        shown += frames(caught[0])
    for text in shown:
        assert KEY not in text, text


async def call_and_cancel(client, count):
    """Calls of which some are cancelled at once, some a little later, some not. How many were."""
    tasks = [asyncio.ensure_future(client.avatar.list(size=1)) for _ in range(count)]
    await asyncio.sleep(0)
    for number, task in enumerate(tasks):
        if number % 3 == 1:
            task.cancel()
        elif random.random() < 0.5:
            asyncio.get_running_loop().call_later(random.random() * 0.004, task.cancel)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    cancelled = [outcome for outcome in outcomes if isinstance(outcome, asyncio.CancelledError)]
    assert all(isinstance(outcome, (dict, asyncio.CancelledError)) for outcome in outcomes)
    return len(cancelled)


@in_loop
async def test_10000_calls_at_once_with_random_cancels_all_end():
    async with akool.AsyncClient(SIMULATED, max_requests=20_000) as client:
        assert 0 < await call_and_cancel(client, 10_000) < 10_000
        await until_async("every reply", lambda: not client._connection._pending)
        assert await client.account.credit() == {"credit": 6000}


def test_10000_calls_with_random_cancels_leave_nothing():
    async def rounds(count):
        async with akool.AsyncClient(SIMULATED) as client:
            cancelled = sum([await call_and_cancel(client, 50) for _ in range(count)])
            await until_async("every reply", lambda: not client._connection._pending)
            assert (await client.stats())["active_requests"] <= 1
            return cancelled

    asyncio.run(rounds(60))  # what caches and pools need is there before
    before = resources()
    assert asyncio.run(rounds(200)) > 0
    until("threads and descriptors as before", lambda: is_back(before))
    assert resources()["memory"] < before["memory"] + 16 * 1024
