import assert from "node:assert/strict";
import { test } from "node:test";
import { AVATAR, admin, akool, newClient, until } from "./support.mjs";

const NOBODY = "6698c9d69cf7b0d61d1b6420";

test("methods resolve to the data", async (t) => {
  const client = newClient(t);
  assert.equal((await client.account.credit()).credit, 6000);
  const session = await client.session.create({ avatar_id: AVATAR, duration: 60 }, { timeout_ms: 20_000, tag: "mine" });
  assert.match(session.join.token, /^SIMULATED-/);
  assert.equal((await client.session.close({ id: session._id })).state, "ended");
});

test("call resolves to the whole reply, by the operation's own name", async (t) => {
  const client = newClient(t);
  const reply = await client.call("avatar.list", { size: 2 }, { tag: "mine", raw: true, trace: true });
  assert.equal(reply.data.result.length, 2);
  assert.equal(reply.meta.operation, "avatar.list");
  assert.equal(reply.meta.tag, "mine");
  assert.equal(reply.meta.trace.length, 1);
  assert.equal(reply.raw.code, 1000);
});

test("every operation of the catalogue has a method", async (t) => {
  const client = newClient(t);
  const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  for (const { name } of akool.describe().operations) {
    const [method, group] = name.split(".").reverse().map(camel);
    const place = group === undefined || group === "client" ? client : client[group];
    assert.equal(typeof place[method], "function", name);
  }
});

test("methods work without their client", async (t) => {
  const { credit } = newClient(t).account;
  assert.equal((await credit()).credit, 6000);
});

test("an operation that is newer than the package can be called", async (t) => {
  const client = newClient(t);
  await assert.rejects(client.call("avatar.lits"), { code: "INVALID_ARGUMENT", message: /avatar\.list/ });
});

test("every result has one class, which its code and name tell", async () => {
  const results = akool.describe().results.filter(({ name }) => name !== "OK");
  const classes = Object.values(akool).filter((value) => value?.prototype instanceof akool.AkoolError);
  assert.equal(new Set(classes).size, results.length);
  for (const { name } of results) {
    const words = name.toLowerCase().split("_");
    const Class = akool[`${words.map((word) => word[0].toUpperCase() + word.slice(1)).join("")}Error`];
    const error = new Class({ message: "m" });
    assert.ok(error instanceof akool.AkoolError && error instanceof Error, name);
    assert.equal(error.code, name);
    assert.equal(error.name, name === "CANCELLED" ? "AbortError" : Class.name);
  }
});

test("an error says what happened, in JavaScript's names", async (t) => {
  const client = newClient(t);
  const error = await client.session.detail({ id: NOBODY }).catch((caught) => caught);
  assert.ok(error instanceof akool.NotFoundError);
  assert.equal(error.akoolCode, 1216);
  assert.equal(error.httpStatus, 200);
  assert.equal(error.retryable, false);
  assert.equal(error.meta.operation, "session.detail");
  assert.ok(error.hint.length > 0);
  assert.equal(Object.hasOwn(error, "retryAfterMs"), false);
  assert.match(error.stack, /calls\.test\.mjs/);
});

test("details keep their JSON", async (t) => {
  const client = newClient(t);
  const error = await client.session.create({ avatar_id: AVATAR, duration: 7200 }).catch((caught) => caught);
  assert.ok(error instanceof akool.InvalidArgumentError);
  assert.deepEqual(error.details.map(({ field }) => field), ["duration"]);
});

test("what JSON cannot hold is refused", async (t) => {
  const client = newClient(t);
  const cycle = {};
  cycle.itself = cycle;
  for (const params of [cycle, { size: 10n }]) {
    const error = await client.avatar.list(params).catch((caught) => caught);
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.ok(error.cause instanceof TypeError);
  }
});

test("arguments of any kind reject and do not throw", async (t) => {
  const client = newClient(t);
  const odd = [null, 1, "text", [], Symbol("s"), () => 1, new Map(), "\0", "\ud800", { ["\0"]: 1 }];
  for (const value of odd) {
    for (const promise of [client.call(value), client.avatar.list(value), client.avatar.list({}, value)]) {
      await promise.catch((error) => assert.ok(error instanceof akool.AkoolError, String(error)));
    }
  }
  for (const signal of [null, 1, {}]) {
    await assert.rejects(client.avatar.list({}, { signal }), { code: "INVALID_ARGUMENT" });
  }
});

test("a wrong configuration throws from the constructor", async () => {
  assert.throws(() => new akool.Client({ api_kee: "k" }), { code: "INVALID_ARGUMENT", message: /api_key/ });
  assert.throws(() => new akool.Client({ environment: false }), akool.UnauthenticatedError);
  for (const value of [null, 1, "text", []]) assert.throws(() => new akool.Client(value), akool.AkoolError);
});

test("text of any kind arrives as it was", async (t) => {
  const client = newClient(t);
  const name = 'äß "\\\n\t你好世界😀👩‍👩‍👧🇩🇪é\u0001';
  const { _id: id } = await client.knowledge.create({ name });
  assert.equal((await client.knowledge.detail({ id })).name, name);
});

test("a list is walked through page by page, each element once", async (t) => {
  const client = newClient(t);
  const names = [];
  for (let number = 0; number < 7; number++) {
    names.push((await client.knowledge.create({ name: `base${number}` })).name);
  }
  const found = [];
  for await (const base of client.knowledge.iterate({ size: 3 })) found.push(base.name);
  assert.deepEqual(found.filter((name) => name.startsWith("base")).sort(), names);
  assert.equal(new Set(found).size, found.length);
  const limited = [];
  for await (const base of client.knowledge.iterate({ size: 3, limit: 4 })) limited.push(base.name);
  assert.equal(limited.length, 4);
});

test("leaving a walk early reads no further pages", async (t) => {
  const client = newClient(t);
  for (let number = 0; number < 5; number++) await client.knowledge.create({ name: `base${number}` });
  const pages = async () => (await admin(client, "GET", "requests?since=0")).requests.filter(
    ({ method, path }) => method === "GET" && path.endsWith("/knowledge/list"),
  ).length;
  for await (const base of client.knowledge.iterate({ size: 2 })) if (base) break;
  assert.equal(await pages(), 1);
});

test("a list that fails rejects where it is walked through", async (t) => {
  const client = newClient(t);
  const walk = client.avatar.iterate({}, { signal: AbortSignal.abort("reason") });
  await assert.rejects(walk.next(), { name: "AbortError", cause: "reason" });
});

test("a thousand calls at once all end", async (t) => {
  const client = newClient(t);
  const replies = await Promise.all(Array.from({ length: 1000 }, () => client.account.credit()));
  assert.ok(replies.every(({ credit }) => credit === 6000));
});

test("a large reply arrives whole", async (t) => {
  const client = newClient(t);
  const prompt = "x".repeat(9000);
  for (let number = 0; number < 30; number++) await client.knowledge.create({ name: `base${number}`, prompt });
  const { result } = await client.knowledge.list({ size: 100 });
  assert.equal(result.filter((base) => base.prompt === prompt).length, 30);
});

test("the credit is back after a session was closed", async (t) => {
  const client = newClient(t);
  const { credit: before } = await client.account.credit();
  const { _id: id } = await client.session.create({ avatar_id: AVATAR, duration: 600 });
  assert.ok((await client.account.credit()).credit < before);
  await client.session.close({ id });
  await until("the refund", async () => (await client.account.credit()).credit > before - 600);
});
