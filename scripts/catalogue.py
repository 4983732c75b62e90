"""What the generators of the bindings know of the catalogue in common: names, groups, members, words."""

import json
import re

from generate_header import Mistake

# Done by Client.close, which also ends the client.
OWN = {"client.close"}

# What errors have in common, and which they are. The others, new ones too, are errors of no family.
FAMILIES = {
    "UsageError": ("The program has to be changed.", "INVALID_ARGUMENT BAD_HANDLE WRONG_THREAD FORKED"),
    "AccountError": (
        "The account has to be looked at: credentials, permission or credit.",
        "UNAUTHENTICATED FORBIDDEN QUOTA_EXCEEDED",
    ),
    "StateError": (
        "What was asked for does not go with the state of an avatar, a session or a file.",
        "NOT_FOUND ALREADY_EXISTS AVATAR_BUSY SESSION_ENDED RESOURCE_EXPIRED",
    ),
    "ServiceError": (
        "AKOOL's service, or the way to it, does not work as it should.",
        "RATE_LIMITED REMOTE_FAILED UNAVAILABLE TIMEOUT OUTCOME_UNKNOWN BAD_RESPONSE",
    ),
}

# Members of events, which the catalogue only names. Others are unknown.
_EVENT_MEMBERS = {
    "string": "id avatar_id state reason tag intent outcome replaces code message operation path sha256",
    "integer": "request_id result status attempt delay_ms expires_at seconds_left bytes total count",
    "number": "seconds_used seconds_refunded credits_used credit min_credit",
    "boolean": "estimated",
    "strings": "ids",
    "reply": "reply",
    "join": "join",
    "session": "session",
}
_EVENT_TYPES = {name: kind for kind, names in _EVENT_MEMBERS.items() for name in names.split()}

REPEATS = {
    "paid": "Costs money; never sent again once it may have arrived.",
    "once": "Not sent again once it may have arrived.",
}


def pascal(name):
    """session.close_all → SessionCloseAll"""
    return "".join(part.capitalize() for part in re.split(r"[._]", name))


def error_class(result):
    """AVATAR_BUSY → AvatarBusyError"""
    return f"{pascal(result.lower())}Error"


def failures(catalogue):
    return [entry for entry in catalogue["results"] if entry["name"] != "OK"]


def is_paged(operation):
    """Whether an operation is a list that is to be had page by page."""
    parameters, result = operation["parameters"].get("properties", {}), (operation.get("result") or {})
    elements = result.get("properties", {}).get("result", {}).get("type")
    return "list" in operation["name"].rpartition(".")[2] and "page" in parameters and elements == "array"


def place(name, reserved, convert=str):
    """Where an operation's method is: a group of the client, or None for the client itself, and its name."""
    group, _, method = name.rpartition(".")
    found = (None if group in ("", "client") else convert(group), convert(method))
    if (found[0] or found[1]) in reserved:
        raise Mistake(f"{name}: a client has another member of that name")
    return found


def groups(catalogue, reserved, convert=str):
    """Group → method → operation, None for what is the client's own. `convert` makes names the language's."""
    found = {}
    for operation in catalogue["operations"]:
        if operation["name"] in OWN:
            continue
        group, method = place(operation["name"], reserved, convert)
        found.setdefault(group, {})[method] = operation
    both = set(found.get(None, {})) & set(found)
    if both:
        raise Mistake(f"both a group and an operation: {', '.join(sorted(both))}")
    return found


def event_members(event):
    """(name, kind, whether it may be missing) of each member that a type of event has of its own."""
    named = re.search(r"\{(.*?)\}", event["summary"])
    for member in named.group(1).split(", ") if named else []:
        name = member.rstrip("?")
        yield name, _EVENT_TYPES.get(name, "unknown"), member.endswith("?")


def is_optional(name, member, schema, is_reply):
    """AKOOL's documents name no required members of replies: there, what is not always sent says so."""
    if name in schema.get("required", []):
        return False
    if not is_reply or "required" in schema:
        return True
    return bool(re.search(r"\babsent\b|\bwhen\b|^[a-z]+(, [a-z]+)*: ", member.get("description", "")))


def needs_parameters(operation):
    return bool(operation["parameters"].get("required"))


def limits(schema):
    """The limits of a value, in words."""
    words = []
    for key, word in (("minimum", "at least"), ("exclusiveMinimum", "above"), ("maximum", "at most")):
        if key in schema:
            words.append(f"{word} {schema[key]}")
    if schema.get("minLength") == 1:
        words.append("not empty")
    elif "minLength" in schema:
        words.append(f"at least {schema['minLength']} characters")
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    if "maxItems" in schema:
        words.append(f"at most {schema['maxItems']} elements")
    if "pattern" in schema:
        words.append(f"like `{schema['pattern']}`")
    text = f"{', '.join(words)}." if words else ""
    text = text[:1].upper() + text[1:]
    return f"{text} Default: {json.dumps(schema['default'])}.".strip() if "default" in schema else text


def describe(schema):
    """What a value is, in words, with its limits."""
    secret = "Secret." if schema.get("writeOnly") else ""
    return " ".join(part for part in (schema.get("description", ""), limits(schema), secret) if part)


def facts(operation):
    """What is worth knowing before a call: the endpoint, the time-out, whether it is repeated."""
    endpoint, deadline = operation.get("endpoint"), operation.get("default_timeout_ms")
    lines = [
        f"{endpoint['method']} {endpoint['path']}" if endpoint else "Done by the library itself.",
        f"Its time-out is {deadline} ms unless set." if deadline else None,
        REPEATS.get(operation["repeat"]),
    ]
    return [line for line in lines if line]
