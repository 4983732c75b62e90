"""What the other examples share: a client of the service if there is a key, otherwise of the simulator."""

import os
from typing import Optional

import akool
from akool.types import Configuration

is_simulated = not os.environ.get("AKOOL_API_KEY")


def settings(configuration: Optional[Configuration] = None) -> Configuration:
    """The configuration of a client, after saying whose it will be."""
    found = configuration.copy() if configuration else Configuration()
    if is_simulated:
        print("SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged.")
        found["base_url"] = "simulator:"
    else:
        address = os.environ.get("AKOOL_BASE_URL", "https://openapi.akool.com")
        print(f"AKOOL at {address}: sessions cost credit.")
    return found


def free_avatar(client: akool.Client) -> str:
    """An official avatar that can be used now."""
    for avatar in client.avatar.iterate():
        if avatar["from"] == 2 and avatar.get("available"):
            return avatar["avatar_id"]
    raise SystemExit("no official avatar is available at present")
