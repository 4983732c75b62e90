"""Size, load time, memory, threads, descriptors, and how long the I/O thread stalls."""

from statistics import median

from . import programs
from .rounds import configuration

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


def longest_stall_ms(value):
    """The largest figure of `client.stats` whose name speaks of a stall, in milliseconds; None without one."""
    if not isinstance(value, dict):
        return None
    found = [longest_stall_ms(member) for member in value.values()]
    for key, member in value.items():
        if "stall" in key and isinstance(member, (int, float)):
            found.append(member * STALL_FACTORS.get(key[-3:], 1.0))
    return max((stall for stall in found if stall is not None), default=None)
