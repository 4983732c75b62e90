"""Secrets planted by the tests: must never come back in anything the library says."""

from __future__ import annotations

CANARY_KEY = "canary-key-5f0f6d1c9a"
CANARY_TOKEN = "canary-token-d5b8a60e17"
CANARY_CLIENT_ID = "canary-id-0c41aa93f2="
CANARY_CLIENT_SECRET = "canary-secret-9be2f10c66d4"
