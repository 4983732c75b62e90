"""The functions that fail, by area, and the errors with which each fails."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Dict, Tuple

_EAI_AGAIN, _EAI_MEMORY = -3, -10
_CURLE_OUT_OF_MEMORY, _CURLM_OUT_OF_MEMORY, _CURLUE_OUT_OF_MEMORY = 27, 3, 7
_CURLM_INTERNAL_ERROR, _CURLM_WAKEUP_FAILURE = 4, 11
_BUSY, _NOMEM, _IOERR, _CORRUPT, _FULL, _CANTOPEN = 5, 7, 10, 11, 13, 14


@dataclass(frozen=True)
class Error:
    """Error that a call reports, before or after it takes effect."""

    number: int
    is_after: bool = False

    def __str__(self) -> str:
        return f"{self.number} after the effect" if self.is_after else str(self.number)


def _errors(*numbers: int) -> Tuple[Error, ...]:
    return tuple(Error(number) for number in numbers)


def _same(errors: Tuple[Error, ...], names: str) -> Dict[str, Tuple[Error, ...]]:
    return {name: errors for name in names.split()}


_STEP = (*_errors(_BUSY, _FULL, _IOERR, _CORRUPT), Error(_IOERR, is_after=True))

AREAS: Dict[str, Dict[str, Tuple[Error, ...]]] = {
    "memory": _same(_errors(errno.ENOMEM), "malloc calloc realloc"),
    "descriptors": {
        **_same(_errors(errno.EMFILE), "socket socketpair eventfd pipe pipe2 epoll_create1"),
        **_same(_errors(errno.EAGAIN), "pthread_create getrandom"),
        **_same(_errors(errno.ENOMEM), "poll epoll_ctl epoll_wait mmap mmap64"),
        **_same(_errors(errno.ECONNRESET), "send recv"),
        **_same(_errors(errno.ENOBUFS), "setsockopt getsockopt getsockname getpeername"),
        "connect": _errors(errno.ENETUNREACH),
        "getaddrinfo": _errors(_EAI_AGAIN, _EAI_MEMORY),
    },
    "files": {
        **_same(_errors(errno.EMFILE), "open open64 openat fopen"),
        **_same(_errors(errno.EIO), "read pread pread64 fsync fdatasync stat lstat fstat fstatat"),
        **_same(_errors(errno.EIO), "stat64 lstat64 fstat64 lseek access"),
        **_same(_errors(errno.ENOSPC), "write pwrite pwrite64 ftruncate ftruncate64 mkdir"),
        **_same(_errors(errno.EACCES), "rename renameat unlink unlinkat fchmod"),
        **_same(_errors(errno.ENOLCK), "fcntl fcntl64"),
    },
    "libcurl": {
        **_same(_errors(0), "curl_easy_init curl_multi_init curl_slist_append curl_url"),
        **_same(_errors(_CURLE_OUT_OF_MEMORY), "curl_global_init curl_easy_setopt curl_easy_getinfo"),
        **_same(_errors(_CURLM_OUT_OF_MEMORY), "curl_multi_setopt curl_multi_add_handle curl_multi_perform"),
        **_same(_errors(_CURLUE_OUT_OF_MEMORY), "curl_url_set curl_url_get"),
        "curl_multi_poll": _errors(_CURLM_INTERNAL_ERROR),
        "curl_multi_wakeup": _errors(_CURLM_WAKEUP_FAILURE),
    },
    "json-and-digests": _same(
        _errors(0),
        "json_loadb EVP_MD_CTX_new EVP_Digest EVP_DigestInit_ex EVP_DigestUpdate EVP_DigestFinal_ex",
    ),
    "sqlite": {
        "sqlite3_open_v2": _errors(_CANTOPEN, _NOMEM),
        "sqlite3_exec": (*_errors(_BUSY, _FULL), Error(_IOERR, is_after=True)),
        "sqlite3_prepare_v3": _errors(_NOMEM, _CORRUPT),
        "sqlite3_bind_text": _errors(_NOMEM),
        "sqlite3_bind_int64": _errors(_NOMEM),
        "sqlite3_step": _STEP,
    },
}
