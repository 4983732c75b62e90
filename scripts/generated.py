"""What every generator has in common: its command line, and that it writes its files or tells how they differ."""

import argparse
import difflib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Mistake(Exception):
    """Something in the sources or the catalogue that no file can be made of."""


def run(description, place, make, lacking="the catalogue lacks {}"):
    """The program of a generator that needs nothing but the library. Ends it with its exit status.

    `place` is the name and the default of the option that says where the files are; `make` is given the path of the
    library and that place, and returns path → text. `lacking` tells of a name that is missing.
    """
    option, default = place
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", default=ROOT / "build/lib/libakool.so.1", type=pathlib.Path)
    parser.add_argument(f"--{option}", default=ROOT / default, type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="write nothing; show what would change and exit with 1")
    options = parser.parse_args()
    try:
        wanted = make(options.library.resolve(), getattr(options, option))
    except KeyError as missing:
        sys.exit(f"{parser.prog}: {lacking.format(missing)}")
    except (Mistake, OSError) as mistake:
        sys.exit(f"{parser.prog}: {mistake}")
    sys.exit(settle(wanted, options.check))


def settle(wanted, check):
    """Writes the files (path → text) that are not what they should be; with `check` shows the differences instead.

    Returns the exit status: 1 when there was something to show.
    """
    sys.stdout.reconfigure(errors="backslashreplace")
    status = 0
    for path, text in wanted.items():
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present == text:
            continue
        if check:
            status = 1
            names = (str(path), "as generated")
            sys.stdout.writelines(difflib.unified_diff(present.splitlines(True), text.splitlines(True), *names))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return status
