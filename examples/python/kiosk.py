"""A kiosk that shows an avatar all day, and survives being killed.

    python kiosk.py [LEDGER]

Every session is written down in the ledger file before it is opened. When the machine loses power or the program is
killed, the next start closes what is still open and gets the rest of its credit back. Stop it with Ctrl-C.
"""

import signal
import sys
from typing import Any

import akool
from akool.types import AkoolEvent, Configuration
from connect import free_avatar, settings


def stop(*_: Any) -> None:
    raise KeyboardInterrupt


def report(event: AkoolEvent) -> None:
    if event["type"] == "session.ended":
        print(f"ended: {event['id']} ({event['reason']})", flush=True)
    elif event["type"] == "session.expiring":
        print(f"expiring: {event['id']} in {event['seconds_left']} s", flush=True)
    elif event["type"] == "session.handover_ready":
        print(f"the screen moves to the next room: {event['join']['room']}", flush=True)


def show(client: akool.Client) -> None:
    # What the last run left is closed here, where it is waited for.
    print(f"closed after the last run: {client.session.sweep()['swept']}", flush=True)
    session = client.session.create(avatar_id=free_avatar(client), duration=600, tag="kiosk")
    print(f"open: {session['_id']}", flush=True)
    # Before the paid time ends another session is opened; session.handover_ready brings its room.
    client.session.handover(id=session["_id"])
    for event in client.events():
        report(event)


def main() -> None:
    ledger = sys.argv[1] if len(sys.argv) > 1 else "kiosk.ledger"
    # A mistake in this program can cost no more than the limits.
    configuration: Configuration = {
        "ledger": {"file": ledger, "sweep_on_start": False},
        "limits": {"open_sessions": 2, "seconds_per_hour": 3600},
    }
    signal.signal(signal.SIGTERM, stop)
    try:
        with akool.Client(settings(configuration)) as client:
            show(client)
    except KeyboardInterrupt:
        print("closed", flush=True)


main()
