"""What the library logs goes to Python's logging, if it is asked to."""

from __future__ import annotations

import asyncio
import logging
import os
import textwrap
import threading

import akool
import pytest
from python_support import AVATAR, KEY, SIMULATED, is_back, resources, run, until


class Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def logger():
    """A logger that nobody else has, and what it is told."""
    made = logging.getLogger(f"test.{os.urandom(4).hex()}")
    made.setLevel(logging.DEBUG)
    made.propagate = False
    made.addHandler(Kept())
    return made


def use(client):
    client.session.close(id=client.session.create(avatar_id=AVATAR, duration=60)["_id"])


def test_records_come_with_their_levels(logger):
    with akool.Client(SIMULATED, logger=logger, api_key=KEY, simulator={"api_key": KEY}) as client:
        use(client)
    records = logger.handlers[0].records
    assert {record.levelname for record in records} >= {"DEBUG", "INFO"}
    opened = next(record for record in records if "a session was opened" in record.getMessage())
    assert opened.akool["avatar_id"] == AVATAR and AVATAR in opened.getMessage()
    assert not [record for record in records if KEY in record.getMessage()]


def test_the_loggers_level_is_kept(logger):
    logger.setLevel(logging.INFO)
    with akool.Client(SIMULATED, logger=logger) as client:
        use(client)
    assert {record.levelno for record in logger.handlers[0].records} == {logging.INFO}


def test_nobody_is_told_unless_somebody_asks(monkeypatch):
    own, kept = logging.getLogger("akool"), Kept()
    monkeypatch.setattr(own, "handlers", [kept])
    before = resources()["task"]
    with akool.Client(SIMULATED) as client:
        use(client)
        assert resources()["task"] == before + 1
    with akool.Client(SIMULATED, logger=False) as client:
        use(client)
    assert kept.records == []
    with akool.Client(SIMULATED, logger=True) as client:
        use(client)
    monkeypatch.setattr(own, "level", logging.DEBUG)
    own.manager._clear_cache()
    with akool.Client(SIMULATED) as client:
        use(client)
    own.manager._clear_cache()
    assert kept.records


def test_clients_with_loggers_leave_nothing(logger):
    akool.Client(SIMULATED, logger=logger).close()
    before = resources()
    for _ in range(30):
        with akool.Client(SIMULATED, logger=logger) as client:
            client.account.credit()
    until("threads and descriptors as before", lambda: is_back(before))


def test_closing_while_records_are_told_does_not_hang(logger):
    for _ in range(20):
        client = akool.Client(SIMULATED, logger=logger)
        threads = [threading.Thread(target=lambda: [client.account.credit() for _ in range(5)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        client.close()
        assert not any(thread.is_alive() for thread in threads)


def test_a_handler_that_closes_the_client_is_no_deadlock(logger):
    """The last reference may go on the thread that tells records."""
    holder, told = {}, threading.Event()

    class Closing(logging.Handler):
        def emit(self, record):
            if holder and "attempt" in record.getMessage():
                holder.clear()
                told.set()

    before = resources()
    logger.addHandler(Closing())
    holder["client"] = akool.Client(SIMULATED, logger=logger)
    credit = holder["client"].account.credit
    with pytest.warns(ResourceWarning):
        credit()
        assert told.wait(30)
        del credit
        until("its end", lambda: is_back(before))


def test_asyncio_with_a_logger(logger):
    async def main():
        async with akool.AsyncClient(SIMULATED, logger=logger) as client:
            await asyncio.gather(*(client.account.credit() for _ in range(100)))

    asyncio.run(main())
    assert len([record for record in logger.handlers[0].records if "attempt" in record.getMessage()]) >= 100


@pytest.mark.parametrize("ending", ["", "sys.exit(0)", "os._exit(0)", "raise KeyboardInterrupt"])
def test_the_end_of_the_process(ending):
    result = run(
        textwrap.dedent(f"""
        import logging
        logging.basicConfig(level=logging.DEBUG)
        clients = [akool.Client(SIMULATED, logger=True) for _ in range(3)]
        def work(client):
            while True: client.account.credit()
        for client in clients: threading.Thread(target=work, args=(client,), daemon=True).start()
        time.sleep(0.2)
        {ending}
        """)
    )
    assert result.returncode in (0, 1 if "Keyboard" in ending else 0, -2), result.stderr[-2000:]
    assert "Fatal" not in result.stderr and result.returncode >= -2


def test_child_can_log_when_forked_while_a_record_is_written():
    """Streams have locks that Python does not make anew in a child."""
    result = run("""
import logging
writing = threading.Event()
class Slow(logging.Handler):
    stream = threading.Lock()
    def emit(self, record):
        assert self.stream.acquire(timeout=5)
        writing.set()
        time.sleep(0.2)
        self.stream.release()
own = logging.getLogger('own')
own.setLevel(logging.DEBUG)
own.addHandler(Slow())
client = akool.Client(SIMULATED, logger=own)
client.account.credit()
assert writing.wait(10)
pid = os.fork()
if pid == 0:
    os._exit(0 if Slow.stream.acquire(timeout=5) else 1)
say(os.waitpid(pid, 0)[1])
client.close()
""")
    assert (result.returncode, result.stdout) == (0, "0\n"), result


def test_process_can_fork_inside_a_handler():
    result = run("""
import logging
done = threading.Event()
class Forking(logging.Handler):
    def emit(self, record):
        if done.is_set(): return
        pid = os.fork()
        if pid == 0: os._exit(0)
        os.waitpid(pid, 0)
        done.set()
own = logging.getLogger('own')
own.setLevel(logging.DEBUG)
own.addHandler(Forking())
client = akool.Client(SIMULATED, logger=own)
client.account.credit()
say(done.wait(10))
client.close()
""")
    assert (result.returncode, result.stdout) == (0, "True\n"), result


def test_fork_with_a_logger():
    result = run("""
import logging
logging.basicConfig(level=logging.DEBUG, stream=open(os.devnull, 'w'))
client = akool.Client(SIMULATED, logger=True)
client.account.credit()
for _ in range(10):
    pid = os.fork()
    if pid == 0:
        with akool.Client(SIMULATED, logger=True) as mine: mine.account.credit()
        sys.exit(0)
    assert os.waitpid(pid, 0)[1] == 0
say(client.close())
""")
    assert (result.returncode, result.stdout) == (0, "{'closed': 0, 'pending': []}\n"), result
