"""Quick start: opens a live session, shows what a browser joins with, and closes it again.

python quickstart.py                      simulated inside this process: no account, nothing is charged
AKOOL_API_KEY=... python quickstart.py    the service itself: a session of 60 seconds, refunded when it is closed
"""

import os
import sys

import akool

is_simulated = not os.environ.get("AKOOL_API_KEY")
if is_simulated:
    print("SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged.")
else:
    print("REAL: this uses your AKOOL account; 60 seconds are charged, and refunded as far as they are not used.")

# With the ledger file nothing stays open: should this program be killed, its next start closes what it left.
configuration: akool.types.Configuration = {"ledger": {"file": "akool.ledger"}}
if is_simulated:
    configuration["base_url"] = "simulator:"


def main() -> None:
    with akool.Client(configuration) as client:
        before = client.account.credit()["credit"]
        official = (avatar for avatar in client.avatar.iterate(limit=100) if avatar["from"] == 2)
        avatar = next((avatar for avatar in official if avatar.get("available")), None)
        if avatar is None:
            sys.exit("no official avatar is available at present")

        session = client.session.create(avatar_id=avatar["avatar_id"], duration=60)
        print("A browser joins with:", session["join"])

        client.session.close(id=session["_id"])
        after = client.account.credit()["credit"]
        print(f"The session is closed, and seen to be closed. Credit before: {before}, after: {after}.")


try:
    main()
except akool.AkoolError as error:
    sys.exit(f"{error.code}: {error.message}\n{error.hint or ''}")
