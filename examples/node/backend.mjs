// An HTTP backend for a page with an avatar: it opens sessions, hands `join` to the browser, and closes what visitors
// leave open. The API key stays here.
//
//   node backend.mjs                then open http://127.0.0.1:8080
//
//   POST   /sessions                opens a session: { id, join }
//   POST   /sessions/ID/heartbeat   somebody is still there
//   DELETE /sessions/ID             closes it (POST /sessions/ID/close does too: all that a page can send as it goes)
import fs from "node:fs";
import http from "node:http";
import { AkoolError } from "libakool";
import { connect, freeAvatar } from "./connect.mjs";

const HEARTBEAT_TIMEOUT_MS = Number(process.env.HEARTBEAT_TIMEOUT_MS ?? 15_000);
const page = fs.readFileSync(new URL("page.html", import.meta.url));
const client = connect({ ledger: { file: process.env.LEDGER ?? "backend.ledger" }, limits: { open_sessions: 3 } });

// Only what this backend has opened can be closed through it.
const open = new Set();
client.on("session.ended", ({ id, reason }) => {
  open.delete(id);
  console.log(`ended: ${id} (${reason})`);
});

async function openSession() {
  const avatar_id = await freeAvatar(client);
  const session = await client.session.create({ avatar_id, duration: 600, heartbeat_timeout_ms: HEARTBEAT_TIMEOUT_MS });
  open.add(session._id);
  console.log(`open: ${session._id}`);
  return [201, { id: session._id, join: session.join, heartbeat_ms: Math.floor(HEARTBEAT_TIMEOUT_MS / 3) }];
}

async function answer(method, path) {
  if (method === "POST" && path === "/sessions") return openSession();
  const [, id, action] = /^\/sessions\/(\w+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (!id || !open.has(id)) return [404, { error: "there is no such session" }];
  if (method === "POST" && action === "heartbeat") return [200, await client.session.heartbeat({ id })];
  if (method === "DELETE" || (method === "POST" && action === "close")) {
    return [200, await client.session.close({ id })];
  }
  return [405, { error: "this cannot be done" }];
}

// Visitors are told that it failed, not how: messages are for who runs this.
const STATUS = { AVATAR_BUSY: 503, LOCAL_LIMIT: 503, RATE_LIMITED: 503, TIMEOUT: 504, SESSION_ENDED: 410 };

async function serve(request, response) {
  let status, body;
  try {
    [status, body] = await answer(request.method, new URL(request.url, "http://localhost").pathname);
  } catch (error) {
    console.error(error);
    status = error instanceof AkoolError ? STATUS[error.code] ?? 502 : 500;
    body = { error: "please try again later", retryable: error.retryable === true };
  }
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

const server = http.createServer((request, response) => {
  if (request.method !== "GET" || request.url !== "/") return void serve(request, response);
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  return response.end(page);
});

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

// Ctrl-C closes every session before the program ends.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    server.close();
    server.closeAllConnections();
    await client.close();
    console.log("closed");
  });
}
