"""The client that blocks."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Any, Mapping, Optional, Type, Union, cast

from ._call import Call
from ._operations import Operations
from ._replies import name_of
from ._streams import EventStream
from ._sync import SyncConnection

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import CallOptions, ClientCloseData, Configuration, Reply


class Client(Operations):
    """A client of AKOOL: one account, one set of connections. Its methods block; any number of threads may share it.

        with akool.Client(ledger={"file": "akool.ledger"}) as client:
            session = client.session.create(avatar_id="dvp_Tristan_cloth2_1080P", duration=60)

    Methods return the `data` of the reply and raise an AkoolError. Besides an operation's own parameters each takes the
    options of `akool.types.CallOptions`: timeout_ms, tag and others. Ctrl-C ends a call at once and cancels it.
    """

    def __init__(
        self,
        configuration: Optional[Configuration] = None,
        /,
        *,
        logger: Union[logging.Logger, bool, None] = None,
        **settings: Unpack[Configuration],
    ) -> None:
        """Makes a client; nothing is sent unless the configuration says `warm`.

        Without a key or token in the configuration, those of the environment are used (AKOOL_API_KEY ...).

        Args:
            configuration: The configuration as a mapping; see `akool.types.Configuration`.
            logger: Who is told what the client does; True is the logger "akool". When absent, that logger is told if it
                has been given a level. Telling takes one more thread.
            **settings: The configuration by name; goes before `configuration`.

        Raises:
            InvalidArgumentError: The configuration is wrong.
            UnauthenticatedError: There are no credentials.
            LocalIoError: No thread or descriptor can be had.
        """
        self._connection = SyncConnection(configuration, cast(Any, settings), logger)
        super().__init__(self._connection.perform)

    def __repr__(self) -> str:
        return f"<akool.Client {'closed' if self.closed else 'open'}>"

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        connection = getattr(self, "_connection", None)
        return connection is None or not connection.is_open

    def call(
        self, operation: str, params: Optional[Mapping[str, Any]] = None, /, **options: Unpack[CallOptions]
    ) -> Reply:
        """Does an operation by its name and returns the whole reply: data, meta and, with the option, raw."""
        parameters = dict(params or {})
        del params  # a traceback shall not show it
        return cast("Reply", self._connection.perform(name_of(operation), parameters, cast(Any, options)))

    def submit(
        self, operation: str, params: Optional[Mapping[str, Any]] = None, /, **options: Unpack[CallOptions]
    ) -> Call:
        """Sends a request and returns at once: `result()` of what it returns waits for the whole reply."""
        parameters = dict(params or {})
        del params
        return self._connection.submit(name_of(operation), parameters, cast(Any, options))

    def events(self, *, timeout: Optional[float] = None) -> EventStream:
        """The events from now on. A loop over them ends when the client is closed.

        Args:
            timeout: The loop also ends when no event has come for so many seconds.
        """
        return self._connection.events(timeout)

    def close(self) -> ClientCloseData:
        """Closes the sessions of the client and ends it: calls of other threads raise a ShuttingDownError.

        Takes at most `close_timeout_ms` (3000 unless configured): what is not closed by then is left to the ledger. May
        be called again.
        """
        return cast("ClientCloseData", self._connection.close())

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
