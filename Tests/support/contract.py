"""Holds requests and answers against `docs/api/akool-openapi.yaml`.

openapi-core does the validating. It lets pass what the contract does not mention, so a second pass reports
every query parameter and JSON member that the contract does not know.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Optional, Tuple
from urllib.parse import parse_qsl, urlsplit

import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import Headers, ImmutableMultiDict

from support.locations import CONTRACT
from support.recorder import Exchange


class Contract:
    """The contract, loaded once."""

    def __init__(self) -> None:
        self._openapi = OpenAPI.from_file_path(str(CONTRACT))
        self._document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
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

    def body_members(self, method: str, path: str) -> Iterator[str]:
        """Names of the members of a request body at any depth, as `voice_options.speed`."""
        operation = self._find(method, path) or {}
        if "requestBody" in operation:
            yield from self._paths(self._schema(self._resolve(operation["requestBody"])), "")

    def _paths(self, schema: dict, place: str) -> Iterator[str]:
        members, _ = self._members(schema)
        for name, parts in members.items():
            path = f"{place}.{name}".lstrip(".")
            yield path
            yield from self._paths({"anyOf": parts}, path)
        for found in self._alternatives(schema):
            if "items" in found:
                yield from self._paths(found["items"], place)

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
            if _matches(template, path) and method.lower() in item:
                return item[method.lower()]
        return None

    def _resolve(self, node: dict) -> dict:
        while "$ref" in node:
            target: Any = self._document
            for name in node["$ref"].lstrip("#/").split("/"):
                target = target[name]
            node = target
        return node


def _matches(template: str, path: str) -> bool:
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(part.startswith("{") or part == name for part, name in zip(parts, given))


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
