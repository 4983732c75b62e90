"""Ctrl-C, fork, and how a process ends. Each program runs in a process of its own and must end by itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import akool
import pytest
from python_support import BOUND_S, REPOSITORY, SIMULATED, environment, run, start, until

# Also when it is stopped early, a program must not crash.
OPEN = "client = akool.Client(STEPPED)\n"
OPEN_ASYNC = "client = akool.AsyncClient(STEPPED)\n"
SESSION = "client.session.create(avatar_id=AVATAR, duration=60)\n"


def ends(source: str, code: int = 0, printed: str = "", **env: str) -> str:
    """Runs a program that must end with that code and print just that. Its standard error."""
    result = run(textwrap.dedent(source), **env)
    assert (result.returncode, result.stdout) == (code, printed), result
    assert "Fatal" not in result.stderr and "Segmentation" not in result.stderr, result.stderr
    return result.stderr


# Ctrl-C.


def interrupted(source: str, *flags: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program and sends it SIGINT when it has printed `waiting`."""
    process = start(textwrap.dedent(source), *flags, **env)
    try:
        assert process.stdout.readline() == "waiting\n", process.stderr.read()
        time.sleep(0.3)  # not to wait for something: the signal shall come in the middle of the wait
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        stdout, stderr = process.communicate(timeout=BOUND_S)
        assert time.monotonic() - sent < 20
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


CANCELLED = "say('interrupted', client.stats()['results'].get('CANCELLED'))\n"


def test_ctrl_c_ends_a_call_and_cancels_it():
    result = interrupted(
        OPEN
        + f"""
try:
    avatar = new_avatar(client)
    say('waiting')
    client.avatar.wait(id=avatar)
except KeyboardInterrupt:
    {CANCELLED}
client.close()
"""
    )
    assert (result.returncode, result.stdout) == (0, "interrupted 1\n"), result


def test_ctrl_c_without_a_handler_ends_the_program():
    result = interrupted(OPEN + SESSION + "avatar = new_avatar(client); say('waiting'); client.avatar.wait(id=avatar)")
    assert result.returncode == -signal.SIGINT and "KeyboardInterrupt" in result.stderr, result


def test_ctrl_c_ends_a_loop_over_events():
    result = interrupted(
        OPEN
        + """
say('waiting')
try:
    for event in client.events(): pass
except KeyboardInterrupt:
    say('interrupted')
client.close()
"""
    )
    assert (result.returncode, result.stdout) == (0, "interrupted\n"), result


def test_ctrl_c_leaves_what_was_submitted_alone():
    result = interrupted(
        OPEN
        + """
call = client.submit('avatar.wait', {'id': new_avatar(client)})
try:
    say('waiting')
    call.result()
except KeyboardInterrupt:
    say(call.done())
client.request(method='POST', path='/_simulator/clock', body={'advance_s': 600})
say(call.result(30)['data']['state'])
client.close()
"""
    )
    assert (result.returncode, result.stdout) == (0, "False\nready\n"), result


def test_ctrl_c_ends_asyncio_run():
    result = interrupted("""
async def main():
    async with akool.AsyncClient(STEPPED) as client:
        avatar = await client.avatar.create(url='https://example.com/me.mp4', avatar_id='mine')
        say('waiting')
        try:
            await client.avatar.wait(id=avatar['_id'])
        finally:
            say('left')
try:
    asyncio.run(main())
except KeyboardInterrupt:
    say('interrupted')
""")
    assert (result.returncode, result.stdout) == (0, "left\ninterrupted\n"), result


def test_what_a_signal_handler_raises_cancels_too():
    result = interrupted(
        OPEN
        + f"""
class Stop(Exception): pass
def stop(*_): raise Stop
signal.signal(signal.SIGINT, stop)
try:
    avatar = new_avatar(client)
    say('waiting')
    client.avatar.wait(id=avatar)
except Stop:
    {CANCELLED}
client.close()
"""
    )
    assert (result.returncode, result.stdout) == (0, "interrupted 1\n"), result


def test_an_interrupted_create_leaves_no_session_open(make_simulator):
    """The reply is late: Ctrl-C comes while the paid request is out."""
    simulator = make_simulator("--api-key", "simulator")
    simulator.set_faults({"match": {"operation": "session.create"}, "fault": {"delay_ms": 1500}})
    result = interrupted(f"""
client = akool.Client({SIMULATED!r}, base_url={simulator.url!r})
say('waiting')
try:
    client.session.create(avatar_id=AVATAR, duration=60)
except KeyboardInterrupt:
    say('interrupted')
say(client.close()['pending'])
""")
    assert (result.returncode, result.stdout) == (0, "interrupted\n[]\n"), result
    until("it to be closed", lambda: [s["status"] for s in simulator.books()["sessions"]] in ([3], []))


def test_ctrl_c_while_a_client_is_closed_still_closes_it(make_simulator):
    simulator = make_simulator("--api-key", "simulator")
    simulator.set_faults({"match": {"operation": "session.close"}, "fault": {"delay_ms": 1500}})
    result = interrupted(f"""
client = akool.Client({SIMULATED!r}, base_url={simulator.url!r})
client.session.create(avatar_id=AVATAR, duration=60)
say('waiting')
try:
    client.close()
except KeyboardInterrupt:
    say('interrupted', client.closed)
""")
    assert (result.returncode, result.stdout) == (0, "interrupted True\n"), result
    assert result.stderr == ""
    until("it to be closed", lambda: [s["status"] for s in simulator.books()["sessions"]] == [3])


# Fork.

FORK = """
def in_child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except Exception as error:
            say('child', type(error).__name__)
            os._exit(1)
        sys.exit(0)
    return os.waitpid(pid, 0)[1] >> 8
"""


def test_a_forked_child_is_refused_and_leaves_the_parents_sessions_alone():
    stderr = ends(
        OPEN
        + SESSION
        + FORK
        + """
def work():
    for method in (client.account.credit, client.events, lambda: client.submit('account.credit')):
        try:
            method()
        except akool.ForkedError as error:
            say('child', error.code)
    client.close()
say(in_child(work))
say(client.account.credit() is not None, client.close())
""",
        printed="child FORKED\n" * 3 + "0\nTrue {'closed': 1, 'pending': []}\n",
    )
    assert "Warning" not in stderr.replace("DeprecationWarning", ""), stderr


@pytest.mark.parametrize("ending", ["sys.exit(0)", "client = None; sys.exit(0)", "os._exit(0)", "raise SystemExit(0)"])
def test_a_childs_end_closes_nothing(ending):
    ends(
        OPEN
        + SESSION
        + FORK
        + f"""
def work():
    global client
    {ending}
say(in_child(work), client.close()['closed'])
""",
        printed="0 1\n",
    )


def test_a_child_can_have_a_client_of_its_own():
    ends(
        OPEN
        + "client.account.credit()\n"
        + FORK
        + """
def work():
    with akool.Client(SIMULATED) as mine:
        say('child', mine.account.credit())
async def work_async():
    async with akool.AsyncClient(SIMULATED) as mine:
        say('child', await mine.account.credit())
say(in_child(work), in_child(lambda: asyncio.run(work_async())), client.account.credit() is not None)
client.close()
""",
        printed="child {'credit': 6000}\n" * 2 + "0 0 True\n",
    )


def test_a_fork_in_the_middle_of_calls_and_loops():
    ends(
        OPEN
        + FORK
        + """
id = new_avatar(client)
def wait():
    try:
        client.avatar.wait(id=id)
    except akool.ShuttingDownError:
        pass
events = client.events()
def read():
    for _ in events: pass
call = client.submit('avatar.wait', {'id': id})
def result():
    try:
        call.result()
    except akool.ShuttingDownError:
        pass
threads = [threading.Thread(target=work) for work in [wait] * 4 + [read, result]]
for thread in threads: thread.start()
def work():
    with akool.Client(SIMULATED) as mine: mine.account.credit()
    for method in (client.account.credit, events.get, call.result, call.done):
        try: method()
        except akool.ForkedError: pass
        else: raise AssertionError(method)
codes = {in_child(work) for _ in range(20)}
client.close()
for thread in threads: thread.join()
say(codes)
""",
        printed="{0}\n",
    )


def test_a_fork_inside_a_running_loop():
    """asyncio's loops do not survive a fork; the parent's must."""
    ends(
        FORK
        + """
async def main():
    client = akool.AsyncClient(SIMULATED)
    task = asyncio.ensure_future(client.account.credit())
    await asyncio.sleep(0)
    def work():
        say('child', client.closed)
        os._exit(0)
    say(in_child(work), await task, await client.account.credit(), await client.close())
asyncio.run(main())
""",
        printed="child True\n0 {'credit': 6000} {'credit': 6000} {'closed': 0, 'pending': []}\n",
    )


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(tmp_path, method):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(f"""
        import multiprocessing
        import akool
        SIMULATED = {SIMULATED!r}

        def work(number):
            with akool.Client(SIMULATED) as client:
                return client.account.credit()["credit"]

        def fail(number):
            raise akool.AvatarBusyError("busy", hint="wait", akool_code=1220)

        if __name__ == "__main__":
            client = akool.Client(SIMULATED)
            client.account.credit()
            with multiprocessing.get_context({method!r}).Pool(2) as pool:
                print(pool.map(work, range(6)))
                try:
                    pool.map(fail, [1])
                except akool.StateError as error:
                    print(type(error).__name__, error.akool_code, error.hint)
            print(client.close())
        """)
    )
    result = subprocess.run(
        [sys.executable, str(program)], env=environment(), capture_output=True, text=True, timeout=BOUND_S
    )
    expected = f"{[6000] * 6}\nAvatarBusyError 1220 wait\n{{'closed': 0, 'pending': []}}\n"
    assert (result.returncode, result.stdout) == (0, expected), result


def test_a_server_that_forks_its_workers():
    """The application is imported first, its module makes a client, and each worker makes its own."""
    ends(
        """
preloaded = akool.Client(SIMULATED)
preloaded.session.create(avatar_id=AVATAR, duration=60)
def serve(number):
    async def application():
        async with akool.AsyncClient(SIMULATED) as client:
            await asyncio.gather(*(client.account.credit() for _ in range(50)))
    asyncio.run(application())
workers = []
for number in range(4):
    pid = os.fork()
    if pid == 0:
        serve(number)
        sys.exit(0)
    workers.append(pid)
say([os.waitpid(pid, 0)[1] for pid in workers], preloaded.close()['closed'])
""",
        printed="[0, 0, 0, 0] 1\n",
    )


# How a process ends.


@pytest.mark.parametrize(
    "ending, code",
    [
        ("", 0),
        ("sys.exit(7)", 7),
        ("os._exit(8)", 8),
        ("raise ValueError('mine')", 1),
        ("del client", 0),
    ],
)
def test_a_process_ends_with_an_open_client(ending, code):
    stderr = ends(OPEN + SESSION + ending, code)
    assert ("ValueError: mine" in stderr) == ("mine" in ending)


def test_a_normal_end_closes_the_sessions(make_simulator):
    simulator = make_simulator("--api-key", "simulator")
    for made, open_one in (
        ("Client", "client.session.create(avatar_id=AVATAR)"),
        ("AsyncClient", "asyncio.run(client.session.create(avatar_id=AVATAR))"),
    ):
        ends(f"client = akool.{made}({SIMULATED!r}, base_url={simulator.url!r})\n{open_one}")
    assert [session["status"] for session in simulator.books()["sessions"]] == [3, 3]


def test_a_service_that_hangs_holds_the_end_no_longer_than_configured(make_simulator):
    simulator = make_simulator("--api-key", "simulator")
    simulator.set_faults({"match": {"operation": "session.close"}, "fault": {"hang": True}})
    begun = time.monotonic()
    ends(f"""
settings = {{**{SIMULATED!r}, 'base_url': {simulator.url!r}, 'close_timeout_ms': 300}}
clients = [akool.Client(settings) for _ in range(5)]
for client in clients[:3]:
    try: client.session.create(avatar_id=AVATAR)
    except akool.AvatarBusyError: pass
""")
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("ending", ["", "sys.exit(0)", "os._exit(0)"])
def test_daemon_threads_in_calls_do_not_hold_the_process(ending):
    stderr = ends(
        OPEN
        + f"""
id = new_avatar(client)
def work():
    client.avatar.wait(id=id)
def read():
    for _ in client.events(): pass
for target in [work] * 10 + [read] * 3:
    threading.Thread(target=target, daemon=True).start()
time.sleep(0.2)
{ending}
"""
    )
    assert stderr == ""


def test_a_loop_in_a_daemon_thread_does_not_hold_the_process():
    assert (
        ends(
            OPEN_ASYNC
            + """
async def main():
    while True:
        await asyncio.gather(*(client.account.credit() for _ in range(10)))
threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
time.sleep(0.2)
"""
        )
        == ""
    )


def test_an_end_in_the_middle_of_many_calls():
    ends("""
clients = [akool.AsyncClient(SIMULATED) for _ in range(10)]
async def main():
    for client in clients:
        for _ in range(50): asyncio.ensure_future(client.account.credit())
    await asyncio.sleep(0)
asyncio.run(main())
sys.exit(0)
""")


def test_a_client_that_other_exit_handlers_use():
    ends(
        """
import atexit
atexit.register(lambda: say(later.account.credit()))  # runs before the library's own
later = akool.Client(SIMULATED)
""",
        printed="{'credit': 6000}\n",
    )


def test_a_client_of_an_exit_handler_that_runs_late():
    stderr = ends(
        """
import sys
del sys.modules['akool'], akool  # registered before the library's own exit handler, so it runs after it
for name in [name for name in sys.modules if name.startswith('akool.')]: del sys.modules[name]
import atexit
def late():
    with akool.Client(SIMULATED, logger=True) as client: say(client.account.credit())
atexit.register(late)
import akool
akool.Client(SIMULATED).account.credit()
""",
        printed="{'credit': 6000}\n",
    )
    assert "Traceback" not in stderr, stderr


def test_a_client_that_is_forgotten_is_ended():
    ends(
        """
import gc, warnings
warnings.simplefilter('always')
def threads(): return len(os.listdir('/proc/self/task'))
with akool.Client(SIMULATED) as client: client.account.credit()
before = threads()
def forget():
    akool.Client(SIMULATED).account.credit()
with warnings.catch_warnings(record=True) as told:
    for _ in range(20): forget()
    gc.collect()
say(len([w for w in told if w.category is ResourceWarning and 'akool.Client' in str(w.message)]))
end = time.monotonic() + 30
while threads() > before and time.monotonic() < end: time.sleep(0.01)
say(threads() <= before)
""",
        printed="20\nTrue\n",
    )


def test_what_keeps_a_client_alive():
    ends(
        """
import gc, warnings
warnings.simplefilter('error')
credit = akool.Client(SIMULATED).account.credit
call = akool.Client(SIMULATED).submit('account.credit')
events = akool.Client(SIMULATED).events(timeout=0.01)
gc.collect()
say(credit(), call.result()['data'], list(events))
warnings.simplefilter('ignore')
""",
        printed="{'credit': 6000} {'credit': 6000} []\n",
    )


def test_uvloop():
    pytest.importorskip("uvloop")
    ends(
        """
import uvloop
async def main():
    async with akool.AsyncClient(SIMULATED) as client:
        tasks = [asyncio.ensure_future(client.account.credit()) for _ in range(500)]
        await asyncio.sleep(0)
        for task in tasks[::3]: task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        say(sum(isinstance(each, dict) for each in found) >= 333, len(found))
        events = client.events()
        await client.session.create(avatar_id=AVATAR, duration=60)
    say('session.ended' in [event['type'] async for event in events])
    left = akool.AsyncClient(SIMULATED)
    await left.account.credit()
uvloop.install() if not hasattr(uvloop, 'run') else None
(getattr(uvloop, 'run', None) or asyncio.run)(main())
""",
        printed="True 500\nTrue\n",
    )


def other_pythons():
    """Every other Python that is here and new enough, by its version."""
    found = {}
    for folder in [*Path.home().glob(".pyenv/versions/*/bin"), Path("/usr/bin"), Path("/usr/local/bin")]:
        for program in folder.glob("python3.*"):
            version = re.fullmatch(r"python3\.(\d+)", program.name)
            if version and int(version.group(1)) >= 9 and int(version.group(1)) != sys.version_info[1]:
                found.setdefault(program.name, str(program))
    return found


@pytest.mark.parametrize("name", sorted(other_pythons()))
def test_other_versions_of_python(name):
    """The tests that need no pytest, with every other Python that is here."""
    files = ["test_sync", "test_asyncio", "test_streams"]
    command = [other_pythons()[name], os.path.join(os.path.dirname(__file__), "plain.py"), *files]
    result = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=110)
    assert result.returncode == 0 and result.stdout.count("passed") > 55, result.stdout[-3000:] + result.stderr[-2000:]


def test_the_package_is_what_is_tested():
    assert akool.__file__ == str(REPOSITORY / "bindings" / "python" / "akool" / "__init__.py")
