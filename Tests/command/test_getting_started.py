"""The steps of docs/getting-started.md, done in their order against the simulator: its commands, and its JavaScript
with something that stands in for Agora's SDK. (Its C is run by Tests/c/test_guide.py.)"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import pytest
from support.locations import REPOSITORY, library_path

PAGE = REPOSITORY / "docs" / "getting-started.md"
PROGRAM = REPOSITORY / "build" / "bin" / "akool"
DEFAULT_URL = "http://127.0.0.1:8787"
BOUND_S = 60
# The simulator takes its time as AKOOL does; here it need not.
QUICK = {"avatar_queue_s": 0, "avatar_processing_s": 1, "voice_processing_s": 1}


def sections() -> Dict[str, List[Tuple[str, str]]]:
    """Heading → the language and text of each block below it."""
    parts = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    titles = [""] + parts[1::2]
    return {
        title: re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        for title, text in zip(titles, parts[::2])
    }


def find(title: str, language: str) -> List[str]:
    (found,) = [blocks for heading, blocks in sections().items() if title in heading]
    return [text for kind, text in found if kind == language]


class Terminal:
    """A shell in a folder, in which `akool` reaches the simulator."""

    def __init__(self, folder: Path, url: str):
        assert PROGRAM.exists(), f"{PROGRAM} is missing: make command"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AKOOL_")}
        path = f"{PROGRAM.parent}:{os.environ['PATH']}"
        self._url, self._folder = url, folder
        self._environment = {
            **kept,
            "PATH": path,
            "LC_ALL": "C.UTF-8",
            "LD_LIBRARY_PATH": str(library_path().parent),
            "AKOOL_API_KEY": "your-key",
            "AKOOL_BASE_URL": url,
        }

    def start(self, text: str) -> subprocess.Popen:
        return subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", text.replace(DEFAULT_URL, self._url)],
            cwd=str(self._folder),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, text: str) -> str:
        process = self.start(text)
        output, errors = process.communicate(timeout=BOUND_S)
        assert process.returncode == 0, f"{text}\n{output}{errors}"
        return output


@pytest.fixture
def simulator(make_simulator):
    """As the page says to start it, but for the port."""
    (line,) = [line for line in "".join(find("A key", "sh")).splitlines() if "akool-simulator" in line]
    program, *flags = shlex.split(line)
    assert program == "simulator/.build/debug/akool-simulator" and "--api-key" in flags
    return make_simulator(*flags, options=QUICK)


def has_saved(output: str) -> bool:
    return json.loads(re.search(r"^saved +(.*)$", output, re.M).group(1)) != []


def until(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BOUND_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_every_step_works(simulator, tmp_path):
    terminal = Terminal(tmp_path, simulator.url)

    with_account, start_simulator, without_account = find("A key", "sh")
    assert terminal.run(with_account) == terminal.run(without_account) == "6000.00\n"
    assert "make simulator" in start_simulator and DEFAULT_URL in without_account

    listed, made, waited = map(terminal.run, find("An avatar", "sh"))
    assert "dvp_Tristan_cloth2_1080P" in listed
    assert re.search(r"^state +ready$", made, re.M) and re.search(r"^state +ready$", waited, re.M)

    opening, looking = find("A session", "sh")
    held = terminal.start(f"exec {opening}")
    try:
        assert "costs credit until you press Ctrl-C" in held.stderr.readline()
        assert f"process {held.pid}" in terminal.run(looking)
        assert simulator.books()["open_sessions"] == 1

        (encoding,) = find("Say something", "sh")
        assert "Hello! Who are you?" in json.loads(terminal.run(encoding))["data"]["chunks"][0]["payload"]

        speaking, saving = find("Keep what", "sh")
        assert re.search(r"^state +queueing$", terminal.run(speaking), re.M)
        until("the recording to be saved", lambda: has_saved(terminal.run(saving)))
        (saved,) = (tmp_path / "recordings").iterdir()
        assert saved.stat().st_size > 0
    finally:
        held.send_signal(signal.SIGINT)
        output, errors = held.communicate(timeout=BOUND_S)
    assert held.returncode == 0 and "Closing the session." in errors
    assert json.loads(re.search(r"^join +(.*)$", output, re.M).group(1))["transport"] == "agora"

    closing, bill = map(terminal.run, find("Close, and", "sh"))
    assert closing == "0 closed\nNo session is open.\n"
    total, credit = json.loads(re.search(r"^total +(.*)$", bill, re.M).group(1)), float(bill.splitlines()[-1])
    assert total["sessions"] == 1 and total["seconds_paid"] == 600
    books = simulator.books()
    assert books["open_sessions"] == 0 and credit == round(books["credit"], 2) < 6000


def test_a_session_whose_terminal_was_killed_is_closed_as_the_page_says(simulator, tmp_path):
    terminal = Terminal(tmp_path, simulator.url)
    terminal.run(find("An avatar", "sh")[1])
    held = terminal.start(f"exec {find('A session', 'sh')[0]}")
    assert "costs credit" in held.stderr.readline()
    held.kill()
    held.communicate(timeout=BOUND_S)
    assert simulator.books()["open_sessions"] == 1
    assert terminal.run(find("Close, and", "sh")[0]) == "1 closed\nNo session is open.\n"
    assert simulator.books()["open_sessions"] == 0


STAND_IN = """
export const said = [];
const heard = {};
export default {
  createClient(options) {
    said.push(["createClient", options.mode, options.codec]);
    return {
      on: (name, handler) => { heard[name] = handler; },
      subscribe: async (user, kind) => { said.push(["subscribe", kind]); },
      sendStreamMessage: async (payload, flag) => { said.push(["send", payload, flag]); },
      join: async (...place) => {
        said.push(["join", ...place]);
        const track = (kind) => ({ play: (element) => said.push(["play", kind, element ?? null]) });
        const user = { videoTrack: track("video"), audioTrack: track("audio") };
        await heard["user-published"](user, "video");
        await heard["user-published"](user, "audio");
        heard["stream-message"](7, new TextEncoder().encode("frame"));
      },
    };
  },
};
"""
PAGE_PROGRAM = """
import { said } from "agora-rtc-sdk-ng";
import { meet, say } from "./page.mjs";
const client = await meet({ app_id: "app", room: "room", token: "token", user_id: 7 }, "picture",
  (frame) => said.push(["frame", frame]));
await say(client, [{ payload: "a", send_after_ms: 0 }, { payload: "b", send_after_ms: 30 }]);
console.log(JSON.stringify(said));
"""


def test_the_page_joins_and_speaks(tmp_path):
    package = tmp_path / "node_modules" / "agora-rtc-sdk-ng"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "agora-rtc-sdk-ng", "exports": "./index.mjs"}')
    (package / "index.mjs").write_text(STAND_IN)
    (tmp_path / "page.mjs").write_text("\n".join(find("Join from", "js") + find("Say something", "js")))
    (tmp_path / "main.mjs").write_text(PAGE_PROGRAM)
    node = os.environ.get("NODE") or shutil.which("node")
    outcome = subprocess.run([node, "main.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=BOUND_S)
    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout) == [
        ["createClient", "rtc", "vp8"],
        ["join", "app", "room", "token", 7],
        ["subscribe", "video"],
        ["play", "video", "picture"],
        ["subscribe", "audio"],
        ["play", "audio", None],
        ["frame", "frame"],
        ["send", "a", False],
        ["send", "b", False],
    ]
