import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { AVATAR, admin, newClient, until } from "./support.mjs";

/** Brings about one event, which `tag` tells from others. */
const say = (client, tag) => client.call("account.credit", {}, { reply: "event", tag });

async function openAndClose(client) {
  const { _id: id } = await client.session.create({ avatar_id: AVATAR, duration: 60 }, { tag: "mine" });
  await client.session.close({ id });
  return id;
}

test("events come to a for await loop, in order", async (t) => {
  const client = newClient(t);
  const events = client.events();
  const id = await openAndClose(client);
  for await (const event of events) {
    if (event.type !== "session.ended") continue;
    assert.equal(event.id, id);
    assert.equal(event.reason, "closed");
    assert.equal(event.tag, "mine");
    break;
  }
  assert.deepEqual(await events.next(), { value: undefined, done: true });
});

test("events come to listeners of their type and of all", async (t) => {
  const client = newClient(t);
  assert.ok(client instanceof EventEmitter);
  const seen = [];
  client.on("event", (event) => seen.push(event));
  const ended = once(client, "session.ended");
  const id = await openAndClose(client);
  const [event] = await ended;
  assert.equal(event.id, id);
  assert.ok(seen.includes(event));
});

test("an avatar's states are told while avatar.wait waits", async (t) => {
  const client = newClient(t, { simulator: { time: "stepped" }, polling: { initial_ms: 20, maximum_ms: 50 } });
  const states = [];
  client.on("avatar.state_changed", ({ state }) => states.push(state));
  const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  const ready = client.avatar.wait({ id });
  await until("a state", () => states.length > 0);
  await admin(client, "POST", "clock", { advance_s: 600 });
  assert.equal((await ready).state, "ready");
  await until("ready", () => states.at(-1) === "ready");
});

test("replies are events only when that is asked for", async (t) => {
  const client = newClient(t);
  const seen = [];
  client.on("reply", (event) => seen.push(event));
  await client.account.credit();
  const promise = say(client, "asked");
  await promise;
  await until("the reply", () => seen.length > 0);
  assert.equal(seen.length, 1);
  assert.equal(seen[0].request_id, promise.requestId);
  assert.equal(seen[0].reply.data.credit, 6000);
});

test("every loop has all events from where it began", async (t) => {
  const client = newClient(t);
  const loops = [client.events(), client.events()];
  await say(client, "one");
  const late = client.events();
  await say(client, "two");
  const tags = async (loop, count) => {
    const found = [];
    while (found.length < count) found.push((await loop.next()).value.tag);
    return found;
  };
  for (const loop of loops) assert.deepEqual(await tags(loop, 2), ["one", "two"]);
  assert.deepEqual(await tags(late, 1), ["two"]);
});

test("thousands of events arrive in order, none is lost", async (t) => {
  const client = newClient(t, { max_events: 10_000 });
  const seen = [];
  client.on("reply", ({ tag }) => seen.push(Number(tag)));
  await Promise.all(Array.from({ length: 5000 }, (_, number) => say(client, String(number))));
  await until("all", () => seen.length === 5000);
  assert.deepEqual([...seen].sort((a, b) => a - b), Array.from({ length: 5000 }, (_, number) => number));
});

test("a loop that nobody reads keeps the latest events", async (t) => {
  const client = newClient(t, { max_events: 3 });
  const events = client.events();
  for (const tag of ["one", "two", "three", "four", "five"]) await say(client, tag);
  const tags = [];
  for (let number = 0; number < 3; number++) tags.push((await events.next()).value.tag);
  assert.deepEqual(tags, ["three", "four", "five"]);
});

test("what a listener throws is uncaught and takes no other event along", async (t) => {
  const client = newClient(t);
  const uncaught = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => uncaught.push(error.message));
  t.after(() => {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  });
  const seen = [];
  client.on("reply", () => {
    throw new Error("mine");
  });
  client.on("event", ({ tag }) => seen.push(tag));
  await Promise.all([say(client, "one"), say(client, "two")]);
  await until("both", () => uncaught.length === 2 && seen.length === 2);
  assert.deepEqual(uncaught, ["mine", "mine"]);
});

test("closing ends loops after the last event", async (t) => {
  const client = newClient(t);
  const events = client.events();
  await client.session.create({ avatar_id: AVATAR, duration: 60 });
  await client.close();
  const types = [];
  for await (const { type } of events) types.push(type);
  assert.ok(types.includes("session.ended"), types.join());
  assert.deepEqual(await client.events().next(), { value: undefined, done: true });
});

test("a loop can be cancelled", async (t) => {
  const client = newClient(t);
  const abort = new AbortController();
  const waiting = client.events({ signal: abort.signal }).next();
  abort.abort("enough");
  await assert.rejects(waiting, { name: "AbortError", cause: "enough" });
  await assert.rejects(client.events({ signal: abort.signal }).next(), { name: "AbortError" });
});

test("return ends a loop whose next is pending", async (t) => {
  const client = newClient(t);
  const events = client.events();
  const waiting = events.next();
  await events.return();
  assert.deepEqual(await waiting, { value: undefined, done: true });
});
