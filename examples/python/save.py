"""Has a text spoken and saves the recording before it is gone: AKOOL keeps generated files for seven days.

python save.py [FOLDER]
"""

import pathlib
import sys
import time

import akool
from akool.types import Configuration, VoiceResourceDetailData
from connect import is_simulated, settings


def record(client: akool.Client, text: str) -> str:
    voices = client.voice.list(type="2", support_stream=1)["result"]
    return client.voice.tts(input_text=text, voice_id=voices[0]["voice_id"])["_id"]


def wait_until_ready(client: akool.Client, recording: str) -> VoiceResourceDetailData:
    while True:
        found = client.voice.resource_detail(_id=recording)
        if found["state"] == "ready":
            return found
        if found["state"] == "failed":
            sys.exit("AKOOL could not make the recording")
        time.sleep(0.5)


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "recordings")
    folder.mkdir(parents=True, exist_ok=True)
    configuration: Configuration = {"simulator": {"time_scale": 20}} if is_simulated else {}
    with akool.Client(settings(configuration)) as client:
        recording = record(client, "Hello from Python!")
        url = wait_until_ready(client, recording)["preview"]
        print(f"ready: {url}")
        events = client.events(timeout=0.2)
        # A save that broke off goes on where it was.
        saving = client.submit(
            "resource.save", {"url": url, "directory": folder, "name": f"{recording}.mp3", "overwrite": True}
        )
        for event in events:
            if event["type"] == "resource.downloading":
                print(f"  {event['bytes']} of {event.get('total', '?')} bytes")
        saved = saving.result()["data"]
        print(f"saved: {saved['path']}, {saved['bytes']} bytes, SHA-256 {saved['sha256']}")


main()
