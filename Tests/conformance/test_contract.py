"""Every operation with an endpoint, run against the HTTP simulator, held against the OpenAPI contract.

What counts is what passed on the wire: every request of the library and every answer of the simulator is
recorded between the two and validated, refused calls and token exchanges included.
"""

from __future__ import annotations

from collections import Counter
from typing import Dict, List

import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename
from support.akool_client import AkoolClient
from support.canary import CANARY_CLIENT_ID, CANARY_CLIENT_SECRET, CANARY_KEY
from support.catalogue import DescribedOperation, operations
from support.contract import Contract
from support.locations import CONTRACT
from support.recorder import Exchange, Recorder
from support.samples import REFUSED, SAMPLES, Sample
from support.simulator import Simulator
from support.world import World

PAIR = {"client_id": CANARY_CLIENT_ID, "client_secret": CANARY_CLIENT_SECRET}
# Fast enough that a close which takes seconds does not hold up the tests.
FLAGS = ["--time-scale", "20", "--credit", "10000000", "--api-key", CANARY_KEY]
FLAGS += ["--client-id", CANARY_CLIENT_ID, "--client-secret", CANARY_CLIENT_SECRET]


class Survey:
    """Runs samples and keeps what was found."""

    def __init__(self, library, recorder: Recorder, simulator: Simulator, contract: Contract, credentials: dict):
        self._recorder, self._contract = recorder, contract
        configuration = {"base_url": recorder.url, "environment": False, "timeout_ms": 20_000, **credentials}
        self.client = AkoolClient(library, configuration)
        self.world = World(self.client, simulator)
        self.answers: Counter = Counter()
        self.exchanges: List[Exchange] = []
        self.violations: List[str] = []
        self.surprises: List[str] = []
        self._checked = 0

    def run(self, operation: str, sample: Sample) -> None:
        parameters = sample.parameters(self.world)
        self.check()
        reply = self.client.call(operation, parameters)
        place = f"{operation} ({sample.label})"
        self.check(place)
        expected = sample in SAMPLES.get(operation, [])
        if reply.ok is not expected:
            self.surprises.append(f"{place}: {'refused' if expected else 'not refused'}: {reply.json}")

    def check(self, place: str = "on the way") -> None:
        """Validates all that has passed since the last time."""
        for exchange in self._recorder.exchanges(self._checked):
            self._check_one(exchange, place)
        self._checked = len(self._recorder.exchanges())

    def _check_one(self, exchange: Exchange, place: str) -> None:
        self.exchanges.append(exchange)
        self.answers[self._contract.operation_id(exchange.request.method, exchange.request.path)] += 1
        line = f"{place}: {exchange.request.method} {exchange.request.target}"
        for violation in self._contract.request_violations(exchange):
            self.violations.append(f"{line}: request: {violation}: {exchange.request.body!r}"[:1000])
        for violation in self._contract.response_violations(exchange):
            self.violations.append(f"{line}: answer: {violation}: {exchange.body!r}"[:1000])
        self._check_headers(exchange, line)

    def _check_headers(self, exchange: Exchange, line: str) -> None:
        sent = exchange.request.headers
        if exchange.request.body and sent.get("content-type") != "application/json":
            self.violations.append(f"{line}: content-type {sent.get('content-type')}")
        if "x-api-key" in sent and "authorization" in sent:
            self.violations.append(f"{line}: two kinds of credentials")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


@pytest.fixture(scope="module")
def described(library) -> Dict[str, DescribedOperation]:
    return operations(library)


@pytest.fixture(params=["documented", "pessimistic"])
def profile(request) -> str:
    return request.param


@pytest.fixture
def simulator(profile, make_simulator) -> Simulator:
    return make_simulator(*FLAGS, "--profile", profile)


def test_the_contract_itself_is_valid():
    document, _ = read_from_filename(str(CONTRACT))
    validate(document)


def test_every_operation_with_an_endpoint_has_samples(described):
    with_endpoint = {name for name, operation in described.items() if operation.has_endpoint}
    assert with_endpoint, "the catalogue is empty"
    assert with_endpoint <= set(SAMPLES), f"without samples: {sorted(with_endpoint - set(SAMPLES))}"
    assert set(SAMPLES) <= set(described), f"samples of nothing: {sorted(set(SAMPLES) - set(described))}"


def test_every_endpoint_is_in_the_contract(described, contract):
    for operation in described.values():
        if operation.has_endpoint:
            assert contract.operation_id(operation.method, operation.path), operation


@pytest.mark.parametrize("credentials", [{"api_key": CANARY_KEY}, PAIR], ids=["api key", "client id and secret"])
def test_requests_and_answers_keep_to_the_contract(
    credentials, library, profile, simulator, contract, described, capsys
):
    with Recorder(simulator.url) as recorder:
        survey = Survey(library, recorder, simulator, contract, credentials)
        try:
            for samples in (SAMPLES, REFUSED):
                for operation, forms in samples.items():
                    for sample in forms:
                        survey.run(operation, sample)
        finally:
            survey.client.destroy()
        survey.check()
        exchanges = recorder.exchanges()
        counted = [entry for entry in simulator.requests() if not entry["path"].startswith("/_simulator/")]
    forms = sum(map(len, SAMPLES.values()))
    missing = contract.missing_members(survey.exchanges)
    unused = contract.missing_parameters(survey.exchanges)
    with capsys.disabled():
        print(f"\n  contract: {len(described)} operations in {forms} forms, {len(exchanges)} requests, ", end="")
        print(
            f"{len(exchanges)} answers, {len(survey.violations)} violations, {len(missing)} members missing, ", end=""
        )
        print(f"{len(unused)} parameters unused, ", end="")
        unreached = sorted(set(contract.current_operation_ids) - set(survey.answers) - {"getToken"})
        print(f"paths that no operation reaches: {', '.join(unreached) or 'none'} ", end="")
    assert survey.violations == [], "\n".join(survey.violations)
    assert survey.surprises == [], "\n".join(survey.surprises)
    assert len(counted) == len(exchanges) > 0, "the simulator counted other requests than passed"
    if profile == "documented":
        assert missing == [], "\n".join(missing)
        assert unused == [], "\n".join(unused)
    if credentials is PAIR:
        assert survey.answers["getToken"] >= 1
    assert not unreached
    wanted = {contract.operation_id(op.method, op.path) for op in described.values() if op.has_endpoint}
    assert wanted <= set(survey.answers), f"never called: {wanted - set(survey.answers)}"


def test_refused_credentials_keep_to_the_contract(library, make_simulator, contract):
    simulator = make_simulator("--api-key", CANARY_KEY)
    refused = [{"api_key": "wrong"}, {"token": "wrong"}, {"client_id": "wrong", "client_secret": "wrong"}]
    with Recorder(simulator.url) as recorder:
        for credentials in refused:
            survey = Survey(library, recorder, simulator, contract, credentials)
            assert survey.client.call("account.credit").result == "UNAUTHENTICATED"
            survey.client.destroy()
            survey.check()
            assert survey.violations == []
        assert len(recorder.exchanges()) >= 3


def test_own_credentials_are_sent_as_given_and_never_come_back(library, make_simulator, contract):
    """Bring-your-own rooms: exactly what the caller gave goes out, in the documented names."""
    simulator = make_simulator(*FLAGS)
    own = [sample for sample in SAMPLES["session.create"] if sample.label.startswith("own ")]
    assert len(own) == 5
    with Recorder(simulator.url) as recorder:
        survey = Survey(library, recorder, simulator, contract, {"api_key": CANARY_KEY})
        for sample in own:
            parameters = sample.parameters(survey.world)
            assert survey.client.call("session.create", parameters).ok
            sent = [e.request.json for e in recorder.exchanges() if e.request.path.endswith("session/create")][-1]
            assert sent["credentials"] == parameters["credentials"]
            assert sent["duration"] == 60
        survey.client.destroy()


def test_duration_is_always_sent(library, make_simulator, contract):
    """The service's own default is documented nowhere, and the whole duration is charged."""
    simulator = make_simulator(*FLAGS)
    with Recorder(simulator.url) as recorder:
        survey = Survey(library, recorder, simulator, contract, {"api_key": CANARY_KEY})
        assert survey.client.call("session.create", {"avatar_id": survey.world.free_avatar()}).ok
        sent = [e.request.json for e in recorder.exchanges() if e.request.path.endswith("session/create")][-1]
        assert sent["duration"] == 600
        survey.client.destroy()
