"""The client for asyncio."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Any, Mapping, Optional, Type, Union, cast

from ._aio import AsyncConnection
from ._async_streams import AsyncEventStream
from ._operations import AsyncOperations
from ._replies import name_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import CallOptions, ClientCloseData, Configuration, Reply


class AsyncClient(AsyncOperations):
    """A client of AKOOL for asyncio: one account, one set of connections, no thread of Python's.

        async with akool.AsyncClient(ledger={"file": "akool.ledger"}) as client:
            session = await client.session.create(avatar_id="dvp_Tristan_cloth2_1080P", duration=60)

    Methods are coroutines: they return the `data` of the reply and raise an AkoolError. Besides an operation's own
    parameters each takes the options of `akool.types.CallOptions`: timeout_ms, tag and others.

    Cancelling a task cancels its call: the task ends at once, and a session that is opened all the same is closed.

    A client belongs to the event loop of its first call, and when that is closed to the next one. Forgotten without
    close(), it is ended by the garbage collector, with a ResourceWarning.
    """

    def __init__(
        self,
        configuration: Optional[Configuration] = None,
        /,
        *,
        logger: Union[logging.Logger, bool, None] = None,
        **settings: Unpack[Configuration],
    ) -> None:
        """Makes a client; nothing is sent unless the configuration says `warm`. Needs no running event loop.

        Without a key or token in the configuration, those of the environment are used (AKOOL_API_KEY ...).

        Args:
            configuration: The configuration as a mapping; see `akool.types.Configuration`.
            logger: Who is told what the client does; True is the logger "akool". When absent, that logger is told if it
                has been given a level. Telling takes one more thread, on which handlers run.
            **settings: The configuration by name; goes before `configuration`.

        Raises:
            InvalidArgumentError: The configuration is wrong.
            UnauthenticatedError: There are no credentials.
            LocalIoError: No thread or descriptor can be had.
        """
        self._connection = AsyncConnection(configuration, cast(Any, settings), logger)
        super().__init__(self._connection.perform)

    def __repr__(self) -> str:
        return f"<akool.AsyncClient {'closed' if self.closed else 'open'}>"

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        connection = getattr(self, "_connection", None)
        return connection is None or not connection.is_open

    async def call(
        self, operation: str, params: Optional[Mapping[str, Any]] = None, /, **options: Unpack[CallOptions]
    ) -> Reply:
        """Does an operation by its name and returns the whole reply: data, meta and, with the option, raw."""
        parameters = dict(params or {})
        del params  # a traceback shall not show it
        return cast("Reply", await self._connection.perform(name_of(operation), parameters, cast(Any, options)))

    def events(self) -> AsyncEventStream:
        """The events from now on. A loop over them ends when the client is closed."""
        return self._connection.events()

    async def close(self) -> ClientCloseData:
        """Closes the sessions of the client and ends it: calls under way raise a ShuttingDownError.

        Takes at most `close_timeout_ms` (3000 unless configured): what is not closed by then is left to the ledger.
        Goes on when its task is cancelled. May be called again.
        """
        return cast("ClientCloseData", await self._connection.close())

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()
