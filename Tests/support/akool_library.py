"""The C interface of libakool through ctypes, one thin Python method per function.

Only for tests: nothing is hidden, every result code is handed on, and each method can be given garbage.
"""

from __future__ import annotations

import ctypes
import json
from ctypes import POINTER, byref, c_char_p, c_int, c_int32, c_int64, c_uint64, c_void_p
from pathlib import Path
from typing import Any, Optional, Tuple

REPLY_CALLBACK = ctypes.CFUNCTYPE(None, c_void_p, c_uint64, c_int32, c_char_p, c_void_p)
STATUS_CALLBACK = ctypes.CFUNCTYPE(None, c_void_p, c_char_p, c_void_p)
LOG_CALLBACK = ctypes.CFUNCTYPE(None, c_void_p, c_int32, c_char_p, c_void_p)

_OUT_STRING = POINTER(c_void_p)

_SIGNATURES = {
    "akool_version": (c_char_p, []),
    "akool_describe": (c_int32, [_OUT_STRING]),
    "akool_result_name": (c_char_p, [c_int32]),
    "akool_string_free": (None, [c_void_p]),
    "akool_json_get": (c_int32, [c_char_p, c_char_p, _OUT_STRING]),
    "akool_json_quote": (c_int32, [c_char_p, _OUT_STRING]),
    "akool_client_create": (c_int32, [c_char_p, POINTER(c_void_p), _OUT_STRING]),
    "akool_client_destroy": (c_int32, [c_void_p]),
    "akool_submit": (
        c_int32,
        [c_void_p, c_char_p, c_char_p, c_char_p, REPLY_CALLBACK, c_void_p, POINTER(c_uint64)],
    ),
    "akool_wait": (c_int32, [c_void_p, c_uint64, c_int64, _OUT_STRING]),
    "akool_call": (c_int32, [c_void_p, c_char_p, c_char_p, c_char_p, _OUT_STRING]),
    "akool_cancel": (c_int32, [c_void_p, c_uint64]),
    "akool_client_set_status_callback": (c_int32, [c_void_p, STATUS_CALLBACK, c_void_p]),
    "akool_client_set_log_callback": (c_int32, [c_void_p, c_int32, LOG_CALLBACK, c_void_p]),
    "akool_client_next_event": (c_int32, [c_void_p, c_int64, _OUT_STRING]),
    "akool_client_event_fd": (c_int, [c_void_p]),
}

Text = Optional[bytes]


def encode(value: Any) -> Text:
    """None stays NULL, bytes go as they are, anything else becomes JSON text."""
    if value is None or isinstance(value, bytes):
        return value
    return json.dumps(value, ensure_ascii=False).encode()


class AkoolLibrary:
    """The loaded library; strings it returns are copied and freed."""

    def __init__(self, path: Path):
        self._c = ctypes.CDLL(str(path))
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._c, name)
            function.restype, function.argtypes = result, arguments

    def version(self) -> str:
        return self._c.akool_version().decode()

    def result_name(self, result: int) -> str:
        return self._c.akool_result_name(result).decode()

    def describe(self) -> dict:
        out = c_void_p()
        result = self._c.akool_describe(byref(out))
        text = self._take(out)
        if result != 0 or text is None:
            raise AssertionError(f"akool_describe: {self.result_name(result)}")
        return json.loads(text)

    def json_get(self, text: Text, pointer: Text) -> Tuple[int, Optional[str]]:
        out = c_void_p()
        return self._c.akool_json_get(text, pointer, byref(out)), self._take(out)

    def json_quote(self, text: Text) -> Tuple[int, Optional[str]]:
        out = c_void_p()
        return self._c.akool_json_quote(text, byref(out)), self._take(out)

    def client_create(self, configuration: Any) -> Tuple[int, Optional[int], Optional[str]]:
        handle, error = c_void_p(), c_void_p()
        result = self._c.akool_client_create(encode(configuration), byref(handle), byref(error))
        return result, handle.value, self._take(error)

    def client_destroy(self, client: Optional[int]) -> int:
        return self._c.akool_client_destroy(client)

    def submit(
        self, client: Optional[int], operation: Text, parameters: Any, options: Any, on_reply: Any = None
    ) -> Tuple[int, int]:
        request = c_uint64()
        callback = on_reply if on_reply is not None else REPLY_CALLBACK()
        result = self._c.akool_submit(
            client, operation, encode(parameters), encode(options), callback, None, byref(request)
        )
        return result, request.value

    def wait(self, client: Optional[int], request: int, timeout_ms: int) -> Tuple[int, Optional[str]]:
        out = c_void_p()
        return self._c.akool_wait(client, request, timeout_ms, byref(out)), self._take(out)

    def call(self, client: Optional[int], operation: Text, parameters: Any, options: Any) -> Tuple[int, Optional[str]]:
        out = c_void_p()
        result = self._c.akool_call(client, operation, encode(parameters), encode(options), byref(out))
        return result, self._take(out)

    def cancel(self, client: Optional[int], request: int) -> int:
        return self._c.akool_cancel(client, request)

    def set_status_callback(self, client: Optional[int], callback: Any) -> int:
        return self._c.akool_client_set_status_callback(client, callback or STATUS_CALLBACK(), None)

    def set_log_callback(self, client: Optional[int], level: int, callback: Any) -> int:
        return self._c.akool_client_set_log_callback(client, level, callback or LOG_CALLBACK(), None)

    def next_event(self, client: Optional[int], timeout_ms: int) -> Tuple[int, Optional[str]]:
        out = c_void_p()
        return self._c.akool_client_next_event(client, timeout_ms, byref(out)), self._take(out)

    def event_fd(self, client: Optional[int]) -> int:
        return self._c.akool_client_event_fd(client)

    def _take(self, out: c_void_p) -> Optional[str]:
        if not out.value:
            return None
        try:
            return ctypes.string_at(out.value).decode()
        finally:
            self._c.akool_string_free(out)
