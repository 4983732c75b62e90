#!/usr/bin/env python3
"""Compares the assumptions that libakool and its simulator make with the real service.

    make live-check                  with AKOOL_API_KEY, which it asks before using

Opens at most two sessions of 30 seconds and closes them as soon as it can; makes and deletes one knowledge base.
Prints each assumption as confirmed, refuted or not testable. The exit status is 0 when nothing was refuted, 1 when
something was, 2 when it could not be run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.akool_client import AkoolClient  # noqa: E402
from support.akool_library import AkoolLibrary  # noqa: E402
from support.locations import MissingProduct, library_path  # noqa: E402

from live import probes  # noqa: E402

# Of the service's time; requests take theirs.
TOLERANCE_S = 2.5


def main() -> int:
    arguments = _arguments()
    key = os.environ.get("AKOOL_API_KEY")
    if not key:
        print("live-check needs a real key: set AKOOL_API_KEY. Nothing was done.", file=sys.stderr)
        return 2
    if not arguments.yes and not _agrees(arguments.base_url):
        print("Nothing was done.", file=sys.stderr)
        return 2
    try:
        library = AkoolLibrary(library_path())
    except MissingProduct as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        survey = _survey(library, key, arguments, str(Path(folder) / "ledger"))
    return report(survey, assumptions(library))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="https://openapi.akool.com", help="where the service is")
    parser.add_argument("--yes", action="store_true", help="does not ask; it has been said that this costs credit")
    parser.add_argument("--time-scale", type=float, default=1, help="how much faster an akool-simulator's time runs")
    return parser.parse_args()


def _agrees(base_url: str) -> bool:
    print(
        f"This uses your account at {base_url}. It opens at most two sessions of {probes.SESSION_S} seconds, so it\n"
        f"costs the credit of {probes.BUDGET_S} seconds at most; what is not used is refunded. It also makes a\n"
        "knowledge base and deletes it."
    )
    try:
        return input("Go on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _survey(library: AkoolLibrary, key: str, arguments: argparse.Namespace, ledger: str) -> probes.Survey:
    configuration = {"base_url": arguments.base_url, "environment": False}
    mine = {
        **configuration,
        "api_key": key,
        "ledger": {"file": ledger},
        "limits": {"session_seconds": probes.SESSION_S},
    }
    with AkoolClient(library, mine) as client, AkoolClient(library, {**configuration, "api_key": "no-key"}) as stranger:
        survey = probes.Survey(client, stranger, arguments.time_scale)
        credit = client.call("account.credit")
        if not credit.ok:
            sys.exit(f"live-check: {credit.json['error']['message']}")
        print(f"credit before: {credit.data['credit']}")
        try:
            probes.read_only(survey)
            probes.knowledge(survey)
            probes.Sessions(survey).run()
            pair = os.environ.get("AKOOL_CLIENT_ID"), os.environ.get("AKOOL_CLIENT_SECRET")
            if all(pair):
                probes.tokens(survey, *pair)
        finally:
            # Whatever went wrong: nothing stays open.
            client.call("session.close_all", {"scope": "mine"})
            print(f"credit after: {client.call('account.credit').data['credit']} (refunds may come later)")
    return survey


def assumptions(library: AkoolLibrary) -> List[dict]:
    """The simulator's switches; the simulator in this process knows them."""
    with AkoolClient(library, {"base_url": "simulator:", "environment": False}) as client:
        return client.call("request", {"method": "GET", "path": "/_simulator/assumptions"}).data


def verdict(survey: probes.Survey, assumption: dict) -> Tuple[str, str]:
    """The word for an assumption, and what was seen or why nothing was."""
    name, documented = assumption["name"], assumption["documented"]
    seen = survey.found.get(name)
    if seen is None:
        return "not testable", survey.reasons.get(name, "it would cost too much, or needs an account in another state")
    if name.endswith("_s") and isinstance(seen, float):
        same = abs(seen - documented) <= TOLERANCE_S
        seen = round(seen)
    else:
        same = _equal(seen, documented)
    return ("confirmed", "") if same else ("refuted", f"it is {seen!r}")


def _equal(seen: Any, documented: Any) -> bool:
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (seen, documented))
    return abs(seen - documented) < 1e-3 if numbers else seen == documented


def report(survey: probes.Survey, all_assumptions: List[dict]) -> int:
    words = {"confirmed": 0, "refuted": 0, "not testable": 0}
    for assumption in all_assumptions:
        word, more = verdict(survey, assumption)
        words[word] += 1
        print(f"{word:<12}  {assumption['name']} = {assumption['documented']!r}" + (f": {more}" if more else ""))
    print(", ".join(f"{count} {word}" for word, count in words.items()))
    return 1 if words["refuted"] else 0


if __name__ == "__main__":
    sys.exit(main())
