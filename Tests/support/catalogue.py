"""What the library says it can do (`akool_describe`), in the form the tests need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

from support.akool_library import AkoolLibrary


@dataclass(frozen=True)
class DescribedOperation:
    """One operation; without a method and path when it has no endpoint of its own."""

    name: str
    method: Optional[str]
    path: Optional[str]
    description: dict

    @property
    def has_endpoint(self) -> bool:
        return self.path is not None


def operations(library: AkoolLibrary) -> Dict[str, DescribedOperation]:
    """Every operation by its name."""
    described = library.describe()["operations"]
    entries = described if isinstance(described, list) else [{"name": name, **item} for name, item in described.items()]
    return {entry["name"]: _operation(entry) for entry in entries}


def _operation(entry: dict) -> DescribedOperation:
    endpoint = entry.get("endpoint")
    if isinstance(endpoint, str):
        method, path = endpoint.split(" ", 1)
        endpoint = {"method": method, "path": path}
    endpoint = endpoint or {}
    return DescribedOperation(entry["name"], endpoint.get("method"), endpoint.get("path"), entry)
