"""Versions that the counts of instructions depend on."""

import ctypes
import os
import platform
import re
import subprocess

from . import callgrind
from .programs import LIBRARY


def measured():
    return {
        "libcurl": _libcurl(),
        "jansson": _text("libjansson.so.4", "jansson_version_str"),
        "valgrind": callgrind.version(),
        "libc": " ".join(platform.libc_ver()),
        "c_compiler": _first_line([os.environ.get("CC", "cc"), "--version"]),
        "library_compiler": _library_compiler(),
        "avx2": _has_avx2(),
    }


def _libcurl():
    """The library's and the reference's: both load it from the system."""
    found = re.match(r"libcurl/([\d.]+)", _text("libcurl.so.4", "curl_version"))
    return found.group(1) if found else "unknown"


def _text(library, function):
    try:
        call = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return "unknown"
    call.restype = ctypes.c_char_p
    return call().decode()


def _library_compiler():
    found = re.search(r"clang version [\d.]+", _output(["readelf", "--string-dump=.comment", str(LIBRARY)]))
    return found.group() if found else "unknown"


def _has_avx2():
    """Returns true if functions of libc like memcpy use AVX2."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return re.search(r"^flags\s*:.*\bavx2\b", file.read(), re.MULTILINE) is not None
    except OSError:
        return False


def _first_line(command):
    return (_output(command).splitlines() or ["unknown"])[0]


def _output(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
