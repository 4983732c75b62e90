"""A conversation: message.encode makes the frames to send in the room, message.decode reads those that come.

    python conversation.py "What shall the avatar say?"

The frames travel through your RTC SDK (Agora, LiveKit, TRTC). Here the simulated avatar stands in for the room.
"""

import sys
import time
from typing import Any, Dict, Final, List

import akool
from connect import free_avatar, is_simulated, settings

TRANSPORT: Final = "agora"


def send_to_room(client: akool.Client, session: str, chunks: List[Any]) -> List[str]:
    """Sends frames when each is due, as an RTC SDK's data channel would, and returns what the avatar answers."""
    begun = time.monotonic()
    for chunk in chunks:
        time.sleep(max(0.0, begun + chunk["send_after_ms"] / 1000 - time.monotonic()))
    body = {"id": session, "frames": [chunk["payload"] for chunk in chunks]}
    frames: List[str] = client.request(method="POST", path="/_simulator/room", body=body)["frames"]
    return frames


def show(item: Dict[str, Any]) -> None:
    """What a message says: text as it comes, then the whole; acknowledgements; what the avatar reports."""
    if item["kind"] == "chat" and item.get("complete"):
        print(f"{item['from']}: {item['message'][:60]}… complete")
    if item["kind"] == "ack":
        print(f"{item['cmd']}: {'acknowledged' if item.get('ok') else item.get('msg')}")
    if item["kind"] == "event":
        print(f"event: {item['event']}")


def say(client: akool.Client, session: str, **message: Any) -> None:
    # The stream is the conversation: what belongs together is remembered under its name.
    chunks = client.message.encode(transport=TRANSPORT, stream=session, **message)["chunks"]
    print(f"sending {message['type']} in {len(chunks)} frame(s)")
    for payload in send_to_room(client, session, list(chunks)):
        for item in client.message.decode(stream=session, payload=payload)["items"]:
            show(dict(item))


def main() -> None:
    text = sys.argv[1] if len(sys.argv) > 1 else "Hello! This text is long enough for several frames. " * 60
    with akool.Client(settings()) as client:
        session = client.session.create(avatar_id=free_avatar(client), duration=60, stream_type=TRANSPORT, mode_type=1)[
            "_id"
        ]
        say(client, session, type="set-params", data={"mode": 1, "lang": "en"})
        say(client, session, type="chat", text=text.strip())
        say(client, session, type="interrupt")


if not is_simulated:
    sys.exit("This example needs the simulated room: run it without AKOOL_API_KEY.")
main()
