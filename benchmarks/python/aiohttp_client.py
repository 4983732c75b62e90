#!/usr/bin/env python3
"""Reads a session with aiohttp. Usage: aiohttp_client.py URL IN_FLIGHT CALLS WARM_UP"""

import aiohttp
from load import measure, run, url


async def program(base, in_flight, calls, warm_up):
    address = url(base)
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector, headers={"x-api-key": "bench"}) as session:

        async def call():
            async with session.get(address) as response:
                body = await response.json()
            if body["code"] != 1000:
                raise ValueError(body)
            return body["data"]

        await measure(call, in_flight, calls, warm_up)


if __name__ == "__main__":
    run(program)
