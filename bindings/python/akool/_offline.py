"""What can be done without a client: nothing is sent and nothing remembered."""

from __future__ import annotations

from ctypes import byref, c_char_p
from typing import Any, Dict, Optional

from . import _native
from ._operations import OfflineOperations
from ._replies import Reply, decode, error_of_reply, error_of_result, texts


def _perform(operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]] = None) -> Reply:
    out = c_char_p()
    params_json, options_json, _ = texts(operation, parameters, options)
    result = _native.call(None, operation, params_json, options_json, byref(out))
    del params_json, options_json
    text = _native.take(out)
    if text is None:
        raise error_of_result(result)
    reply: Reply = decode(text)
    if "error" in reply:
        raise error_of_reply(reply)
    return reply


offline = OfflineOperations(_perform)
