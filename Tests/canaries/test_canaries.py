"""No secret leaks: canaries stand in every place that can hold a secret, and ears hear everything the library says
while each operation succeeds, meets every fault, and is answered with all that it sent."""

from __future__ import annotations

import base64
import json
import queue
import threading
from typing import Any, Callable, Dict, List, Optional

import pytest
from canaries.ears import Ears
from canaries.echoes import ECHOES
from canaries.plants import CREDENTIALS, HEADERS, MINTED_TOKEN, PLANTED, all_places, canary, core, samples, signed
from canaries.search import found
from faults.scripts import FAULTS
from support.akool_client import AkoolClient, ClientNotCreated
from support.akool_library import AkoolLibrary
from support.catalogue import operations
from support.endpoints import TOKEN
from support.misbehaviours import answers
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer, closed_port
from support.world import World

KEY = CREDENTIALS["key"]["api_key"]
WORKERS = 8
TIMEOUT_MS = 2500
# What the service itself gives away: a room's token is as secret as a key.
_ROOM_SECRETS = ("token", "sig")


def leaks(text: str, more: Optional[Dict[str, str]] = None) -> List[str]:
    """The places whose secrets the text gives away. The readable part of a canary is no secret, its core is."""
    return found({**{place: core(place) for place in all_places()}, **(more or {})}, text)


def assert_silent(ears: Ears, capfd: Any, more: Optional[Dict[str, str]] = None) -> None:
    output = capfd.readouterr()
    said = {**ears.everything, "stdout": output.out, "stderr": output.err}
    leaked = {where: leaks(text, more) for where, text in said.items()}
    told = {
        where: (places, [line for line in said[where].splitlines() if leaks(line, more)][:3])
        for where, places in leaked.items()
        if places
    }
    assert not told, told


def in_parallel(tasks: List[Any], work: Callable[[Any], None], workers: int = WORKERS) -> None:
    """Runs `work` for each task; the first failure is raised."""
    left: "queue.SimpleQueue[Any]" = queue.SimpleQueue()
    for task in tasks:
        left.put(task)
    failures: List[BaseException] = []

    def run() -> None:
        while not failures:
            try:
                task = left.get_nowait()
            except queue.Empty:
                return
            try:
                work(task)
            except BaseException as error:  # raised below
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(min(workers, len(tasks)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def configuration(base_url: str, credentials: str = "key", **more: Any) -> dict:
    return {
        "environment": False,
        "base_url": base_url,
        "close_timeout_ms": 0,
        **CREDENTIALS[credentials],
        **more,
    }


def talk(client: AkoolClient, ears: Ears, operation: str, parameters: Any, **options: Any) -> None:
    """One call with a trace, once waited for and once told by an event."""
    options = {"timeout_ms": TIMEOUT_MS, "trace": True, "headers": HEADERS, **options}
    ears.hear_reply(client.call(operation, parameters, **options))
    ears.hear_reply(client.call("client.stats"))


def called_operations(library: AkoolLibrary) -> List[str]:
    """What goes to the service."""
    own = {"client.close", "client.stats"}
    return [
        name for name in operations(library) if name not in own and (name in PLANTED or operations(library)[name].path)
    ]


@pytest.fixture
def ears() -> Ears:
    return Ears()


# The proof that something would be found.


@pytest.mark.parametrize(
    "form",
    [
        lambda secret: secret,
        lambda secret: json.dumps({"x": secret}),
        lambda secret: secret.replace("+", "%2B").replace("/", "%2f").replace("=", "%3D"),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: secret.encode().hex(),
        lambda secret: secret[: len(secret) - 8],
        lambda secret: secret[-14:],
        lambda secret: secret.upper(),
    ],
)
def test_search_finds_every_form(form):
    for place in ("key", "livekit", "minted"):
        assert leaks(f"some text {form(canary(place))} more text") == [place]


def test_search_finds_nothing_in_other_texts():
    assert leaks("key+/0123456789abcdef01234567= [hidden] " + "x" * 500) == []


def test_ears_hear_whatever_is_said(library, ears, capfd, make_simulator):
    """A tag comes back in replies and events by design: with a secret for a tag, every ear has to hear it."""
    simulator = make_simulator("--stepped", "--api-key", KEY)
    with AkoolClient(library, configuration(simulator.url)) as client:
        ears.listen(client)
        talk(client, ears, "account.credit", {}, tag=MINTED_TOKEN)
        client.submit_as_is("account.credit", {}, {"tag": MINTED_TOKEN})
        simulator.set_faults({"match": {"operation": "avatar.list", "times": 1}, "fault": {"http_status": 503}})
        assert client.call("avatar.list").ok
    assert leaks(ears.text("reply")) == ["minted"]
    assert leaks(ears.text("event")) == ["minted"]
    assert "call.retrying" in ears.text("event")
    assert '"attempt"' in ears.text("log") and "503" in ears.text("log")
    print(MINTED_TOKEN)
    with pytest.raises(AssertionError, match="minted"):
        assert_silent(Ears(), capfd)


def test_every_secret_field_of_the_catalogue_is_planted(library):
    """A new operation with a secret among its parameters has to be planted here."""
    for name, operation in operations(library).items():
        planted = json.dumps([sample.parameters(_NoWorld()) for sample in PLANTED.get(name, [])])
        for field in _secret_fields(operation.description["parameters"]):
            assert f'"{field}": "' in planted and "+/" in planted.split(f'"{field}": "')[1][:20], f"{name}: {field}"


class _NoWorld(World):
    def __init__(self) -> None:
        pass

    def free_avatar(self) -> str:
        return "avatar"

    def new_name(self) -> str:
        return "name"

    def knowledge_base(self) -> str:
        return "id"

    def official_voice(self) -> dict:
        return {"voice_id": "voice"}


def _secret_fields(schema: Any) -> List[str]:
    if isinstance(schema, list):
        return [name for member in schema for name in _secret_fields(member)]
    if not isinstance(schema, dict):
        return []
    own = [name for name, member in (schema.get("properties") or {}).items() if member.get("writeOnly")]
    return own + [name for member in schema.values() for name in _secret_fields(member)]


# Answers that repeat everything.


@pytest.mark.parametrize("credentials", list(CREDENTIALS))
@pytest.mark.parametrize("echo", list(ECHOES))
def test_answer_that_repeats_everything_leaks_nothing(echo, credentials, library, ears, capfd, make_simulator):
    simulator = make_simulator("--stepped", "--api-key", KEY)
    minted = answers({"code": 1000, "token": MINTED_TOKEN})
    with RawServer(default=ECHOES[echo], routes={TOKEN: minted}) as server:
        with AkoolClient(library, configuration(simulator.url)) as preparing:
            world = World(preparing, simulator)
            calls = [(name, s.parameters(world)) for name in called_operations(library) for s in samples(name)]
        with AkoolClient(library, configuration(server.url, credentials)) as client:
            ears.listen(client)
            in_parallel(calls, lambda call: talk(client, ears, *call, max_attempts=2))
        assert server.requests, "nothing was sent"
    assert len(ears.text("reply").splitlines()) == 2 * len(calls)
    assert_silent(ears, capfd)


@pytest.mark.parametrize("echo", list(ECHOES))
def test_token_endpoint_that_repeats_everything_leaks_nothing(echo, library, ears, capfd):
    with RawServer(default=ECHOES[echo]) as server:
        with AkoolClient(library, configuration(server.url, "pair", warm=True)) as client:
            ears.listen(client)
            talk(client, ears, "account.credit", {}, max_attempts=2)
        assert server.count(TOKEN) > 0
    assert_silent(ears, capfd)


# Every fault.


def _room_secrets(data: Any) -> List[str]:
    room = (data or {}).get("credentials") or {}
    return [v for k, v in room.items() if isinstance(v, str) and len(v) > 8 and any(n in k for n in _ROOM_SECRETS)]


@pytest.mark.parametrize("fault", list(FAULTS))
def test_fault_leaks_nothing(fault, library, ears, capfd, make_simulator):
    """Each operation with its secrets, once by key and once by client id, on a service that has this fault."""
    script = FAULTS[fault]
    pair = CREDENTIALS["pair"]
    calls = [(name, place) for name in called_operations(library) for place in range(len(samples(name)))]
    rooms: Dict[str, str] = {}

    def run(turn: int) -> None:
        flags = (
            "--stepped",
            "--api-key",
            KEY,
            "--client-id",
            pair["client_id"],
            "--client-secret",
            pair["client_secret"],
        )
        simulator = make_simulator(*flags)
        more = {key: value for key, value in script.configuration.items() if key == "attempt_timeout_ms"}
        with AkoolClient(library, configuration(simulator.url, "pair" if turn % 2 else "key", **more)) as client:
            ears.listen(client)
            for name, place in calls[turn::WORKERS]:
                operation = operations(library)[name]
                simulator.clear_faults()
                parameters = samples(name)[place].parameters(World(client, simulator))
                path = (operation.path or parameters.get("path", "").split("?")[0]).format(**parameters)
                simulator.set_faults(*script.rules(operation.method or parameters.get("method", "POST"), path))
                reply = client.call(
                    name, parameters, timeout_ms=min(script.timeout_ms, TIMEOUT_MS), trace=True, headers=HEADERS
                )
                ears.hear_reply(reply)
                if name == "session.create" and reply.ok:
                    rooms.update({secret: secret for secret in _room_secrets(reply.data)})
            ears.hear_reply(client.call("client.stats"))

    in_parallel(list(range(WORKERS)), run)
    assert rooms or not script.name == "none", "no room's token was seen"
    assert_silent(ears, capfd, rooms)


# Proxies.


def _asks_for_login(connection: RawConnection, request: ReceivedRequest) -> bool:
    told = " ".join(request.headers.values())
    connection.send(f"HTTP/1.1 407 {told}\r\ncontent-length: {len(told)}\r\n\r\n{told}".encode())
    return False


def test_proxy_password_leaks_nowhere(library, ears, capfd):
    secret = core("key")
    with RawServer(default=_asks_for_login) as proxy:
        urls = [
            f"http://user:{secret}@127.0.0.1:{proxy.port}",
            f"http://user:{secret}@127.0.0.1:{closed_port()}",
            f"http://user:{secret}@proxy.invalid:3128",
            f"http://{secret}@127.0.0.1:{proxy.port}",
        ]
        for url in urls:
            with AkoolClient(library, configuration("https://akool.invalid", proxy=url)) as client:
                ears.listen(client)
                talk(client, ears, "account.credit", {}, max_attempts=1)
        assert proxy.requests and any("authorization" in name for name in proxy.requests[0].headers)
    login = base64.b64encode(f"user:{secret}".encode()).decode()
    assert_silent(ears, capfd, {"proxy login": login[4:-4]})


@pytest.mark.parametrize(
    "proxy", [f"ftp://user:{core('key')}@127.0.0.1", f"http://user:{core('key')}@", f"::{core('key')}@::"]
)
def test_refused_proxy_leaks_no_password(proxy, library, ears, capfd):
    try:
        with AkoolClient(library, configuration("https://akool.invalid", proxy=proxy)) as client:
            ears.listen(client)
            talk(client, ears, "account.credit", {}, max_attempts=1)
    except ClientNotCreated as refused:
        ears.hear("create", refused.reply.json)
    assert_silent(ears, capfd)


# Secrets where they do not belong.


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": f"https://user:{core('key')}@akool.invalid"},
        {"base_url": f"https://akool.invalid/?key={core('key')}"},
        {"base_url": KEY},
        {"http_version": KEY},
        {"ip_family": KEY},
        {"validate": KEY},
        {"ca_file": KEY},
        {"ca_path": KEY},
        {"ca_blob": KEY},
        {KEY: True},
        {"resolve": [KEY]},
        {"interface": KEY},
        {"user_agent_suffix": KEY + "\u00e9"},
        {"timeout_ms": KEY},
        {"api_key": f"Bearer {KEY}"},
        {"api_key": f"{KEY} "},
        {"api_key": [KEY]},
        {"api_key": None, "client_id": KEY},
        {"api_key": None, "client_secret": KEY},
    ],
    ids=lambda wrong: next(iter(wrong))[:12],
)
def test_wrong_configuration_leaks_nothing(wrong, library, ears, capfd):
    given = {
        key: value for key, value in {**configuration("https://akool.invalid"), **wrong}.items() if value is not None
    }
    try:
        with AkoolClient(library, given) as client:
            ears.listen(client)
            talk(client, ears, "account.credit", {}, max_attempts=1, timeout_ms=500)
    except ClientNotCreated as refused:
        ears.hear("create", refused.reply.json)
    assert ears.everything
    assert_silent(ears, capfd)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"api_key": "{KEY}"',
        f'{{"api_key": "{KEY}}}',
        f'{{"api_key": "{KEY}", "api_key": "{KEY}"}}',
        f'["{KEY}"]',
        f'"{KEY}"',
        KEY,
    ],
)
def test_configuration_that_is_not_json_leaks_nothing(text, library, ears, capfd):
    with pytest.raises(ClientNotCreated) as refused:
        AkoolClient(library, text.encode())
    ears.hear("create", refused.value.reply.json)
    assert_silent(ears, capfd)


@pytest.mark.parametrize(
    ("operation", "parameters", "options"),
    [
        (KEY, {}, {}),
        ("session.create", {"avatar_id": "a", "stream_type": KEY}, {}),
        ("session.create", {"avatar_id": "a", KEY: 1}, {}),
        ("session.create", {"avatar_id": "a", "voice_params": {"speed": KEY}}, {}),
        ("session.create", {"avatar_id": "a", "knowledge_id": KEY}, {}),
        ("session.create", {"avatar_id": "a", "credentials": {"agora_token": canary("agora"), "livekit_url": KEY}}, {}),
        ("session.create", {"avatar_id": "a", "credentials": KEY}, {}),
        ("avatar.create", {"url": signed("upload").replace("https", "ftp"), "avatar_id": KEY}, {}),
        ("avatar.detail", {"id": KEY}, {}),
        ("avatar.detail", {"id": [KEY]}, {}),
        ("request", {"method": KEY, "path": "/x"}, {}),
        ("request", {"method": "GET", "path": f"x?signature={core('path')}"}, {}),
        ("request", {"method": "GET", "path": f"https://a.b/?signature={core('path')}"}, {}),
        ("request", {"method": "GET", "path": "/x", "query": {"token": {"a": [canary("query")]}}}, {}),
        ("account.credit", {}, {KEY: 1}),
        ("account.credit", {}, {"validate": KEY}),
        ("account.credit", {}, {"reply": KEY}),
        ("account.credit", {}, {"headers": {"x-api-key": canary("gateway-header")}}),
        ("account.credit", {}, {"headers": {"X-Note": canary("note-header") + "\u00e9"}}),
        ("account.credit", {}, {"headers": {"X Note": canary("note-header")}}),
    ],
)
@pytest.mark.parametrize("validate", ["strict", "warn"])
def test_secret_in_the_wrong_place_leaks_nowhere(operation, parameters, options, validate, library, ears, capfd):
    """Refused here or by a service that repeats everything."""
    with RawServer(default=ECHOES["code 1003"]) as server:
        with AkoolClient(library, configuration(server.url, validate=validate)) as client:
            ears.listen(client)
            ears.hear_reply(client.call(operation, parameters, **{"trace": True, "max_attempts": 1, **options}))
            ears.hear_reply(client.call("client.stats"))
    assert_silent(ears, capfd)


@pytest.mark.parametrize("text", [f'{{"api_key": "{KEY}"', f'["{KEY}"]', KEY])
def test_parameters_that_are_not_json_leak_nothing(text, library, ears, capfd):
    with AkoolClient(library, configuration("simulator:")) as client:
        ears.listen(client)
        ears.hear_reply(client.call("account.credit", text.encode()))
        ears.hear("submit", client.submit_as_is("account.credit", {}, text.encode()))
    assert_silent(ears, capfd)
