import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { inspect } from "node:util";
import { admin, akool, newClient, resources, until } from "./support.mjs";

/** A call that does not end by itself for an hour. */
async function openWait(client, signal) {
  const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  return client.avatar.wait({ id }, { signal });
}

const STEPPED = { simulator: { time: "stepped" } };

test("aborted before: nothing is sent", async (t) => {
  const client = newClient(t);
  const reason = new Error("because");
  const promise = client.call("account.credit", {}, { signal: AbortSignal.abort(reason) });
  assert.equal(promise.requestId, undefined);
  const error = await promise.catch((caught) => caught);
  assert.ok(error instanceof akool.CancelledError);
  assert.equal(error.name, "AbortError");
  assert.equal(error.cause, reason);
  const paths = (await admin(client, "GET", "requests?since=0")).requests.map(({ path }) => path);
  assert.ok(!paths.some((path) => path.includes("quota")));
});

test("aborted meanwhile: rejects with an AbortError that has the reason", async (t) => {
  const client = newClient(t, STEPPED);
  const abort = new AbortController();
  const waiting = openWait(client, abort.signal);
  await until("a listener", () => getEventListeners(abort.signal, "abort").length === 1);
  abort.abort("enough");
  await assert.rejects(waiting, { name: "AbortError", code: "CANCELLED", cause: "enough" });
  assert.equal(getEventListeners(abort.signal, "abort").length, 0);
});

test("AbortSignal.timeout is a reason like any other", async (t) => {
  const client = newClient(t, STEPPED);
  const error = await openWait(client, AbortSignal.timeout(50)).catch((caught) => caught);
  assert.equal(error.name, "AbortError");
  assert.equal(error.cause.name, "TimeoutError");
});

test("the library's own time-out is no AbortError", async (t) => {
  const client = newClient(t, STEPPED);
  const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  const error = await client.avatar.wait({ id }, { timeout_ms: 50 }).catch((caught) => caught);
  assert.ok(error instanceof akool.TimeoutError);
});

test("aborted after: changes nothing", async (t) => {
  const client = newClient(t);
  const abort = new AbortController();
  assert.equal((await client.account.credit({}, { signal: abort.signal })).credit, 6000);
  assert.equal(getEventListeners(abort.signal, "abort").length, 0);
  abort.abort();
  assert.equal((await client.account.credit()).credit, 6000);
});

test("one signal cancels all calls that share it, with one listener", async (t) => {
  const client = newClient(t, STEPPED);
  const abort = new AbortController();
  const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  const calls = Array.from({ length: 100 }, () => client.avatar.wait({ id }, { signal: abort.signal }));
  assert.equal(getEventListeners(abort.signal, "abort").length, 1);
  abort.abort();
  const outcomes = await Promise.allSettled(calls);
  assert.ok(outcomes.every(({ reason }) => reason?.name === "AbortError"));
});

/** Calls of which some are cancelled at once, some a little later, some not. Resolves to how many were. */
async function callAndCancel(client, count) {
  const aborts = Array.from({ length: count }, () => new AbortController());
  const calls = aborts.map(({ signal }) => client.avatar.list({ size: 1 }, { signal }));
  aborts.forEach((abort, number) => {
    if (number % 3 === 1) abort.abort();
    else if (Math.random() < 0.5) setImmediate(() => abort.abort());
  });
  const outcomes = await Promise.allSettled(calls);
  const rejected = outcomes.filter(({ status }) => status === "rejected");
  assert.deepEqual(rejected.filter(({ reason }) => reason.name !== "AbortError"), []);
  assert.equal(aborts.reduce((sum, { signal }) => sum + getEventListeners(signal, "abort").length, 0), 0);
  return rejected.length;
}

test("10000 calls at once with random cancels all end", async (t) => {
  const client = newClient(t, { max_requests: 20_000 });
  assert.ok((await callAndCancel(client, 10_000)) > 0);
  assert.match(inspect(client), /pending: 0/);
  assert.equal((await client.account.credit()).credit, 6000);
});

test("10000 calls with random cancels leave no thread and no descriptor", async () => {
  // What libuv starts for itself, and keeps, is there before.
  await newClient().close();
  const before = resources();
  const client = newClient();
  let cancelled = 0;
  for (let round = 0; round < 200; round++) cancelled += await callAndCancel(client, 50);
  assert.ok(cancelled > 0);
  await client.close();
  await until("threads and descriptors as before", () => {
    const now = resources();
    return now.threads <= before.threads && now.descriptors <= before.descriptors;
  });
});
