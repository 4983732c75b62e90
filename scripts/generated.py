"""What every generator does with the files that it has made: writes them, or tells how they differ."""

import difflib
import sys


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
