"""The table: one row a figure, with its target where there is one."""

from dataclasses import dataclass

from . import bindings, rounds
from .rounds import CALL, CALLBACK, EVENTS, HANDOVER, REFERENCE, SOCKETS

HEADINGS = ("what", "libakool", "reference", "ratio", "target", "ok?")
LIMIT, GOAL = 64, 4000  # the numbers in flight that have targets

FOOT = """\
Every program asks one nginx (one worker, keep-alive, a fixed session detail, no log) for the same session the same
number of times, with the same warm-up before. For each reply every program parses the body, checks `code`, copies the
session's fields and writes the reply {{"data","meta"}}: the C programs with jansson (json_loadb, json_dumps).
  reference   one thread, curl_multi_perform and curl_multi_poll, N pooled easy handles on N kept-alive connections
  sockets     the same with curl_multi_socket_action and epoll
  hand-over   the reference on a thread of its own; a caller's thread asks (mutex, queue, curl_multi_wakeup) and
              gets the replies (condition variable); at one in flight this is a blocking call
  libakool    a caller's thread asks with akool_submit; replies by akool_client_next_event, or by a reply callback that
              submits the next call; or akool_call. It admits 64 transfers per host (its default), the rest wait inside
  bindings    asyncio's and Node's beside aiohttp, httpx and the fetch that is built in, each with as many connections
              as calls in flight; they too parse the body, check `code` and hand out the session, but keep no deadline
Each figure is the median of {rounds} round(s), each ratio the median of the ratios of a round; programs take turns.
CPU is user and system time of the whole process, nginx excluded. "in flight" counts calls begun and not ended.
Load time and memory: libakool's column is a process that had nothing loaded, the reference a process that loads
libcurl and jansson; RSS on top is the difference after one call each. Stalls: session details
over HTTP, lists of 2 MB, and 64 TLS connections at once. Deadlines: of 200 ms, 64 calls at a time, against a server
that never answers, until the reply callback. Not in the C programs but in libakool: checked parameters,
deadlines, statistics, and the event around each reply. {server}; {processors} processors."""


@dataclass
class Row:
    """One line; a row without figures is a heading."""

    what: str
    ours: float | None = None
    reference: float | None = None
    ratio: float | None = None
    target: str = ""
    ok: bool | None = None
    digits: int = 1

    def cells(self):
        ok = {None: "", True: "yes", False: "NO"}[self.ok]
        return (self.what, _number(self.ours, self.digits), _number(self.reference, self.digits),
                _number(self.ratio, 2), self.target, ok)  # fmt: skip


def rows(results, footprint, plan):
    made = []
    made += _section(results, plan, "calls per second", rounds.calls_per_second, 0, _throughput_target)
    made += _scaling(results, plan)
    made += _section(results, plan, "CPU per call, µs", rounds.cpu_us, 1, _cpu_target)
    made += _section(results, plan, "time of a call, p50, ms", lambda run: run["p50_us"] / 1e3, 2, _no_target)
    made += _section(results, plan, "time of a call, p99, ms", lambda run: run["p99_us"] / 1e3, 2, _no_target)
    made += _blocking(results)
    made += _bindings(results)
    return made + (_footprint(footprint) if footprint else [])


def render(table, results, plan, server, processors):
    cells = [HEADINGS, *[row.cells() for row in table]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, "-" * len(lines[0]))
    lines += ["", FOOT.format(rounds=plan.rounds, server=server, processors=processors)]
    lines += [f"could not be run: {problem}" for problem in results.problems]
    return "\n".join(lines)


def _line(cells, widths):
    aligned = [cell.ljust(width) if column in (0, 4) else cell.rjust(width)
               for column, (cell, width) in enumerate(zip(cells, widths))]  # fmt: skip
    return "  ".join(aligned).rstrip()


def _number(value, digits):
    return "" if value is None else f"{value:,.{digits}f}".replace(",", " ")


def _section(results, plan, title, measure, digits, target):
    made = [Row(title)]
    for in_flight in plan.in_flight:
        made.append(_compare(results, EVENTS, REFERENCE, in_flight, measure, digits, f"{in_flight} in flight", target))
    for ours, reference, title in (
        (CALLBACK, REFERENCE, "replies by callback"), (EVENTS, SOCKETS, "against C sockets"),
        (EVENTS, HANDOVER, "against C hand-over"),
    ):  # fmt: skip
        for in_flight in (number for number in (LIMIT, GOAL) if number in plan.in_flight):
            text = f"{in_flight} in flight, {title}"
            made.append(_compare(results, ours, reference, in_flight, measure, digits, text, _no_target))
    return made


def _compare(results, ours, reference, in_flight, measure, digits, text, target):
    ratio = results.ratio((ours, in_flight), (reference, in_flight), measure)
    wanted, ok = target(in_flight, ratio)
    return Row("  " + text, results.median(ours, in_flight, measure), results.median(reference, in_flight, measure),
               ratio, wanted, ok, digits)  # fmt: skip


def _no_target(*_):
    return "", None


def _throughput_target(in_flight, ratio):
    return ("≥ 0.85, goal 0.95", _at_least(ratio, 0.85)) if in_flight == LIMIT else ("", None)


def _cpu_target(in_flight, ratio):
    return ("≤ 1.40, goal 1.25", _at_most(ratio, 1.4)) if in_flight == LIMIT else ("", None)


def _scaling(results, plan):
    if not {LIMIT, GOAL} <= set(plan.in_flight):
        return []
    shares = [results.ratio((program, GOAL), (program, LIMIT), rounds.calls_per_second)
              for program in (EVENTS, REFERENCE)]  # fmt: skip
    return [Row(f"  {GOAL} in flight as a share of {LIMIT}", *shares, target="libakool ≥ 0.90",
                ok=_at_least(shares[0], 0.9), digits=2)]  # fmt: skip


def _blocking(results):
    made = [Row("blocking call, one at a time, µs, against C hand-over")]
    for text, measure in (("p50", rounds.p50_us), ("p99", rounds.p99_us)):
        target = (lambda _, ratio: ("≤ 1.20", _at_most(ratio, 1.2))) if text == "p50" else _no_target
        made.append(_compare(results, CALL, HANDOVER, 1, measure, 1, f"akool_call, {text}", target))
    return made


def _bindings(results):
    made = [Row("calls per second through the bindings, against what their languages have")]
    for ours, theirs, wanted in bindings.PAIRS:
        for in_flight in bindings.IN_FLIGHT:
            has_target = wanted is not None and in_flight == max(bindings.IN_FLIGHT)
            target = (lambda _, ratio: (f"≥ {wanted}", _at_least(ratio, wanted))) if has_target else _no_target
            text = f"{in_flight} in flight, {ours.split()[0]}, against {theirs.split()[1]}"
            made.append(_compare(results, ours, theirs, in_flight, rounds.calls_per_second, 0, text, target))
    return made


def _footprint(footprint):
    ours, reference = footprint["libakool"], footprint["libcurl"]
    size, ready = footprint["size_bytes"] / 1e6, ours["ready_us"] / 1e3
    rss, reference_rss = ours["rss_kb"] * 1024 / 1e6, reference["rss_kb"] * 1024 / 1e6
    on_top = rss - reference_rss
    reference_ready = reference["ready_us"] / 1e3
    made = [
        Row("in a process"),
        Row("  size of the stripped .so, MB", size, target="≤ 8.00", ok=size <= 8, digits=2),
        Row("  load and create a client, ms", ready, reference_ready, ready / reference_ready, "≤ 10.0", ready <= 10),
        Row("  RSS after one call, MB", rss, reference_rss, rss / reference_rss),
        Row("  RSS on top of libcurl and jansson, MB", on_top, target="≤ 6.0", ok=on_top <= 6),
    ]
    return made + _counts(ours, reference) + _stalls(footprint["stalls_ms"]) + _lateness(footprint["late_ms"])


def _counts(ours, reference):
    threads, descriptors = ours["threads"], ours["descriptors"]
    left = descriptors["destroyed"] - descriptors["before"]
    return [
        _count("threads, idle client", threads["idle"], reference["threads"]["idle"], 2),
        _count("threads, with a callback", threads["callback"], None, 3),
        _count("threads after destroy", threads["destroyed"], None, 1),
        _count("descriptors left after destroy", left, None, 0),
    ]


def _count(text, ours, reference, most):
    return Row("  " + text, ours, reference, target=f"≤ {most}", ok=ours <= most, digits=0)


def _stalls(stalls):
    return [
        Row(f"  longest stall of the loop, {name}, ms", stall, target="≤ 10.0", ok=_at_most(stall, 10))
        for name, stall in stalls.items()
    ]


def _lateness(late):
    return [Row(f"  how late deadlines are kept, {name}, ms", value, digits=2) for name, value in late.items()]


def _at_least(value, limit):
    return None if value is None else value >= limit


def _at_most(value, limit):
    return None if value is None else value <= limit
