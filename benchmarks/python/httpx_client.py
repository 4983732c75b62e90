#!/usr/bin/env python3
"""Reads a session with httpx. Usage: httpx_client.py URL IN_FLIGHT CALLS WARM_UP"""

import httpx
from load import measure, run, url


async def program(base, in_flight, calls, warm_up):
    address = url(base)
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with httpx.AsyncClient(limits=limits, headers={"x-api-key": "bench"}, trust_env=False) as client:

        async def call():
            body = (await client.get(address)).json()
            if body["code"] != 1000:
                raise ValueError(body)
            return body["data"]

        await measure(call, in_flight, calls, warm_up)


if __name__ == "__main__":
    run(program)
