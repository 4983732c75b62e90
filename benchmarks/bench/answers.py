"""The fixed answers of the server; the session detail is the documented example."""

import json
import time

SESSION_ID = "6698c9d69cf7b0d61d1b6420"
CREATE_PATH = "/api/open/v4/liveAvatar/session/create"
CLOSE_PATH = "/api/open/v4/liveAvatar/session/close"
DETAIL_PATH = "/api/open/v4/liveAvatar/session/detail"
LIST_PATH = "/api/open/v4/liveAvatar/session/list"
# Sessions in the list that is answered to `size=100`.
PAGE_SIZE = 100

SESSION = {
    "_id": SESSION_ID,
    "uid": 100010,
    "type": 1,
    "status": 3,
    "stream_type": "agora",
    "credentials": {"agora_uid": 100000, "agora_app_id": "app", "agora_channel": "ch"},
}


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def success(data=None):
    return compact({"code": 1000, "msg": "OK", **({"data": data} if data is not None else {})})


def detail(identifier="$arg_id"):
    """The session of the request's id, ended. nginx fills in the variable."""
    return success({**SESSION, "_id": identifier})


def created(identifier="$new_id"):
    """A session that is queueing, with the token for its room."""
    credentials = {**SESSION["credentials"], "agora_token": "007eJxTYPhyc9OqjQ0aJ6cW" * 4}
    return success({**SESSION, "_id": identifier, "status": 1, "credentials": credentials})


def closed():
    return success()


def page(sessions=PAGE_SIZE):
    """Returns a page of the list, with a different id for each session."""
    found = [{**SESSION, "_id": f"{SESSION_ID[:20]}{number:04x}"} for number in range(sessions)]
    return success({"count": sessions, "result": found})


def id_prefix():
    """The first half of a session id: AKOOL's ids begin with the second of their creation, in hex."""
    return f"{int(time.time()):08x}"


def large_list(sessions=12000):
    """A list of about 2 MB: far beyond what a real page holds, to see whether it stalls the loop."""
    return success({"count": sessions, "result": [SESSION] * sessions})
