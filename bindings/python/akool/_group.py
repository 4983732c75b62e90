"""What the generated classes of methods share."""

from __future__ import annotations

from typing import Any, Callable, Dict

Perform = Callable[[bytes, Dict[str, Any]], Any]


class Group:
    """The methods of one kind of operation. It knows how requests are done, not the client: that would be a cycle."""

    __slots__ = ("_perform",)

    def __init__(self, perform: Perform) -> None:
        self._perform = perform

    def __repr__(self) -> str:
        return f"<akool.{type(self).__name__}>"


def renamed(parameters: Dict[str, Any]) -> Dict[str, Any]:
    """Python's from_ is AKOOL's from."""
    return {name[:-1] if name.endswith("_") else name: value for name, value in parameters.items()}
