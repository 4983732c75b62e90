"""Finds a secret in a text, however it was encoded or cut."""

from __future__ import annotations

import base64
from typing import Dict, Iterator, List

# So long a piece gives a secret away; shorter ones come about by chance.
_PIECE = 10


def forms(secret: str) -> Iterator[str]:
    """What no text may hold: every piece of the secret, and the secret in base64 at any place, and in hex."""
    for start in range(len(secret) - _PIECE + 1):
        yield secret[start : start + _PIECE]
    data = secret.encode()
    for shift in range(3):
        # Its first and last characters depend on what stands around the secret.
        encoded = base64.b64encode(b"\0" * shift + data).decode()
        yield encoded[4 if shift else 0 : len(encoded) - 4]
    yield data.hex()


def found(secrets: Dict[str, str], text: str) -> List[str]:
    """The places whose secrets, by name, are in the text. Case is no disguise."""
    lowered = text.lower()
    return [place for place, secret in secrets.items() if any(form.lower() in lowered for form in forms(secret))]
