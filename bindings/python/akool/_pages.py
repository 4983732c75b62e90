"""Walks through a list of AKOOL's page by page.

Lists may change while they are read, and AKOOL need not say how long they are: pages may overlap, be shorter than asked
for, or come again and again.
"""

from __future__ import annotations

import json
import warnings
from typing import Any, AsyncGenerator, Awaitable, Callable, Dict, Iterator, List, Optional, Set

Perform = Callable[[bytes, Dict[str, Any]], Any]


class Pages:
    """How far a walk has come: `request` is the next page to ask for, `take` is given its data."""

    def __init__(self, operation: bytes, parameters: Dict[str, Any]) -> None:
        self._operation = operation
        self._limit: float = parameters.pop("limit", float("inf"))
        self._page: int = parameters.pop("page", 1)
        self._parameters = parameters
        self._known: Set[str] = set()
        self._first_size: Optional[int] = None
        self._yielded = 0
        self.is_done = False

    def request(self) -> Dict[str, Any]:
        return {**self._parameters, "page": self._page}

    def take(self, data: Dict[str, Any]) -> List[Any]:
        """The elements of a page that were not there before."""
        elements = data["result"]
        if self._first_size is None:
            self._first_size = len(elements)
        fresh = [element for element in elements if self._is_new(element)]
        self._judge(elements, fresh, data.get("count"))
        self._page += 1
        wanted = fresh[: max(0, int(min(self._limit - self._yielded, len(fresh))))]
        self._yielded += len(wanted)
        self.is_done = self.is_done or self._yielded >= self._limit
        return wanted

    def _judge(self, elements: List[Any], fresh: List[Any], count: Any) -> None:
        is_last = len(self._known) >= count if isinstance(count, int) else len(elements) < (self._first_size or 0)
        if is_last or not elements:
            self.is_done = True
        elif not fresh:
            self.is_done = True
            name = self._operation.decode()
            warnings.warn(
                f"{name}: AKOOL sent a page again in place of the next one; the list may be incomplete",
                RuntimeWarning,
                stacklevel=4,
            )

    def _is_new(self, element: Any) -> bool:
        identity = _identity(element)
        if identity in self._known:
            return False
        self._known.add(identity)
        return True


def _identity(element: Any) -> str:
    if isinstance(element, dict):
        for name in ("_id", "avatar_id", "voice_id"):
            if element.get(name) is not None:
                return str(element[name])
    return json.dumps(element, sort_keys=True)


def walk(perform: Perform, operation: bytes, parameters: Dict[str, Any]) -> Iterator[Any]:
    pages = Pages(operation, parameters)
    while not pages.is_done:
        yield from pages.take(perform(operation, pages.request())["data"])


async def walk_async(
    perform: Callable[[bytes, Dict[str, Any]], Awaitable[Any]], operation: bytes, parameters: Dict[str, Any]
) -> AsyncGenerator[Any, None]:
    pages = Pages(operation, parameters)
    while not pages.is_done:
        for element in pages.take((await perform(operation, pages.request()))["data"]):
            yield element
