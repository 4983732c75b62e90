// A conversation: message.encode makes the frames to send in the room, message.decode reads those that come.
//
//   node conversation.mjs "What shall the avatar say?"
//
// The frames travel through your RTC SDK (Agora, LiveKit, TRTC). Here the simulated avatar stands in for the room.
import { setTimeout as delay } from "node:timers/promises";
import { connect, freeAvatar, isSimulated } from "./connect.mjs";

const TRANSPORT = "agora";
const text = process.argv[2] ?? "Hello! This text is long enough for several frames. ".repeat(60).trim();

const client = connect();
if (!isSimulated) {
  console.error("This example needs the simulated room: run it without AKOOL_API_KEY.");
  process.exit(2);
}

/** Sends frames when each is due, as an RTC SDK's data channel would, and returns what the avatar answers. */
async function sendToRoom(session, chunks) {
  const begun = Date.now();
  for (const { send_after_ms: due } of chunks) await delay(Math.max(0, begun + due - Date.now()));
  const body = { id: session, frames: chunks.map(({ payload }) => payload) };
  return (await client.request({ method: "POST", path: "/_simulator/room", body })).frames;
}

/** What a message says: text as it comes, then the whole; acknowledgements; what the avatar reports. */
function show(item) {
  if (item.kind === "chat" && item.complete) console.log(`${item.from}: ${item.message.slice(0, 60)}… complete`);
  if (item.kind === "ack") console.log(`${item.cmd}: ${item.ok ? "acknowledged" : item.msg}`);
  if (item.kind === "event") console.log(`event: ${JSON.stringify(item.event)}`);
}

async function say(session, message) {
  // The stream is the conversation: what belongs together is remembered under its name.
  const { chunks } = await client.message.encode({ transport: TRANSPORT, stream: session, ...message });
  console.log(`sending ${message.type} in ${chunks.length} frame(s)`);
  for (const payload of await sendToRoom(session, chunks)) {
    const { items } = await client.message.decode({ stream: session, payload });
    items.forEach(show);
  }
}

try {
  const avatar_id = await freeAvatar(client);
  const session = await client.session.create({ avatar_id, duration: 60, stream_type: TRANSPORT, mode_type: 1 });
  await say(session._id, { type: "set-params", data: { mode: 1, lang: "en" } });
  await say(session._id, { type: "chat", text });
  await say(session._id, { type: "interrupt" });
} finally {
  await client.close();
}
