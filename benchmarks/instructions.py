#!/usr/bin/env python3
"""Counts the instructions per call of libakool and of the C reference under callgrind.

Prints a table. With --check the exit code is 1 if a ratio grew by more than 3 % over the recorded one.
"""

import argparse
import json
import sys
from pathlib import Path

from bench import callgrind, frozen, gate, instructions, programs, symbols, versions
from bench.server import Server, ServerError

RECORDS = Path(__file__).with_name("instructions.json")
TOP = 10
RUNS = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the recorded ratios; exit 1 on growth")
    parser.add_argument("--quick", action="store_true", help="four rows, one run each, three where a ratio changed")
    parser.add_argument("--record", action="store_true", help=f"write the measured ratios to {RECORDS.name}")
    parser.add_argument("--runs", type=int, help=f"runs of each row (default {RUNS}; 1 with --quick)")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file")
    options = parser.parse_args()
    if options.record and options.quick:
        parser.error("--record needs every row: leave out --quick")
    return options


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def measure(options, figures, rows, recorded):
    """Measures the rows. With fewer runs of the library the reference still has all, since it varies more, and a check
    measures again what seems to have changed."""
    runs = options.runs or (1 if options.quick else RUNS)
    figures.measure(rows, runs, progress)
    if runs < RUNS:
        figures.measure_reference(rows, RUNS - runs, progress)
    if options.check and runs < RUNS:
        changed = {change.row for change in gate.changes(ratios(figures, rows), recorded)}
        figures.measure([row for row in rows if row.name in changed], RUNS - runs, progress)
    progress("")


def ratios(figures, rows):
    return {row.name: figures.figure(row)["ratio"] for row in rows}


def table(figures, rows, recorded):
    lines = [("call", "reference", "libakool", "ratio", "recorded", "change", "spread of each")]
    for row in rows:
        figure, known = figures.figure(row), recorded.get(row.name)
        change = f"{figure['ratio'] / known - 1:+.1%}" if known else ""
        spread = f"{figure['reference_spread']:.2%} {figure['library_spread']:.2%}"
        cells = (number(figure["reference"]), number(figure["library"]), f"{figure['ratio']:.3f}")
        lines.append((row.name, *cells, f"{known:.3f}" if known else "", change, spread))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    aligned = [[line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))]
               for line in lines]  # fmt: skip
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def number(value):
    return f"{value:,.0f}".replace(",", " ")


def objects(figures):
    """Instructions per call by object file, for the main row."""
    lines = [f"Instructions per call by object: {instructions.MAIN.name}", f"{'reference':>10}  {'libakool':>10}"]
    for name, costs in sorted(figures.objects(instructions.MAIN).items(), key=lambda item: -item[1][1]):
        if max(costs) >= 1:
            lines.append("  ".join(f"{number(cost):>10}" for cost in costs) + f"  {name}")
    return "\n".join(lines)


def top_functions(figures):
    lines = [f"Top {TOP} functions of the process, own instructions per call: {instructions.MAIN.name}"]
    lines += functions(figures, None)
    lines.append(f"Top {TOP} functions in {programs.LIBRARY.name}")
    lines += functions(figures, programs.LIBRARY)
    if not symbols.are_known():
        lines.append(f"(the library is stripped; names come from a copy with symbols: {symbols.UNSTRIPPED})")
    return "\n".join(lines)


def functions(figures, within):
    row = instructions.MAIN
    whole = figures.figure(row)["library"]
    return [
        f"{number(cost):>10}  {cost / whole:6.1%}  {name}  [{file}]"
        for cost, file, name in symbols.top(figures.functions(row), row.calls, TOP, within)
    ]


def judge(figures, rows, entry, used):
    """Prints the outcome of the comparison with the recorded ratios, and returns the exit code."""
    if entry is None:
        return skip(used)
    for name, version in used.items():
        if entry["versions"].get(name) != version:
            print(f"note: recorded with {name} {entry['versions'].get(name)}, this is {version}")
    measured = ratios(figures, rows)
    found = gate.changes(measured, entry["ratios"])
    for change in found:
        print(("FAILED: " if change.is_growth else "better: ") + str(change))
    missing = gate.unrecorded(measured, entry["ratios"])
    if missing:
        print(f"FAILED: no ratio is recorded for {'; '.join(missing)}. Record with --record.")
    if any(not change.is_growth for change in found):
        print("Record the better ratios with --record.")
    failed = bool(missing) or any(change.is_growth for change in found)
    print(f"{len(measured)} ratios compared, limit {gate.LIMIT:.0%}: " + ("failed" if failed else "passed"))
    return int(failed)


def skip(used):
    """Prints why the comparison is skipped, and returns the exit code."""
    print(f"skipped: no ratios are recorded for libcurl {gate.series(used['libcurl'])}, "
          "and those of another version are not comparable. Record them with --record.")  # fmt: skip
    return 0


def write_json(path, figures, rows, used):
    content = {
        "versions": used,
        "rows": figures.by_name(rows),
        "objects": figures.objects(instructions.MAIN),
        "top_functions": json_functions(figures, None),
        "top_functions_of_library": json_functions(figures, programs.LIBRARY),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)


def json_functions(figures, within):
    row = instructions.MAIN
    return [
        {"instructions_per_call": cost, "object": file, "name": name}
        for cost, file, name in symbols.top(figures.functions(row), row.calls, TOP, within)
    ]


def run(options, server):
    rows = instructions.QUICK if options.quick else instructions.ROWS
    used = versions.measured()
    records = gate.Records(RECORDS)
    entry = records.entry(used["libcurl"])
    recorded = entry["ratios"] if entry else {}
    if options.check and options.quick and entry is None:
        return skip(used)
    figures = instructions.Figures(server.url)
    library = programs.LIBRARY.stat()
    measure(options, figures, rows, recorded)
    if programs.LIBRARY.stat().st_mtime_ns != library.st_mtime_ns:
        raise programs.ProgramError(f"{programs.LIBRARY} was built anew meanwhile: the figures are of two libraries")
    print(table(figures, rows, recorded))
    print()
    print(objects(figures))
    print()
    print(top_functions(figures))
    print()
    print("; ".join(f"{name} {version}" for name, version in used.items()))
    print(f"{callgrind.cpu_seconds():.0f} s of CPU")
    if options.json:
        write_json(options.json, figures, rows, used)
    if options.record:
        records.replace(used, figures.by_name(rows))
        print(f"recorded in {RECORDS}")
    return judge(figures, rows, entry, used) if options.check else 0


def main():
    options = arguments()
    try:
        frozen.check()
        if not programs.library_exists():
            raise programs.ProgramError(f"{programs.LIBRARY} is missing: make lib")
        programs.build()
        with Server() as server:
            return run(options, server)
    except (ServerError, programs.ProgramError) as error:
        print(f"could not be run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
