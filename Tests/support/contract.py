"""Holds requests and answers against `docs/api/akool-openapi.yaml`.

openapi-core does the validating. It lets pass what the contract does not mention, so a second pass reports
every query parameter and JSON member that the contract does not know, and a third one every member of answers that the
contract has and no answer had.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple
from urllib.parse import parse_qsl, urlsplit

import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import Headers, ImmutableMultiDict

from support.locations import CONTRACT
from support.recorder import Exchange

# A member with one of these may be absent from every answer.
NOT_DEMANDED = ("x-docs-disagree", "x-evidence", "x-optional", "deprecated")


class Contract:
    """The contract, loaded once; or another one, as tests of the comparison have it."""

    def __init__(self, document: Optional[dict] = None) -> None:
        self._document = document or yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
        self._openapi = OpenAPI.from_dict(self._document)
        self._host = self._document["servers"][0]["url"]

    def operation_id(self, method: str, path: str) -> Optional[str]:
        found = self._find(method, path)
        return found["operationId"] if found else None

    @property
    def operation_ids(self) -> List[str]:
        return [operation["operationId"] for item in self._document["paths"].values() for operation in item.values()]

    @property
    def current_operation_ids(self) -> List[str]:
        """Without those of the family that was superseded in 2024."""
        operations = [operation for item in self._document["paths"].values() for operation in item.values()]
        return [operation["operationId"] for operation in operations if "legacy-v3" not in operation["tags"]]

    def request_violations(self, exchange: Exchange) -> List[str]:
        request = self._request(exchange)
        violations = _texts(self._openapi.unmarshal_request(request).errors)
        return violations + list(self._unknown_in_request(exchange))

    def response_violations(self, exchange: Exchange) -> List[str]:
        content_type = exchange.headers.get("content-type", "").split(";")[0]
        response = MockResponse(exchange.body, exchange.status, Headers(exchange.headers), content_type)
        violations = _texts(self._openapi.unmarshal_response(self._request(exchange), response).errors)
        return violations + list(self._unknown_in_response(exchange))

    def missing_members(self, exchanges: List[Exchange]) -> List[str]:
        """Members of successful answers that the contract has and that no answer of these had.

        A member is missed only where what holds it was there.
        """
        had: Dict[str, Set[str]] = {}
        for exchange in exchanges:
            operation = self._find(exchange.request.method, exchange.request.path)
            body = _parsed(exchange.body)
            if operation and isinstance(body, dict) and body.get("code") == 1000:
                had.setdefault(operation["operationId"], set()).update(_places(body, ""))
        return [
            f"{name}: {place}"
            for name, places in sorted(had.items())
            for place in sorted(set(self._demanded(name)))
            if place not in places and place.rpartition(".")[0] + "{}" in places
        ]

    def missing_parameters(self, exchanges: List[Exchange]) -> List[str]:
        """Parameters that the contract has and that no request of these had that was answered with success."""
        had: Dict[str, Set[str]] = {}
        for exchange in exchanges:
            operation = self._find(exchange.request.method, exchange.request.path)
            answer = _parsed(exchange.body)
            if operation and isinstance(answer, dict) and answer.get("code") == 1000:
                places = had.setdefault(operation["operationId"], set())
                places.update(f"?{name}" for name in exchange.request.query)
                places.update(_places(_parsed(exchange.request.body), ""))
        return [
            f"{name}: {place}"
            for name, places in sorted(had.items())
            for place in sorted(set(self._offered(name)) - places)
        ]

    def _offered(self, operation_id: str) -> Iterator[str]:
        operation = self._operation(operation_id)
        for parameter in map(self._resolve, operation.get("parameters", [])):
            if parameter["in"] == "query":
                yield f"?{parameter['name']}"
        if "requestBody" in operation:
            yield from self._places_of(self._schema(self._resolve(operation["requestBody"])), "")

    def _demanded(self, operation_id: str) -> Iterator[str]:
        return self._places_of(self._schema(self._resolve(self._operation(operation_id)["responses"]["200"])), "")

    def _operation(self, operation_id: str) -> dict:
        operations = [operation for item in self._document["paths"].values() for operation in item.values()]
        return next(operation for operation in operations if operation["operationId"] == operation_id)

    def samples(self) -> Iterator[Tuple[str, str, str, dict]]:
        """Method, path, label and body of every documented answer."""
        for path, item in self._document["paths"].items():
            for method, operation in item.items():
                if "legacy-v3" in operation["tags"]:
                    continue
                content = self._resolve(operation["responses"]["200"])["content"]["application/json"]
                if "example" in content:
                    yield method.upper(), path, "example", content["example"]
                for label, sample in content.get("examples", {}).items():
                    yield method.upper(), path, label, sample["value"]

    def _places_of(self, schema: dict, place: str) -> Iterator[str]:
        for found in self._demanded_alternatives(schema):
            if "items" in found:
                yield from self._places_of(found["items"], f"{place}[]")
            for name, member in found.get("properties", {}).items():
                # Where shapes disagree, each of them counts.
                is_shape = "oneOf" in member or "anyOf" in member
                if is_shape or not any(mark in member for mark in NOT_DEMANDED):
                    yield f"{place}.{name}"
                    yield from self._places_of(member, f"{place}.{name}")

    def _demanded_alternatives(self, schema: dict) -> Iterator[dict]:
        schema = self._resolve(schema)
        yield schema
        for key in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(key, []):
                if not any(mark in self._resolve(part) for mark in NOT_DEMANDED):
                    yield from self._demanded_alternatives(part)

    def _request(self, exchange: Exchange) -> MockRequest:
        request = exchange.request
        return MockRequest(
            self._host,
            request.method.lower(),
            request.path,
            args=ImmutableMultiDict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True)),
            headers=dict(request.headers),
            data=request.body or None,
            content_type=request.headers.get("content-type", "").split(";")[0],
        )

    # What the contract does not mention.

    def _unknown_in_request(self, exchange: Exchange) -> Iterator[str]:
        operation = self._find(exchange.request.method, exchange.request.path)
        if operation is None:
            return
        parameters = [self._resolve(parameter) for parameter in operation.get("parameters", [])]
        known = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        yield from (
            f"query parameter {name} is not in the contract" for name in exchange.request.query if name not in known
        )
        if "requestBody" in operation:
            body = self._resolve(operation["requestBody"])
            yield from self._unknown(_parsed(exchange.request.body), self._schema(body), "request")
        elif exchange.request.body:
            yield "a body where the contract has none"

    def _unknown_in_response(self, exchange: Exchange) -> Iterator[str]:
        operation = self._find(exchange.request.method, exchange.request.path)
        response = (operation or {}).get("responses", {}).get(str(exchange.status))
        if response is not None:
            yield from self._unknown(_parsed(exchange.body), self._schema(self._resolve(response)), "response")

    def _unknown(self, value: Any, schema: dict, place: str) -> Iterator[str]:
        if isinstance(value, list):
            items = [found["items"] for found in self._alternatives(schema) if "items" in found]
            for index, element in enumerate(value):
                yield from self._unknown(element, {"anyOf": items} if items else {}, f"{place}[{index}]")
        if not isinstance(value, dict):
            return
        members, is_map = self._members(schema)
        for name, member in value.items():
            if name in members:
                yield from self._unknown(member, {"anyOf": members[name]}, f"{place}.{name}")
            elif not is_map:
                yield f"{place}.{name} is not in the contract"

    def _members(self, schema: dict) -> Tuple[Dict[str, List[dict]], bool]:
        """Every member any part of the schema names, and whether it is a map of free names."""
        members: Dict[str, List[dict]] = {}
        alternatives = list(self._alternatives(schema))
        for found in alternatives:
            for name, member in found.get("properties", {}).items():
                members.setdefault(name, []).append(member)
        is_map = any(isinstance(found.get("additionalProperties"), dict) for found in alternatives)
        return members, is_map

    def _alternatives(self, schema: dict) -> Iterator[dict]:
        schema = self._resolve(schema)
        yield schema
        for key in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(key, []):
                yield from self._alternatives(part)

    @staticmethod
    def _schema(holder: dict) -> dict:
        return holder.get("content", {}).get("application/json", {}).get("schema", {})

    def _find(self, method: str, path: str) -> Optional[dict]:
        for template, item in self._document["paths"].items():
            if matches(template, path) and method.lower() in item:
                return item[method.lower()]
        return None

    def _resolve(self, node: dict) -> dict:
        while "$ref" in node:
            target: Any = self._document
            for name in node["$ref"].lstrip("#/").split("/"):
                target = target[name]
            node = target
        return node


def matches(template: str, path: str) -> bool:
    """Returns true if a path is the template with something in place of the braces."""
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(part.startswith("{") or part == name for part, name in zip(parts, given))


def _places(value: Any, place: str) -> Iterator[str]:
    """The place of every member and element inside a value; objects have one more, with braces."""
    yield place
    if isinstance(value, dict):
        yield place + "{}"
        for name, member in value.items():
            yield from _places(member, f"{place}.{name}")
    if isinstance(value, list):
        for element in value:
            yield from _places(element, f"{place}[]")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _texts(errors: List[Exception]) -> List[str]:
    """An error with what caused it: openapi-core keeps the schema's own words in a member of the cause."""
    texts = []
    for error in errors:
        causes = [str(error)]
        cause = error.__cause__
        while cause is not None:
            details = getattr(cause, "schema_errors", None)
            causes.append("; ".join(detail.message for detail in details) if details else str(cause))
            cause = cause.__cause__
        texts.append(": ".join(causes))
    return texts
