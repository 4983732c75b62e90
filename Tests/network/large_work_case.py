"""Makes one call, in a process whose loop is measured. Reads what to call from the standard input, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.akool_client import AkoolClient  # noqa: E402
from support.akool_library import AkoolLibrary  # noqa: E402
from support.canary import CANARY_KEY  # noqa: E402


def main() -> None:
    case = json.load(sys.stdin)
    changes = case.get("changes", 0)
    configuration = {"environment": False, "api_key": CANARY_KEY, "base_url": case["url"]}
    if changes:
        configuration["max_events"] = 2 * changes
    with AkoolClient(AkoolLibrary(Path(case["library"])), configuration) as client:
        assert client.call(case["operation"], case["parameters"]).json
        changed = 0
        while changed < changes:
            changed += (client.next_event(10_000) or {}).get("type") == "session.state_changed"


main()
