// The examples do what they say: against the simulator in their process, or one over HTTP where that must outlive them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { akool, outcome, startSimulator, until, workspace } from "./support.mjs";

const SIMULATED = /^SIMULATED: AKOOL_API_KEY is not set/;

function start(folder, name, args = [], env = {}) {
  const environment = { ...process.env, ...env };
  return spawn(process.execPath, [name, ...args], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs an example to its end. */
async function run(t, name, args = []) {
  const folder = workspace(t, "examples/node");
  const result = await outcome(start(folder, name, args));
  assert.equal(result.code, 0, JSON.stringify(result));
  assert.match(result.stdout, SIMULATED);
  return { folder, ...result };
}

/** The environment with which an example uses a simulator over HTTP, and a client that looks at its books. */
async function service(t) {
  const configuration = await startSimulator(t);
  const client = new akool.Client(configuration);
  t.after(() => client.close());
  const sessions = async () => (await client.request({ method: "GET", path: "/_simulator/books" })).sessions;
  const env = { AKOOL_API_KEY: configuration.api_key, AKOOL_BASE_URL: configuration.base_url };
  return { env, open: async () => (await sessions()).filter(({ status }) => status < 3).length, sessions };
}

/** Resolves to what a line of a process's output has, as soon as there is one. */
async function line(child, pattern) {
  for await (const text of createInterface({ input: child.stdout })) {
    const found = pattern.exec(text);
    if (found) return found[1];
  }
  throw new Error(`ended without ${pattern}`);
}

test("quick start: says that it is simulated, opens and closes a session", async (t) => {
  const { folder, stdout } = await run(t, "quickstart.mjs");
  assert.match(stdout, /token: 'SIMULATED-/);
  assert.match(stdout, /is closed, and seen to be closed/);
  assert.ok(fs.existsSync(path.join(folder, "akool.ledger")));
});

test("quick start: with a key it uses the service and leaves nothing open", async (t) => {
  const { env, open, sessions } = await service(t);
  const result = await outcome(start(workspace(t, "examples/node"), "quickstart.mjs", [], env));
  assert.equal(result.code, 0, JSON.stringify(result));
  assert.match(result.stdout, /^REAL/);
  assert.equal((await sessions()).length, 1);
  assert.equal(await open(), 0);
});

test("conversation: the avatar says the text, commands are acknowledged", async (t) => {
  const { stdout } = await run(t, "conversation.mjs");
  assert.match(stdout, /sending chat in [2-9]\d* frame/);
  assert.match(stdout, /^bot: Hello! .*complete$/m);
  assert.match(stdout, /^set-params: acknowledged$/m);
  assert.match(stdout, /^interrupt: acknowledged$/m);
});

test("save: the recording is there", async (t) => {
  const { folder, stdout } = await run(t, "save.mjs", ["made"]);
  const [, name, bytes] = /saved: \S*?([^/\s]+\.mp3), (\d+) bytes/.exec(stdout);
  const file = fs.readFileSync(path.join(folder, "made", name));
  assert.equal(file.length, Number(bytes));
  assert.equal(file.readUInt16BE(0), 0xfffb); // MP3
});

test("kiosk: killed, it closes at its next start what it had open", async (t) => {
  const { env, open } = await service(t);
  const folder = workspace(t, "examples/node");
  const killed = start(folder, "kiosk.mjs", [], env);
  const session = await line(killed, /^open: (\w+)/);
  killed.kill("SIGKILL");
  await once(killed, "close");
  assert.equal(await open(), 1);
  const next = start(folder, "kiosk.mjs", [], env);
  assert.match(await line(next, /^closed after the last run: (.*)/), new RegExp(session));
  next.kill("SIGTERM");
  assert.deepEqual(await once(next, "close"), [0, null]);
  assert.equal(await open(), 0);
});

test("backend: opens, keeps and closes sessions for a page", async (t) => {
  const { env, open } = await service(t);
  const child = start(workspace(t, "examples/node"), "backend.mjs", [], { ...env, PORT: "0" });
  t.after(() => child.kill("SIGKILL"));
  const url = await line(child, /listening on (\S+)/);
  child.stdout.resume();
  assert.match(await (await fetch(url)).text(), /akool-streaming-avatar-react-demo/);
  const created = await fetch(`${url}/sessions`, { method: "POST" });
  assert.equal(created.status, 201);
  const { id, join } = await created.json();
  assert.equal(join.transport, "agora");
  assert.match(join.token, /^SIMULATED-/);
  assert.equal((await fetch(`${url}/sessions/${id}/heartbeat`, { method: "POST" })).status, 200);
  assert.equal((await fetch(`${url}/sessions/6698c9d69cf7b0d61d1b6420`, { method: "DELETE" })).status, 404);
  assert.equal((await fetch(`${url}/sessions/${id}`, { method: "DELETE" })).status, 200);
  assert.equal(await open(), 0);
  await fetch(`${url}/sessions`, { method: "POST" });
  assert.equal(await open(), 1);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "close"), [0, null]);
  assert.equal(await open(), 0);
});

test("backend: closes the session of a page that is gone", async (t) => {
  const { env, open } = await service(t);
  const settings = { ...env, PORT: "0", HEARTBEAT_TIMEOUT_MS: "1000" };
  const child = start(workspace(t, "examples/node"), "backend.mjs", [], settings);
  t.after(() => child.kill("SIGKILL"));
  const url = await line(child, /listening on (\S+)/);
  child.stdout.resume();
  assert.equal((await fetch(`${url}/sessions`, { method: "POST" })).status, 201);
  await until("the session to be closed", async () => (await open()) === 0);
});
