// Has a text spoken and saves the recording before it is gone: AKOOL keeps generated files for seven days.
//
//   node save.mjs [FOLDER]
import fs from "node:fs/promises";
import http from "node:http";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "libakool";
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

/** Simulated recordings have no file: a server in this process stands in for the one that would have it. */
async function startServer() {
  const server = http.createServer((request, response) => response.end(Buffer.alloc(100_000, "sound ")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}

/** Saving needs no account. A save that broke off goes on where it was. */
async function save(saver, url, name) {
  saver.on("resource.downloading", ({ bytes, total }) => console.log(`  ${bytes} of ${total ?? "?"} bytes`));
  const saved = await saver.resource.save({ url, directory, name, overwrite: true });
  console.log(`saved: ${saved.path}, ${saved.bytes} bytes, SHA-256 ${saved.sha256}`);
}

try {
  const { _id: id } = await record("Hello from Node!");
  const recording = await waitUntilReady(id);
  console.log(`ready: ${recording.preview}`);
  if (isSimulated) {
    const server = await startServer();
    const saver = new Client({ base_url: server, api_key: "none" });
    await save(saver, `${server}/recording.mp3`, `${id}.mp3`).finally(() => saver.close());
  } else {
    await save(client, recording.preview, `${id}.mp3`);
  }
} finally {
  await client.close();
}
