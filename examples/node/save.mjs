// Has a text spoken and saves the recording before it is gone: AKOOL keeps generated files for seven days.
//
//   node save.mjs [FOLDER]
import fs from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { connect, isSimulated } from "./connect.mjs";

const directory = process.argv[2] ?? "recordings";
await fs.mkdir(directory, { recursive: true });
const client = connect(isSimulated ? { simulator: { time_scale: 20 } } : {});

async function record(text) {
  const { result } = await client.voice.list({ type: "2", support_stream: 1 });
  return client.voice.tts({ input_text: text, voice_id: result[0].voice_id });
}

async function waitUntilReady(id) {
  for (;;) {
    const recording = await client.voice.resourceDetail({ _id: id });
    if (recording.state === "ready") return recording;
    if (recording.state === "failed") throw new Error("AKOOL could not make the recording");
    await delay(500);
  }
}

try {
  const { _id: id } = await record("Hello from Node!");
  const { preview: url } = await waitUntilReady(id);
  console.log(`ready: ${url}`);
  client.on("resource.downloading", ({ bytes, total }) => console.log(`  ${bytes} of ${total ?? "?"} bytes`));
  // A save that broke off goes on where it was.
  const saved = await client.resource.save({ url, directory, name: `${id}.mp3`, overwrite: true });
  console.log(`saved: ${saved.path}, ${saved.bytes} bytes, SHA-256 ${saved.sha256}`);
} finally {
  await client.close();
}
