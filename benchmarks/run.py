#!/usr/bin/env python3
"""Compares libakool with C programs on libcurl that do the same work, against nginx on this machine.

Prints one table. The exit code is 0 unless something could not be run: figures fail nothing.
"""

import argparse
import contextlib
import json
import os
import resource
import signal
import sys

from bench import footprint, programs, report, rounds
from bench.server import Server, ServerError


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a reduced round of a few seconds")
    parser.add_argument("--rounds", type=int, help="how many rounds (default 3)")
    parser.add_argument("--in-flight", help="the numbers in flight, comma-separated")
    parser.add_argument("--json", metavar="FILE", help="write all figures to this file")
    parser.add_argument("--serve", action="store_true", help="only start the server, until interrupted; for profiling")
    return parser.parse_args()


def plan(options):
    made = rounds.quick() if options.quick else rounds.Plan()
    if options.rounds:
        made.rounds = options.rounds
    if options.in_flight:
        made.in_flight = tuple(int(number) for number in options.in_flight.split(","))
    return made


def allow_descriptors(wanted):
    """Every connection is a descriptor, here and in nginx; both inherit this limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard not in (resource.RLIM_INFINITY, -1) and hard < wanted + 200:
        raise ServerError(f"{wanted} in flight need {wanted + 200} open files, the limit is {hard} (ulimit -Hn)")


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def measure_footprint(server, results, is_quick):
    if not programs.library_exists():
        results.problems.append(f"{programs.LIBRARY.name} is missing: make lib")
        return None
    try:
        return footprint.measure(server, is_quick)
    except programs.ProgramError as error:
        results.problems.append(str(error))
        return None


def run(options, server):
    made = plan(options)
    allow_descriptors(max(made.in_flight))
    programs.build()
    results = rounds.measure(made, server.url, progress)
    figures = measure_footprint(server, results, options.quick)
    progress("")
    table = report.rows(results, figures, made)
    print(report.render(table, results, made, server.version(), os.cpu_count()))
    if options.json:
        write_json(options.json, table, results, figures)
    return 1 if results.problems else 0


def write_json(path, table, results, figures):
    runs = [
        {"program": program, "in_flight": in_flight, "round": number, **(run or {})}
        for (program, in_flight), series in results.runs.items()
        for number, run in enumerate(series)
    ]
    content = {"table": [vars(row) for row in table], "footprint": figures, "problems": results.problems, "runs": runs}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)


def serve(server):
    print(server.url, server.tls_url or "", flush=True)
    signal.pause()
    return 0


def stop(number, _):
    sys.exit(128 + number)  # so that the server's clean-up runs


def main():
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        allow_descriptors(0)
        with Server() as server, contextlib.suppress(BrokenPipeError):
            return serve(server) if options.serve else run(options, server)
    except (ServerError, programs.ProgramError) as error:
        print(f"could not be run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
