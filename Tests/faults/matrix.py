"""fault × operation × connection kind: every combination is one call with one fault, and is compared with
what `expectations` demands. Operations come from the library's catalogue, so a new one enters by itself."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from faults.connections import KINDS, ConnectionKind, shares_connection
from faults.expectations import Expectation, class_of, expectation
from faults.scripts import FAULTS, FaultScript
from support.akool_client import AkoolClient, Reply
from support.akool_library import AkoolLibrary
from support.canary import CANARY_CLIENT_ID, CANARY_CLIENT_SECRET, CANARY_KEY
from support.catalogue import DescribedOperation, operations
from support.samples import SAMPLES
from support.simulator import Simulator
from support.world import World

# Mostly they wait: for deadlines, delays and repeats.
WORKERS = 8
_OPTIONS = {"client_id": CANARY_CLIENT_ID, "client_secret": CANARY_CLIENT_SECRET}
# Takes no parameters and changes nothing; the second where the first is what is tested.
_HARMLESS = ("account.credit", "avatar.list")


@dataclass(frozen=True)
class Combination:
    """One call that meets one fault."""

    operation: DescribedOperation
    fault: FaultScript
    kind: ConnectionKind

    @property
    def operation_class(self) -> str:
        return class_of(self.operation.name, self.operation.method or "")

    @property
    def expectation(self) -> Optional[Expectation]:
        return expectation(self.operation.name, self.operation.method or "", self.fault.name)

    def __str__(self) -> str:
        return f"{self.operation.name}, {self.fault.name}, {self.kind.name}"


@dataclass(frozen=True)
class Observation:
    """What came of a call, as the caller and the simulator saw it."""

    reply: Reply
    requests: int
    charges: int
    # The credit that left the account without a session or recording that shows for what.
    unexplained: float
    # Whether the call's first request used the connection of a call before it.
    reused: Optional[bool]


@dataclass(frozen=True)
class Outcome:
    combination: Combination
    complaints: List[str]
    reply: Any = None

    @property
    def as_expected(self) -> bool:
        return not self.complaints

    def __str__(self) -> str:
        reply = f"\n    reply: {self.reply}" if self.reply is not None else ""
        return f"{self.combination}: {'; '.join(self.complaints) or 'as expected'}{reply}"


def judge(expected: Expectation, seen: Observation, kind: ConnectionKind) -> List[str]:
    """What is not as it should be."""
    complaints = []
    for what, actual, wanted in [
        ("result", seen.reply.result, expected.result),
        ("requests", seen.requests, expected.requests),
        ("charges", seen.charges, expected.charges),
        ("credit gone without a session", seen.unexplained, 0),
        ("reused connection", seen.reused, kind.reused),
    ]:
        if actual != wanted:
            complaints.append(f"{what}: {actual}, expected {wanted}")
    return complaints + _judge_reply(expected, seen.reply)


def _judge_reply(expected: Expectation, reply: Reply) -> List[str]:
    """The JSON says the same as the code, and warns where it has to."""
    if reply.json is None:
        return ["there is no reply"]
    code = reply.json["error"]["code"] if "error" in reply.json else "OK"
    complaints = [] if code == reply.result else [f"the JSON says {code}, the result is {reply.result}"]
    if not expected.warns or reply.ok:
        return complaints
    error = reply.error
    if error["retryable"]:
        complaints.append("called retryable, though it may have been handled")
    if reply.result != "OUTCOME_UNKNOWN" and (error.get("details") or {}).get("outcome") != "unknown":
        complaints.append("no word that it may have been handled (details.outcome)")
    return complaints


class Stage:
    """The simulators of one worker, and the way of one combination through them."""

    def __init__(self, library: AkoolLibrary):
        self._library = library
        self._simulators: Dict[bool, Simulator] = {}

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: Any) -> None:
        for simulator in self._simulators.values():
            simulator.stop()

    def simulator(self, kind: ConnectionKind) -> Simulator:
        if kind.tls not in self._simulators:
            self._simulators[kind.tls] = Simulator("--stepped", "--api-key", CANARY_KEY, options=_OPTIONS, tls=kind.tls)
        return self._simulators[kind.tls]

    def run(self, combination: Combination) -> Outcome:
        expected = combination.expectation
        if expected is None:
            return Outcome(combination, [f"no expectation for the class {combination.operation_class}"])
        if combination.operation.name not in SAMPLES:
            return Outcome(combination, ["no sample of its parameters in support/samples.py"])
        try:
            seen = self._observe(combination)
        except Exception as error:  # a defect of one combination must not end the others
            return Outcome(combination, [f"could not be run: {type(error).__name__}: {error}"])
        complaints = judge(expected, seen, combination.kind)
        return Outcome(combination, complaints, seen.reply.json if complaints else None)

    def _observe(self, combination: Combination) -> Observation:
        operation, fault, kind = combination.operation, combination.fault, combination.kind
        simulator = self.simulator(kind)
        simulator.reset()
        with kind.client(self._library, simulator) as preparing:
            parameters = SAMPLES[operation.name][0].parameters(World(preparing, simulator))
            path = (operation.path or "").format(**parameters)
            start, books = simulator.last_request(), simulator.books()
            with kind.client(self._library, simulator, **fault.configuration) as client:
                if kind.reused:
                    _call_harmlessly(client, operation.name)
                earlier = simulator.last_request()
                simulator.set_faults(*fault.rules(operation.method or "", path))
                reply = client.call(operation.name, parameters, timeout_ms=fault.timeout_ms)
                if fault.later_s:
                    simulator.advance(fault.later_s)
            # The client is gone: nothing can come in any more that is not counted here.
            requests = simulator.requests(since=start)
            return _observation((operation.method, path), reply, requests, earlier, books, simulator.books())


def _call_harmlessly(client: AkoolClient, but: str) -> None:
    name = next(name for name in _HARMLESS if name != but)
    reply = client.call(name)
    assert reply.ok, f"the harmless call before failed: {reply.json}"


def _observation(
    endpoint: Tuple[Optional[str], str],
    reply: Reply,
    requests: List[dict],
    earlier: int,
    before: dict,
    after: dict,
) -> Observation:
    known = {item["_id"] for item in _bought(before)}
    charged = [item for item in _bought(after) if item["_id"] not in known and item["charged"] > 0]
    spent = after["charged"] - before["charged"]
    mine = [entry for entry in requests if entry["n"] > earlier]
    asked = [entry for entry in mine if (entry["method"], entry["path"]) == endpoint]
    used = {entry["connection"] for entry in requests if entry["n"] <= earlier}
    unexplained = round(spent - sum(item["charged"] for item in charged), 6)
    return Observation(reply, len(asked), len(charged), unexplained, asked[0]["connection"] in used if asked else None)


def _bought(books: dict) -> List[dict]:
    return [*books["sessions"], *books["recordings"]]


# The whole.


def combinations(library: AkoolLibrary, kinds: Iterable[ConnectionKind] = KINDS) -> List[Combination]:
    """All of them."""
    kinds = list(kinds)
    targets = [operation for operation in operations(library).values() if operation.has_endpoint]
    return [Combination(o, fault, kind) for o in targets for fault in FAULTS.values() for kind in kinds]


def reduced(library: AkoolLibrary) -> List[Combination]:
    """Every fault with every operation, each on one kind of connection: the kinds take turns, so that every
    operation and every fault meets each of them."""
    whole = combinations(library)
    names = list(dict.fromkeys(c.operation.name for c in whole))
    faults = list(FAULTS)

    def turn(c: Combination) -> int:
        return (names.index(c.operation.name) + faults.index(c.fault.name)) % len(KINDS)

    return [c for c in whole if c.kind == KINDS[turn(c)]]


def run(
    library: AkoolLibrary, wanted: List[Combination], told: Callable[[Outcome], None] = lambda _outcome: None
) -> List[Outcome]:
    """The outcomes in the order of the combinations. `told` hears of each when it is there."""
    places: "queue.SimpleQueue[int]" = queue.SimpleQueue()
    # The longest first, so that the end does not wait for one of them.
    for place in sorted(range(len(wanted)), key=lambda n: "hang" not in wanted[n].fault.name):
        places.put(place)
    outcomes: List[Optional[Outcome]] = [None] * len(wanted)
    failures: List[BaseException] = []

    def work() -> None:
        try:
            with Stage(library) as stage:
                while not places.empty():
                    place = places.get_nowait()
                    outcomes[place] = stage.run(wanted[place])
                    told(outcomes[place])
        except queue.Empty:
            return
        except BaseException as error:  # told by the caller's thread
            failures.append(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
    return [outcome for outcome in outcomes if outcome is not None]


def misnamed_kinds(library: AkoolLibrary) -> List[str]:
    """Kinds that are not what they are called."""
    with Stage(library) as stage:
        return [k.name for k in KINDS if shares_connection(k, library, stage.simulator(k)) != k.http2]
