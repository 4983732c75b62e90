"""The fixed answers that the server gives; the session detail is the documented example."""

import json

SESSION_ID = "6698c9d69cf7b0d61d1b6420"
DETAIL_PATH = "/api/open/v4/liveAvatar/session/detail"
LIST_PATH = "/api/open/v4/liveAvatar/session/list"

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


def detail():
    return compact({"code": 1000, "msg": "OK", "data": SESSION})


def large_list(sessions=12000):
    """A list of about 2 MB: far beyond what a real page holds, to see whether it stalls the loop."""
    return compact({"code": 1000, "msg": "OK", "data": {"count": sessions, "result": [SESSION] * sessions}})
