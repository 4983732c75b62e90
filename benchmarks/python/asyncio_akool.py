#!/usr/bin/env python3
"""Reads a session through the asyncio binding. Usage: asyncio_akool.py URL IN_FLIGHT CALLS WARM_UP"""

import akool
from load import SESSION, measure, run


async def program(base, in_flight, calls, warm_up):
    async with akool.AsyncClient(base_url=base, api_key="bench", environment=False) as client:
        await measure(lambda: client.session.detail(id=SESSION), in_flight, calls, warm_up)


if __name__ == "__main__":
    run(program)
