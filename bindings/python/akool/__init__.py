"""libakool: AKOOL streaming avatars for Python. Unofficial, not affiliated with AKOOL.

    import akool

    with akool.Client(base_url="simulator:") as client:
        session = client.session.create(avatar_id="dvp_Tristan_cloth2_1080P", duration=60)
        print(session["join"])

`Client` blocks, `AsyncClient` is for asyncio. `offline` has what needs neither. Types of parameters, replies and events
are in `akool.types`, errors here and in `akool.errors`. Subinterpreters are not supported.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, Dict

from . import _native
from ._async_client import AsyncClient
from ._async_streams import AsyncEventStream
from ._call import Call
from ._catalogue import VERSION as __version__
from ._client import Client
from ._offline import offline
from ._streams import EventStream
from .errors import *  # noqa: F403
from .errors import TimeoutError as TimeoutError  # not by *, since it hides Python's own, which it is a kind of
from .errors import __all__ as _errors

if TYPE_CHECKING:
    from . import types as types

__all__ = [
    "AsyncClient",
    "AsyncEventStream",
    "Call",
    "Client",
    "EventStream",
    "__version__",
    "describe",
    "offline",
    "version",
]
__all__ += _errors


def __getattr__(name: str) -> Any:
    """akool.types is large, and seldom needed while a program runs."""
    if name == "types":
        return importlib.import_module(".types", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def version() -> str:
    """The version of the library that is loaded."""
    return str(_native.version().decode())


def describe() -> Dict[str, Any]:
    """The catalogue of the library that is loaded: operations with JSON Schemas, results, events, configuration."""
    return dict(json.loads(_native.describe()))
