"""Drives scenarios through this binding: a line of JSON in, a line of JSON out. See Tests/conformance/README.md.

The argument is `sync` for Client or `asyncio` for AsyncClient.
"""

import asyncio
import json
import sys

import akool

MEMBERS = ("akool_code", "http_status", "retryable", "retry_after_ms", "hint", "details")


def failure(error):
    """What an error says, in the words of the library's replies."""
    members = {name: getattr(error, name) for name in MEMBERS if getattr(error, name) is not None}
    reply = {"error": {"code": error.code, "message": error.message, **members}}
    if error.meta is not None:
        reply["meta"] = error.meta
    return {"result": error.code, "reply": reply, "class": type(error).__name__}


class Threads:
    """The commands, on a Client."""

    def __init__(self):
        self.clients, self.events, self.calls = {}, {}, {}

    def create(self, client, config):
        self.clients[client] = akool.Client(config)
        self.events[client] = self.clients[client].events()
        return {"result": "OK"}

    def call(self, client, operation, params, options):
        return {"result": "OK", "reply": self.clients[client].call(operation, params, **(options or {}))}

    def submit(self, client, operation, params, options):
        call = self.clients[client].submit(operation, params, **(options or {}))
        self.calls[client, call.request_id] = call
        return {"result": "OK", "request": call.request_id}

    def wait(self, client, request, timeout_ms):
        call = self.calls[client, request]
        try:
            return {"result": "OK", "reply": call.result(None if timeout_ms < 0 else timeout_ms / 1000)}
        except akool.TimeoutError:
            if call.done():
                raise
            return {"result": "TIMEOUT", "reply": None}

    def cancel(self, client, request):
        self.calls[client, request].cancel()
        return {"result": "OK"}

    def next_event(self, client, timeout_ms):
        return {"result": "OK", "event": self.events[client].get(None if timeout_ms < 0 else timeout_ms / 1000)}

    def destroy(self, client):
        self.clients.pop(client).close()
        return {"result": "OK"}

    def run(self):
        for line in sys.stdin:
            answer(line, self)
        for client in list(self.clients):
            self.destroy(client)


class Tasks:
    """The commands, on an AsyncClient. What is submitted is a task.

    A task that is cancelled hears no reply. To show that the library has ended the request, the driver has the replies
    to what it submits as events too, and leaves those out of the events that nobody has asked for.
    """

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.clients, self.events, self.replies, self.nexts, self.tasks = {}, {}, {}, {}, {}
        self.unasked = set()

    def create(self, client, config):
        self.clients[client] = akool.AsyncClient(config)
        self.events[client], self.replies[client] = self.clients[client].events(), self.clients[client].events()
        return {"result": "OK"}

    def call(self, client, operation, params, options):
        call = self.clients[client].call(operation, params, **(options or {}))
        return {"result": "OK", "reply": self.loop.run_until_complete(call)}

    def submit(self, client, operation, params, options):
        options = options or {}
        call = self.clients[client].call(operation, params, **{**options, "reply": "event"})
        task = self.loop.create_task(call)
        connection = self.clients[client]._connection
        before = connection._request.value
        while not task.done() and connection._request.value == before:
            self.loop.run_until_complete(asyncio.sleep(0))
        request = connection._request.value
        if request in (0, before):
            task.result()  # it was refused at once; a request that was taken may have ended already
        self.tasks[client, request] = task
        if options.get("reply") != "event":
            self.unasked.add((client, request))
        return {"result": "OK", "request": request}

    def wait(self, client, request, timeout_ms):
        task = self.tasks[client, request]
        if not self.soon(task, timeout_ms):
            return {"result": "TIMEOUT", "reply": None}
        try:
            return {"result": "OK", "reply": task.result()}
        except asyncio.CancelledError:
            reply = self.loop.run_until_complete(self.reply_event(client, request))
            return {"result": reply["error"]["code"], "reply": reply}

    async def reply_event(self, client, request):
        async for event in self.replies[client]:
            if event["type"] == "reply" and event["request_id"] == request:
                return event["reply"]

    def cancel(self, client, request):
        self.tasks[client, request].cancel()
        return {"result": "OK"}

    def next_event(self, client, timeout_ms):
        """A `next` that was not waited for to its end is the next one's."""
        waiting = self.nexts.pop(client, None) or self.loop.create_task(self.asked_event(client))
        if self.soon(waiting, timeout_ms):
            return {"result": "OK", "event": waiting.result()}
        self.nexts[client] = waiting
        return {"result": "OK", "event": None}

    async def asked_event(self, client):
        async for event in self.events[client]:
            if event["type"] != "reply" or (client, event["request_id"]) not in self.unasked:
                return event

    def destroy(self, client):
        waiting = self.nexts.pop(client, None)
        if waiting:
            waiting.cancel()
        self.loop.run_until_complete(self.clients.pop(client).close())
        return {"result": "OK"}

    def soon(self, future, timeout_ms):
        """Whether it is done in time; a negative time has no end."""
        timeout = None if timeout_ms < 0 else timeout_ms / 1000
        self.loop.run_until_complete(asyncio.wait([future], timeout=timeout))
        return future.done()

    def run(self):
        for line in sys.stdin:
            answer(line, self)
        for client in list(self.clients):
            self.destroy(client)
        self.loop.close()


def answer(line, commands):
    asked = json.loads(line)
    number, command = asked.pop("id"), asked.pop("do")
    try:
        found = getattr(commands, command)(**asked)
    except akool.AkoolError as error:
        found = failure(error)
    print(json.dumps({"id": number, **found}), flush=True)


if __name__ == "__main__":
    {"sync": Threads, "asyncio": Tasks}[sys.argv[1]]().run()
