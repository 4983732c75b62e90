"""Errors: a class for each result, in families; what they carry; pickles."""

from __future__ import annotations

import asyncio
import builtins
import copy
import pickle
import sys
import traceback

import akool
import pytest
from akool import errors
from python_support import NOBODY, SIMULATED, raises

RESULTS = [entry for entry in akool.describe()["results"] if entry["name"] != "OK"]
FAMILIES = {
    akool.UsageError: "INVALID_ARGUMENT BAD_HANDLE WRONG_THREAD FORKED",
    akool.AccountError: "UNAUTHENTICATED FORBIDDEN QUOTA_EXCEEDED",
    akool.StateError: "NOT_FOUND ALREADY_EXISTS AVATAR_BUSY SESSION_ENDED RESOURCE_EXPIRED",
    akool.ServiceError: "RATE_LIMITED REMOTE_FAILED UNAVAILABLE TIMEOUT OUTCOME_UNKNOWN BAD_RESPONSE",
}


@pytest.mark.parametrize("entry", RESULTS, ids=lambda entry: entry["name"])
def test_every_result_has_a_class(entry):
    kind = errors.BY_VALUE[entry["value"]]
    assert kind is errors.BY_CODE[entry["name"]] and kind.code == entry["name"] and kind.__doc__ == entry["summary"]
    assert getattr(akool, kind.__name__) is kind and issubclass(kind, akool.AkoolError)
    words = "RequestCancelled" if entry["name"] == "CANCELLED" else entry["name"].title().replace("_", "")
    assert kind.__name__ == f"{words}Error"
    families = [family for family, names in FAMILIES.items() if entry["name"] in names.split()]
    assert [family for family in FAMILIES if issubclass(kind, family)] == families


def test_there_are_no_other_classes():
    assert set(errors.BY_CODE) == {entry["name"] for entry in RESULTS}
    assert set(akool.__all__) >= {kind.__name__ for kind in errors.BY_CODE.values()} - {"TimeoutError"}


def test_pythons_own_names_are_not_hidden():
    names = {}
    exec("from akool import *", names)
    assert "TimeoutError" not in names and names["NotFoundError"] is akool.NotFoundError
    hidden = {name for name in akool.__all__ if hasattr(builtins, name)}
    assert hidden == set()
    assert issubclass(akool.TimeoutError, builtins.TimeoutError)
    if sys.version_info >= (3, 11):
        assert issubclass(akool.TimeoutError, asyncio.TimeoutError)
    assert not issubclass(akool.RequestCancelledError, asyncio.CancelledError)


@pytest.fixture(scope="module")
def error():
    with akool.Client(SIMULATED) as client:
        with raises(akool.NotFoundError) as caught:
            client.call("session.detail", {"id": NOBODY}, tag="mine", trace=True)
    return caught[0]


def test_what_an_error_carries(error):
    assert error.code == "NOT_FOUND" and error.akool_code == 1216 and error.http_status == 200
    assert error.retryable is False and error.retry_after_ms is None
    assert error.message == str(error) and error.hint
    assert error.meta["tag"] == "mine" and len(error.meta["trace"]) == 1


def test_the_hint_is_in_the_traceback(error):
    if sys.version_info < (3, 11):
        pytest.skip("notes came with Python 3.11")
    assert error.hint in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_can_be_copied_and_sent_elsewhere(error, again):
    other = again(error)
    assert type(other) is type(error) and vars(other) == vars(error) and other.args == error.args
    late = again(akool.TimeoutError("late", retryable=True, retry_after_ms=5))
    assert str(late) == "late" and late.retryable and late.retry_after_ms == 5 and late.code == "TIMEOUT"


def test_an_error_that_this_package_does_not_know():
    from akool._replies import error_of_reply, error_of_result

    error = error_of_reply({"error": {"code": "BRAND_NEW", "message": "new"}})
    assert type(error) is akool.AkoolError and error.code == "BRAND_NEW"
    assert error_of_result(99).code == "RESULT_99"
