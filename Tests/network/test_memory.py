"""Memory of the host: bounded by the size of a reply, free again after destroy, and no abort where it is scarce."""

from __future__ import annotations

import gzip

import pytest
from support.canary import CANARY_KEY
from support.endpoints import CREDIT
from support.measured_child import Ended, run_child
from support.misbehaviours import CREDIT as A_BALANCE
from support.misbehaviours import answers, silent
from support.raw_server import RawServer

MEGABYTE = 1_048_576
# Size of a hostile reply: below the default of `max_body_bytes`, 16 MB.
HOSTILE_SIZE = 15 * MEGABYTE
# What a reply may take at most, as a multiple of its size, and what every process needs besides.
MOST_TIMES = 12
SLACK_KB = 16 * 1024
# Of one reply. Beyond them it is refused.
MOST_CONTAINERS = 100_000
MOST_SCALARS = 1_000_000

HEAD = b'{"code":1000,"msg":"OK","data":{"credit":1,"x":'


def filled(unit: bytes, size: int, start: bytes = b"[", end: bytes = b"]", last: bytes = b"0") -> bytes:
    """A reply of about this size, of so many units that are separated by commas."""
    count = max(1, (size - len(HEAD) - 16) // (len(unit) + 1))
    return HEAD + start + (unit + b",") * count + last + end + b"}}"


def numbered(form: str, size: int) -> bytes:
    """A reply with an object of members that differ."""
    unit = len(form % 1_000_000) + 1
    members = ",".join(form % (1_000_000 + index) for index in range((size - len(HEAD) - 16) // unit))
    return HEAD + b"{" + members.encode() + b"}}}"


HOSTILE = {
    "empty objects": lambda size: filled(b"{}", size),
    "empty arrays": lambda size: filled(b"[]", size),
    "empty strings": lambda size: filled(b'""', size),
    "digits": lambda size: filled(b"1", size),
    "fractions": lambda size: filled(b"1.5", size),
    "words": lambda size: filled(b"null", size),
    "small objects": lambda size: filled(b'{"a":1}', size),
    "deep arrays": lambda size: filled(b"[" * 50 + b"]" * 50, size),
    "deep objects": lambda size: filled(b'{"a":' * 50 + b"1" + b"}" * 50, size),
    "members": lambda size: numbered('"%d":1', size),
    "members of text": lambda size: numbered('"%d":"text"', size),
    "the same member": lambda size: filled(b'"a":1', size, b"{", b"}", last=b'"a":1'),
    "one string": lambda size: filled(b"x" * (size - len(HEAD) - 30), size, b'["', b'"]'),
    "one string of escapes": lambda size: filled(b"\\u0001" * ((size - len(HEAD) - 30) // 6), size, b'["', b'"]'),
    "short strings": lambda size: filled(b'"sixteen letters."', size),
    "half pairs": lambda size: filled(b'"\\ud800"', size),
    "not ended": lambda size: filled(b"{}", size)[:-3],
}

CLIENT = """
client = AkoolClient(library, {configuration!r})
assert client.call("account.credit").ok
"""


def client_program(url: str, **more) -> str:
    configuration = {"environment": False, "api_key": CANARY_KEY, "base_url": url, "max_attempts": 1, **more}
    return CLIENT.format(configuration=configuration)


def hostile_server(body: bytes) -> RawServer:
    return RawServer(default=answers(body), routes={CREDIT: answers(A_BALANCE)})


@pytest.mark.parametrize("name", list(HOSTILE))
def test_peak_memory_is_bounded_when_a_reply_is_hostile(name):
    with hostile_server(HOSTILE[name](HOSTILE_SIZE)) as server:
        ended = run_child(
            client_program(server.url)
            + """
reset_peak()
idle = kilobytes("VmRSS")
result, text = library.call(client.handle, b"request", {"method": "GET", "path": "/hostile"}, {"timeout_ms": 9000})
tell(result=library.result_name(result), grown=kilobytes("VmHWM") - idle, text=str(text)[-600:])
"""
        )
    assert ended.value("result") in ("OK", "BAD_RESPONSE"), ended.value("text")
    assert ended.value("grown") <= MOST_TIMES * HOSTILE_SIZE // 1024 + SLACK_KB, f"{ended.value('grown') // 1024} MB"


@pytest.mark.parametrize(
    "unit, count, is_read",
    [
        (b"{}", MOST_CONTAINERS * 9 // 10, True),
        (b"[]", MOST_CONTAINERS * 9 // 10, True),
        (b"1", MOST_SCALARS * 9 // 10, True),
        (b"{}", MOST_CONTAINERS * 11 // 10, False),
        (b"[]", MOST_CONTAINERS * 11 // 10, False),
        (b"1", MOST_SCALARS * 11 // 10, False),
        (b'""', MOST_SCALARS * 11 // 10, False),
    ],
)
def test_number_of_values_in_a_reply_is_limited(unit, count, is_read):
    with hostile_server(HEAD + b"[" + b",".join([unit] * count) + b"]}}") as server:
        ended = run_child(
            client_program(server.url)
            + """
result, text = library.call(client.handle, b"request", {"method": "GET", "path": "/hostile"}, {"timeout_ms": 9000})
tell(result=library.result_name(result))
"""
        )
    assert ended.value("result") == ("OK" if is_read else "BAD_RESPONSE")


@pytest.mark.parametrize("count", [1, 8])
def test_reply_that_unpacks_to_very_much_is_refused_before_it_costs(count):
    """Sixteen megabytes from sixteen kilobytes take a tenth of a second on the I/O thread, each."""
    bomb = answers(gzip.compress(filled(b"1", HOSTILE_SIZE), 9), headers={"content-encoding": "gzip"})
    with RawServer(default=bomb, routes={CREDIT: answers(A_BALANCE)}) as server:
        ended = run_child(
            client_program(server.url)
            + f"""
parameters = json.dumps({{"method": "GET", "path": "/hostile"}}).encode()
requests = [library.submit(client.handle, b"request", parameters, b'{{"reply": "wait"}}')[1] for _ in range({count})]
replies = [library.wait(client.handle, request, 9000) for request in requests]
tell(results=[library.result_name(result) for result, _ in replies], text=str(replies[0][1]))
client.destroy()
"""
        )
    assert ended.value("results") == ["BAD_RESPONSE"] * count
    assert "compressed more than 200 times" in ended.value("text")


# Sizes in megabytes. Where memory runs out depends on the size: in the parser, or in what comes after it.
SCARCE = {
    "empty arrays": [12, 11, 11.5, 12.5, 10.5],
    "small objects": [11, 10, 12, 10.5, 11.5],
    "members": [15],
    "deep objects": [15],
    "one string of escapes": [15],
    "the same member": [15],
    "half pairs": [15],
}


def ask_where_memory_is_scarce(name: str, megabytes: float) -> Ended:
    """As under `ulimit -v` of what the idle process has and 512 MB."""
    with hostile_server(HOSTILE[name](int(megabytes * MEGABYTE))) as server:
        return run_child(
            client_program(server.url)
            + """
limit_address_space(512)
parameters = {"method": "GET", "path": "/hostile"}
result, text = library.call(client.handle, b"request", parameters, {"timeout_ms": 6000})
reply = json.loads(text) if result else {}
tell(result=library.result_name(result), message=reply.get("error", {}).get("message", ""))
tell(after=client.call("account.credit").result)
client.destroy()
""",
            within_s=8,
        )


@pytest.mark.parametrize("name", list(SCARCE))
def test_host_goes_on_when_a_reply_is_hostile_and_memory_scarce(name):
    for megabytes in SCARCE[name]:
        ended = ask_where_memory_is_scarce(name, megabytes)
        assert ended.status == 0, f"the host died with {ended.status} of {megabytes} MB: {ended.errors[:300]}"
        assert ended.value("result") in ("OK", "BAD_RESPONSE", "LOCAL_IO")
        assert ended.value("after") == "OK"


def test_reply_is_not_called_malformed_when_memory_is_scarce():
    """It is refused for its number of values, or memory is what is missing."""
    ended = ask_where_memory_is_scarce("empty objects", 9)
    assert "not valid JSON" not in ended.value("message")


@pytest.mark.parametrize(
    "operation, parameters",
    [
        ("account.credit", "b'{}'"),
        ("request", """b'{"method": "POST", "path": "/hang", "body": {}}'"""),
        ("request", """b'{"method": "POST", "path": "/hang/%d", "body": {}}' % number"""),
    ],
    ids=["one endpoint", "one path", "a path for each"],
)
def test_memory_is_free_again_when_many_calls_were_pending_at_destroy(operation, parameters):
    """As many as a client takes. What malloc keeps for later counts: the host has no use for it.

    A destroy at its bound leaves a rest to the client's thread.
    """
    with RawServer(default=silent, routes={CREDIT: answers(A_BALANCE)}) as server:
        program = client_program(server.url, close_timeout_ms=0)
        ended = run_child(
            program
            + f"""
idle = kilobytes("VmRSS")
for number in range(65_536):
    if library.submit(client.handle, {operation.encode()!r}, {parameters}, None)[0] != 0: break
client.destroy(within_s=5)
end = time.monotonic() + 10
while kilobytes("VmRSS") - idle > 32 * 1024 and time.monotonic() < end: time.sleep(0.02)
tell(left=kilobytes("VmRSS") - idle, taken=number + 1)
"""
        )
    assert ended.value("taken") == 65_536
    assert ended.value("left") <= 32 * 1024, f"{ended.value('left') // 1024} MB"


def test_memory_does_not_grow_when_the_simulator_takes_many_calls():
    ended = run_child("""
client = AkoolClient(library, {"environment": False, "base_url": "simulator:", "max_requests": 1000})
parameters = json.dumps({"method": "POST", "path": "/x", "body": {"text": "x" * 15_000}}).encode()
def ask(count):
    for _ in range(count): library.call(client.handle, b"request", parameters, None)
ask(500)
idle = kilobytes("VmRSS")
ask(5_000)
tell(grown=kilobytes("VmRSS") - idle)
""")
    assert ended.value("grown") <= 32 * 1024, f"{ended.value('grown') // 1024} MB"
