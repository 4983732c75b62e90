"""Client: calls, options, what is submitted, threads, lists, the end."""

from __future__ import annotations

import math
import pathlib
import threading
import time
import traceback
import types

import akool
from python_support import (
    AVATAR,
    KEY,
    NOBODY,
    SIMULATED,
    STEPPED,
    is_back,
    open_sessions,
    raises,
    resources,
    until,
)


def test_a_method_returns_the_data():
    with akool.Client(SIMULATED) as client:
        assert client.account.credit() == {"credit": 6000}
        session = client.session.create(avatar_id=AVATAR, duration=60)
        assert session["join"]["transport"] == "agora" and session["state"] == "queueing"
        assert client.session.close(id=session["_id"])["_id"] == session["_id"]


def test_the_configuration_comes_by_name_as_a_mapping_or_both():
    for client in (
        akool.Client(**SIMULATED),
        akool.Client(types.MappingProxyType(SIMULATED)),
        akool.Client({**SIMULATED, "simulator": {"credit": 1}}, simulator={"credit": 6000}),
    ):
        with client:
            assert client.account.credit() == {"credit": 6000}


def test_paths_can_be_given_as_paths():
    with raises(akool.InvalidArgumentError) as caught:
        akool.Client(SIMULATED, ledger={"file": pathlib.Path("x"), "fil": 1})
    assert "fil" in str(caught[0])


def test_call_returns_the_whole_reply():
    with akool.Client(SIMULATED) as client:
        reply = client.call("account.credit", tag="mine", raw=True, trace=True)
        assert reply["data"] == {"credit": 6000}
        assert reply["meta"]["tag"] == "mine" and reply["meta"]["operation"] == "account.credit"
        assert reply["raw"]["code"] == 1000 and len(reply["meta"]["trace"]) == 1
        assert client.call("avatar.list", {"size": 1})["data"]["result"]


def test_options_go_beside_the_parameters_of_methods():
    with akool.Client(STEPPED) as client:
        avatar = client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine", tag="mine")
        with raises(akool.TimeoutError) as caught:
            client.avatar.wait(id=avatar["_id"], timeout_ms=50, tag="told")
        assert caught[0].meta["tag"] == "told"


def test_python_keywords_are_written_with_an_underscore():
    with akool.Client(SIMULATED) as client:
        assert all(avatar["from"] == 3 for avatar in client.avatar.list_v3(from_=3)["result"])
        assert client.avatar.list_v3(**{"from": 2})["result"]


def test_what_is_wrong_names_the_nearest():
    with akool.Client(SIMULATED) as client:
        with raises(akool.InvalidArgumentError) as caught:
            client.session.create(avatar_id=AVATAR, duratoin=60)
        assert "duratoin" in str(caught[0]) and "duration" in f"{caught[0]} {caught[0].hint}"
        with raises(akool.InvalidArgumentError) as caught:
            client.call("session.creat")
        assert "session.create" in f"{caught[0]} {caught[0].hint}"
    with raises(akool.InvalidArgumentError) as caught:
        akool.Client(api_kee="x")
    assert "api_key" in f"{caught[0]} {caught[0].hint}"


def test_what_json_cannot_hold_is_the_callers_mistake():
    cycle = {}
    cycle["self"] = cycle
    with akool.Client(SIMULATED) as client:
        for value in (cycle, math.nan, b"bytes", object(), "half \ud800", {1, 2}):
            with raises(akool.InvalidArgumentError) as caught:
                client.call("request", {"method": "POST", "path": "/x", "body": value})
            assert caught[0].__context__ is None
        for name in (b"account.credit", "account\0credit", None):
            with raises(akool.InvalidArgumentError):
                client.call(name)
        assert client.account.credit() == {"credit": 6000}


def test_without_credentials_a_client_says_what_to_set():
    with raises(akool.UnauthenticatedError) as caught:
        akool.Client(environment=False)
    assert "AKOOL_API_KEY" in f"{caught[0]} {caught[0].hint}"


def test_a_submitted_request_is_waited_for_later():
    with akool.Client(SIMULATED) as client:
        calls = [client.submit("account.credit", tag=str(number)) for number in range(100)]
        for number, call in enumerate(calls):
            assert call.result()["meta"]["tag"] == str(number)
            assert call.done() and call.result(0)["data"] == {"credit": 6000}
        failing = client.submit("session.detail", {"id": NOBODY})
        for _ in range(2):
            with raises(akool.NotFoundError):
                failing.result(10)
        assert failing.request_id > calls[0].request_id


def test_a_submitted_request_is_cancelled():
    with akool.Client(STEPPED) as client:
        avatar = client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")
        call = client.submit("avatar.wait", {"id": avatar["_id"]})
        assert not call.done() and "pending" in repr(call)
        with raises(TimeoutError) as caught:
            call.result(0.01)
        assert isinstance(caught[0], akool.TimeoutError)
        call.cancel()
        call.cancel()
        with raises(akool.RequestCancelledError):
            call.result(30)
        assert call.done() and "done" in repr(call)


def test_dropped_requests_do_not_pile_up():
    with akool.Client(SIMULATED, max_requests=50) as client:
        for _ in range(500):
            client.submit("account.credit").request_id  # noqa: B018
            client.account.credit()
        assert client.account.credit() == {"credit": 6000}


def test_many_threads_share_a_client():
    outcomes = []

    def work(client, number):
        for count in range(20):
            outcomes.append(client.call("account.credit", tag=f"{number}.{count}")["meta"]["tag"])

    with akool.Client(SIMULATED) as client:
        threads = [threading.Thread(target=work, args=(client, number)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == sorted(f"{number}.{count}" for number in range(16) for count in range(20))


def test_several_threads_wait_for_one_request():
    with akool.Client(STEPPED) as client:
        avatar = client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")
        call, found = client.submit("avatar.wait", {"id": avatar["_id"]}), []

        def wait():
            try:
                call.result()
            except akool.AkoolError as error:
                found.append(type(error))

        threads = [threading.Thread(target=wait) for _ in range(5)]
        for thread in threads:
            thread.start()
        call.cancel()
        for thread in threads:
            thread.join(30)
    assert found == [akool.RequestCancelledError] * 5


def test_lists_are_walked_page_by_page():
    with akool.Client(SIMULATED) as client:
        all_of_them = client.avatar.list(all=True)["result"]
        assert len(all_of_them) > 4
        walked = client.avatar.iterate(size=2)
        before = client.stats()["attempts"]
        first = next(walked)
        assert first["_id"] == all_of_them[0]["_id"] and client.stats()["attempts"] == before + 1
        assert [first, *walked] == all_of_them
        assert [each["_id"] for each in client.avatar.iterate(size=2, limit=3)] == [
            each["_id"] for each in all_of_them[:3]
        ]
        assert len(list(client.avatar.iterate(limit=0))) == 0


def test_a_context_closes_the_sessions():
    with akool.Client(SIMULATED, base_url="simulator:python-close") as watcher:
        with akool.Client(SIMULATED, base_url="simulator:python-close") as client:
            client.session.create(avatar_id=AVATAR, duration=60)
            assert len(open_sessions(watcher)) == 1
        assert open_sessions(watcher) == [] and client.closed
        assert client.close() == {"closed": 1, "pending": []}
        for method in (client.account.credit, client.events, lambda: client.submit("account.credit")):
            with raises(akool.BadHandleError) as caught:
                method()
            assert "closed" in str(caught[0])


def test_closing_ends_the_calls_of_other_threads():
    outcomes = []
    client = akool.Client(STEPPED)
    avatar = client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")

    def wait():
        try:
            client.avatar.wait(id=avatar["_id"])
        except akool.AkoolError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    # The request for the figures is one of them.
    until("the waits", lambda: client.stats()["active_requests"] >= 5)
    client.close()
    for thread in threads:
        thread.join(30)
    assert outcomes == [akool.ShuttingDownError] * 4, outcomes


def test_many_threads_close_at_once():
    client = akool.Client(SIMULATED)
    client.session.create(avatar_id=AVATAR, duration=60)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(client.close())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [{"closed": 1, "pending": []}] * 8


def test_clients_come_and_go_and_leave_nothing():
    akool.Client(SIMULATED).close()
    before = resources()
    for _ in range(50):
        with akool.Client(SIMULATED) as client:
            client.account.credit()
    until("threads and descriptors as before", lambda: is_back(before))


def test_no_secret_shows():
    client = akool.Client(SIMULATED, api_key=KEY)
    with client:
        shown = [repr(client), repr(client.session), repr(client.submit("account.credit")), repr(vars(client))]
        with raises(akool.AkoolError) as caught:
            client.session.create(avatar_id="nobody", voice_params={"elevenlabs_settings": {"api_key": KEY}})
        shown += [repr(caught[0]), str(caught[0]), *frames(caught[0])]
        with raises(akool.AkoolError) as caught:
            client.call("session.create", {"voice_params": {"elevenlabs_settings": {"api_key": KEY}}}, tag="")
        shown += frames(caught[0])
    with raises(akool.AkoolError) as caught:
        akool.Client(api_key=KEY, unknown=1)
    shown += frames(caught[0])
    assert len(shown) > 10
    for text in shown:
        assert KEY not in text, text


def frames(error):
    """What a tool that shows local variables shows of the frames in the package."""
    walked = traceback.TracebackException.from_exception(error, capture_locals=True)
    found = [repr(frame.locals) for frame in walked.stack if "/akool/" in frame.filename]
    assert found
    return found


def test_offline_needs_no_client():
    made = akool.offline.message.encode(transport="agora", type="chat", text="Hello!")
    assert len(made["chunks"]) == 1
    with raises(akool.InvalidArgumentError):
        akool.offline.message.encode(transport="agora", type="chat")
    assert not hasattr(akool.offline, "session")


def test_the_catalogue_and_the_version():
    names = {operation["name"] for operation in akool.describe()["operations"]}
    assert "session.create" in names
    assert akool.version() == akool.__version__


def test_a_deadline_of_the_caller_is_kept():
    with akool.Client(STEPPED) as client:
        avatar = client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")
        begun = time.monotonic()
        with raises(akool.TimeoutError):
            client.submit("avatar.wait", {"id": avatar["_id"]}).result(timeout=0.35)
        assert 0.3 < time.monotonic() - begun < 20
