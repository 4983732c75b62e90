"""Finds and loads the library, and declares its functions as `akool.h` has them."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import sys
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_uint64, c_void_p
from typing import Any, Dict, List, Optional, Tuple

from ._catalogue import VERSION

OK, BAD_HANDLE, WRONG_THREAD, TIMEOUT, SHUTTING_DOWN, FORKED = 0, 2, 3, 14, 21, 22
# What functions say of a client that was closed while they were waiting for it.
ENDED = (BAD_HANDLE, SHUTTING_DOWN)

LOG_CALLBACK = ctypes.CFUNCTYPE(None, c_void_p, c_int32, c_char_p, c_void_p)

_TEXT_OUT = POINTER(c_char_p)
_SIGNATURES: Dict[str, Tuple[Any, List[Any]]] = {
    "akool_version": (c_char_p, []),
    "akool_describe": (c_int32, [_TEXT_OUT]),
    "akool_string_free": (None, [c_char_p]),
    "akool_client_create": (c_int32, [c_char_p, POINTER(c_void_p), _TEXT_OUT]),
    "akool_client_destroy": (c_int32, [c_void_p]),
    "akool_submit": (c_int32, [c_void_p, c_char_p, c_char_p, c_char_p, c_void_p, c_void_p, POINTER(c_uint64)]),
    "akool_wait": (c_int32, [c_void_p, c_uint64, c_int64, _TEXT_OUT]),
    "akool_call": (c_int32, [c_void_p, c_char_p, c_char_p, c_char_p, _TEXT_OUT]),
    "akool_cancel": (c_int32, [c_void_p, c_uint64]),
    "akool_client_set_log_callback": (c_int32, [c_void_p, c_int32, LOG_CALLBACK, c_void_p]),
    "akool_client_next_event": (c_int32, [c_void_p, c_int64, _TEXT_OUT]),
    "akool_client_event_fd": (c_int, [c_void_p]),
}

# What the library itself loads, all of which Debian has in packages.
_LOADED = {"libcurl", "libjansson", "libsqlite3", "libssl", "libcrypto"}
_INSTALL = "apt-get install -y libcurl4 libjansson4 libsqlite3-0 libssl3"
_PLATFORMS = "Linux on x86_64 with glibc 2.36 and libcurl 7.87 or newer (Debian 12 and 13, Ubuntu 24.04)"


def _find() -> str:
    """The library of the package, the one that AKOOL_LIB names, or the system's."""
    bundled = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libakool.so.1")
    if os.path.exists(bundled):
        return bundled
    named = os.environ.get("AKOOL_LIB")
    return os.path.abspath(named) if named else "libakool.so.1"


def _advice(trouble: str) -> str:
    """What to do about a failure, from what the loader says of it."""
    missing = re.match(r"(?:.*: )?(\S+): cannot open shared object file", trouble)
    name = os.path.basename(missing.group(1)) if missing else ""
    if name.startswith("libakool.so"):
        return "Install the wheel, which has the library; or run `make lib` and set AKOOL_LIB."
    if name.split(".so")[0] in _LOADED:
        return f"{name} is not installed. Run: {_INSTALL}"
    if "CURL_OPENSSL_4" in trouble:
        return f"The libcurl that was found is no OpenSSL build of the system's. libakool needs {_PLATFORMS}."
    if "version `" in trouble or "undefined symbol" in trouble:
        return f"libakool needs {_PLATFORMS}; this system is older."
    return ""


def _load() -> ctypes.CDLL:
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "AMD64"):
        raise ImportError(f"libakool does not run on {sys.platform} {platform.machine()}: it needs {_PLATFORMS}")
    path = _find()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"libakool cannot be loaded: {error}. {_advice(str(error))}".rstrip(), path=path) from None
    for name, (result, arguments) in _SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"{path} is not libakool, or one too old: it has no {name}", path=path) from None
        function.restype, function.argtypes = result, arguments
    _check_version(library.akool_version().decode(), path)
    return library


def _check_version(found: str, path: str) -> None:
    """A newer library of the same major version has all that an older one has."""
    major, minor = (int(number) for number in found.split(".")[:2])
    wanted_major, wanted_minor = (int(number) for number in VERSION.split(".")[:2])
    if major != wanted_major or minor < wanted_minor:
        raise ImportError(f"this package is for libakool {VERSION}; {path} is {found}", path=path)


_library = _load()

version = _library.akool_version
create = _library.akool_client_create
destroy = _library.akool_client_destroy
submit = _library.akool_submit
wait = _library.akool_wait
call = _library.akool_call
cancel = _library.akool_cancel
set_log_callback = _library.akool_client_set_log_callback
next_event = _library.akool_client_next_event
event_fd = _library.akool_client_event_fd
free = _library.akool_string_free


def silence(handle: int) -> None:
    """Has no more log records told; none is being told when it returns, unless it is called by one that is."""
    set_log_callback(handle, 0, LOG_CALLBACK(), None)


def take(out: c_char_p) -> Optional[str]:
    """The text that a function has left, which is then freed; None when there is none."""
    text = out.value
    if text is None:
        return None
    free(out)
    out.value = None
    return text.decode()


def describe() -> str:
    """The catalogue as JSON."""
    out = c_char_p()
    if _library.akool_describe(ctypes.byref(out)) != OK:
        raise MemoryError("akool_describe")
    return take(out) or "{}"
