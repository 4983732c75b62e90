"""Size, load time, memory, threads, descriptors, how long the I/O thread stalls, and how late deadlines are kept."""

import socket
from statistics import median

from . import programs
from .rounds import configuration

DEADLINE_MS = 200
STALL_FACTORS = {"_ns": 1e-6, "_us": 1e-3, "_ms": 1.0}


def measure(server, plan_is_quick):
    """Cold processes in turns, one with libakool, one with what a C program loads anyhow."""
    ours, reference = [], []
    for _ in range(3 if plan_is_quick else 20):
        ours.append(programs.run("footprint", "libakool", programs.LIBRARY, configuration(server.url)))
        reference.append(programs.run("footprint", "libcurl", server.url))
    return {
        "size_bytes": programs.library_size(),
        "libakool": _summary(ours),
        "libcurl": _summary(reference),
        "stalls_ms": _stalls(server, 500 if plan_is_quick else 5000),
        "late_ms": _lateness(64 if plan_is_quick else 1280),
    }


def _summary(runs):
    summary = {key: median(run[key] for run in runs) for key in ("rss_kb", "private_kb", "load_us", "create_us")}
    summary["ready_us"] = median(run["load_us"] + run["create_us"] for run in runs)
    summary["threads"], summary["descriptors"] = runs[-1]["threads"], runs[-1]["descriptors"]
    return summary


def _stalls(server, calls):
    plain = configuration(server.url)
    cases = {
        "64 in flight": (plain, 64, calls, 0, "events"),
        "large bodies": (plain, 2, 4, 0, "events", "session.list", "{}"),
    }
    if server.tls_url:
        tls = configuration(server.tls_url, ca_file=server.certificate)
        cases["64 cold TLS connections"] = (tls, 64, calls, 0, "events")
    return {name: longest_stall_ms(programs.run("libakool", *arguments)["stats"]) for name, arguments in cases.items()}


def _lateness(calls):
    """How long after their deadline calls end that a server lets hang: connections are made, nothing is read."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        run = programs.run("deadline", configuration(url), 64, calls, DEADLINE_MS)
    if run["timed"] < calls:
        raise programs.ProgramError(f"{calls - run['timed']} of {calls} calls ended before their deadline")
    return {name: run[f"{name}_us"] / 1e3 for name in ("p50", "p99", "max")}


def longest_stall_ms(value):
    """The largest figure of `client.stats` whose name speaks of a stall, in milliseconds; None without one."""
    if not isinstance(value, dict):
        return None
    found = [longest_stall_ms(member) for member in value.values()]
    for key, member in value.items():
        if "stall" in key and isinstance(member, (int, float)):
            found.append(member * STALL_FACTORS.get(key[-3:], 1.0))
    return max((stall for stall in found if stall is not None), default=None)
