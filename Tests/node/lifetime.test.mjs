import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { AVATAR, admin, akool, newClient, resources, run, until } from "./support.mjs";

const KEY = "sk-canary-0123456789";
const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for("nodejs.asyncDispose");

test("close closes the sessions and ends everything else", async (t) => {
  const client = newClient(t, { base_url: "simulator:close", simulator: { time: "stepped" } });
  await client.session.create({ avatar_id: AVATAR, duration: 60 });
  const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  const waiting = client.avatar.wait({ id }).catch((error) => error);
  assert.deepEqual(await client.close(), { closed: 1, pending: [] });
  assert.ok((await waiting) instanceof akool.ShuttingDownError);
  assert.equal(client.closed, true);
});

test("closing again gives the same answer; calls after it are refused", async (t) => {
  const client = newClient(t);
  const [first, second] = await Promise.all([client.close(), client.close()]);
  assert.equal(first, second);
  await assert.rejects(client.account.credit(), { name: "BadHandleError", code: "BAD_HANDLE" });
});

test("a client can be disposed of", async () => {
  const client = newClient();
  assert.equal(await client[ASYNC_DISPOSE](), undefined);
  assert.equal(client.closed, true);
});

test("closing does not block the event loop", async (t) => {
  const client = newClient(t);
  await client.session.create({ avatar_id: AVATAR, duration: 60 });
  await admin(client, "POST", "faults", {
    rules: [{ match: { operation: "session.close" }, fault: { delay_ms: 1000 } }],
  });
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  assert.deepEqual(await client.close(), { closed: 1, pending: [] });
  clearInterval(timer);
  assert.ok(turns >= 5, `${turns} turns in a second`);
});

test("a hundred clients come and go and leave nothing", async () => {
  await newClient().close();
  const before = resources();
  for (let round = 0; round < 10; round++) {
    const clients = Array.from({ length: 10 }, () => newClient());
    await Promise.all(clients.map((client) => client.account.credit()));
    await Promise.all(clients.map((client) => client.close()));
  }
  await until("threads and descriptors as before", () => {
    const now = resources();
    return now.threads <= before.threads && now.descriptors <= before.descriptors;
  });
});

test("a client that is forgotten is ended", async (t) => {
  await newClient().close();
  const before = resources();
  // In functions of their own, so that nothing on this one's stack refers to a client.
  const forgetOne = async () => void (await newClient().account.credit());
  for (let number = 0; number < 20; number++) await forgetOne();
  const observer = newClient(t, { base_url: "simulator:" });
  await until("all to be ended", () => {
    globalThis.gc();
    return resources().threads <= before.threads + 1;
  });
  assert.equal((await observer.account.credit()).credit, 6000);
});

test("a client that is forgotten while a call goes on is not", async () => {
  const { _id: id } = await (async () => {
    const promise = newClient(undefined, { simulator: { time: "stepped" } }).avatar.create({
      url: "https://example.com/me.mp4",
      avatar_id: "mine",
    });
    for (let number = 0; number < 5; number++) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    return promise;
  })();
  assert.equal(typeof id, "string");
});

test("no secret shows", async (t) => {
  const client = newClient(t, { api_key: KEY });
  const error = await client.call("request", { method: "GET", path: `/${KEY}` }).catch((caught) => caught);
  const seen = [client, error, { client }].map((value) => inspect(value, { depth: 9, showHidden: true }));
  seen.push(JSON.stringify(client), String(client), error.stack);
  for (const text of seen) assert.ok(!text.includes(KEY), text);
  assert.match(inspect(client), /^Client \{ closed: false, pending: 0 \}$/);
});

// How a process ends. Each program prints what it got to, and must end by itself.

async function ends(program, code, printed = "", options = {}) {
  const result = await run(program, options);
  const shown = JSON.stringify(result);
  assert.equal(result.signal, null, shown);
  assert.equal(result.code, code, shown);
  assert.equal(result.stdout, printed, shown);
  return result;
}

const OPEN = "const client = new akool.Client({ ...simulated, simulator: { time: 'stepped' } });";
const WAIT = `const { _id: id } = await client.avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
  const waiting = client.avatar.wait({ id });`;
const SESSION = `await client.session.create({ avatar_id: "${AVATAR}", duration: 60 });`;

test("a process with an open client and nothing to wait for ends by itself", () =>
  ends(`${OPEN} await client.account.credit(); console.log("done");`, 0, "done\n"));

test("a client that was never used lets the process end", () => ends(OPEN, 0));

test("listeners let the process end", () => ends(`${OPEN} client.on("event", () => {}); ${SESSION}`, 0));

test("a pending call keeps the process alive until it ends", () =>
  ends(`${OPEN} client.account.credit().then(() => console.log("done"));`, 0, "done\n"));

test("a loop over events keeps the process alive until it ends", () =>
  ends(
    `${OPEN} setTimeout(() => client.close(), 100).unref();
     for await (const event of client.events()) console.log(event.type);
     console.log("over");`,
    0,
    "over\n",
  ));

test("a loop that was left lets the process end", () =>
  ends(
    `${OPEN} const events = client.events(); client.call("account.credit", {}, { reply: "event" });
     for await (const { type } of events) { console.log(type); break; }`,
    0,
    "reply\n",
  ));

test("process.exit in the middle of a call", () => ends(`${OPEN} ${SESSION} ${WAIT} process.exit(7);`, 7));

test("process.exit in a listener", () =>
  ends(
    `${OPEN} client.on("reply", () => process.exit(8));
     await client.call("account.credit", {}, { reply: "event" });
     await new Promise(() => setInterval(() => {}, 1000));`,
    8,
  ));

test("process.exit while a client is being closed", () =>
  ends(`${OPEN} ${SESSION} client.close(); setImmediate(() => process.exit(9));`, 9));

test("process.exit right after a client was made", () => ends(`${OPEN} process.exit(3);`, 3));

test("an uncaught exception", async () => {
  const { stderr } = await ends(`${OPEN} ${SESSION} ${WAIT} throw new Error("mine");`, 1);
  assert.match(stderr, /Error: mine/);
});

test("an unhandled rejection names the error's class", async () => {
  const forever = "await new Promise(() => setInterval(() => {}, 1000));";
  const { stderr } = await ends(`${OPEN} client.session.detail({ id: "6698c9d69cf7b0d61d1b6420" }); ${forever}`, 1);
  assert.match(stderr, /NotFoundError/);
});

test("many clients and calls at the end of the process", () =>
  ends(
    `const clients = Array.from({ length: 10 }, () => new akool.Client(simulated));
     for (const client of clients) for (let n = 0; n < 50; n++) client.account.credit().catch(() => {});
     setImmediate(() => process.exit(0));`,
    0,
  ));
