"""The comparison with the contract notices what differs: each kind of mutated contract is found wanting."""

from __future__ import annotations

import copy
from typing import Callable, List

import pytest
import yaml
from support.akool_client import AkoolClient
from support.contract import Contract
from support.locations import CONTRACT
from support.recorder import Exchange, Recorder
from support.simulator import Simulator

DOCUMENT = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]


@pytest.fixture(scope="module")
def exchanges(library) -> List[Exchange]:
    with Simulator() as simulator, Recorder(simulator.url) as recorder:
        client = AkoolClient(library, {"base_url": recorder.url, "environment": False, "api_key": "simulator"})
        avatar = client.call("avatar.list", {"page": 1, "size": 1}).data["result"][0]["avatar_id"]
        for transport in ("agora", "livekit", "trtc"):
            parameters = {"avatar_id": avatar, "duration": 60, "stream_type": transport}
            session = client.call("session.create", parameters).data["_id"]
            client.call("session.detail", {"id": session})
            client.call("session.close", {"id": session})
        client.destroy()
        return recorder.exchanges()


def findings(document: dict, exchanges: List[Exchange]) -> List[str]:
    contract = Contract(document)
    violations = [fault for exchange in exchanges for fault in contract.response_violations(exchange)]
    violations += [fault for exchange in exchanges for fault in contract.request_violations(exchange)]
    return violations + contract.missing_members(exchanges)


def drop(schemas: dict) -> None:
    del schemas["StreamingAvatar"]["properties"]["thumbnailUrl"]
    schemas["StreamingAvatar"]["required"].remove("thumbnailUrl")


def add(schemas: dict) -> None:
    schemas["StreamingAvatar"]["properties"]["colour"] = {"type": "string"}


def demand(schemas: dict) -> None:
    schemas["Session"]["required"].append("colour")


def retype(schemas: dict) -> None:
    schemas["SessionClosed"]["properties"]["closed_at"] = {"type": "string"}


def narrow(schemas: dict) -> None:
    schemas["SessionCreateRequest"]["properties"]["duration"]["maximum"] = 10


def forget(schemas: dict) -> None:
    del schemas["SessionCreateRequest"]["properties"]["duration"]


def test_contract_as_it_is_has_no_findings(exchanges):
    assert findings(DOCUMENT, exchanges) == []


@pytest.mark.parametrize(
    "mutate, told",
    [
        (drop, "thumbnailUrl is not in the contract"),
        (add, "listStreamingAvatars: .data.result[].colour"),
        (demand, "'colour' is a required property"),
        (retype, "is not of type 'string'"),
        (narrow, "60 is greater than the maximum of 10"),
        (forget, "duration is not in the contract"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_mutated_contract_is_found_wanting(mutate: Callable[[dict], None], told: str, exchanges):
    document = copy.deepcopy(DOCUMENT)
    mutate(document["components"]["schemas"])
    assert any(told in finding for finding in findings(document, exchanges))
