import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { ENTRY, newClient, resources, run, until } from "./support.mjs";

const PROGRAM = `
  Promise.all([import("node:worker_threads"), import(${JSON.stringify(ENTRY)})]).then(async (modules) => {
    const [{ parentPort, workerData }, akool] = modules;
    const configuration = { base_url: "simulator:", api_key: "simulator", environment: false };
    const clients = Array.from({ length: workerData.clients }, () => new akool.Client(configuration));
    const credits = await Promise.all(clients.flatMap((client) =>
      Array.from({ length: workerData.calls }, () => client.account.credit())));
    parentPort.postMessage(credits.length);
    if (workerData.end === "close") await Promise.all(clients.map((client) => client.close()));
    if (workerData.end === "exit") process.exit(4);
    if (workerData.end === "throw") throw new Error("mine");
    if (workerData.end === "wait") {
      const { _id: id } = await clients[0].avatar.create({ url: "https://example.com/me.mp4", avatar_id: "mine" });
      parentPort.postMessage("waiting");
      await clients[0].avatar.wait({ id });
    }
    if (workerData.end === "flood") for (;;) await Promise.all(clients.map((client) => client.account.credit()));
  });`;

function start(end, { clients = 3, calls = 20 } = {}) {
  return new Worker(PROGRAM, { eval: true, workerData: { end, clients, calls } });
}

/** What libuv and V8 start with the first worker, and keep, is there before. */
async function settledResources() {
  const worker = start("close");
  await once(worker, "exit");
  await newClient().close();
  return resources();
}

const asBefore = ({ threads, descriptors }) =>
  until("threads and descriptors as before", () => {
    const now = resources();
    return now.threads <= threads && now.descriptors <= descriptors;
  });

test("several workers with several clients each", async (t) => {
  const before = await settledResources();
  const workers = Array.from({ length: 4 }, () => start("close"));
  const exits = workers.map((worker) => once(worker, "exit"));
  const counts = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0]));
  assert.deepEqual(counts, [60, 60, 60, 60]);
  assert.deepEqual((await Promise.all(exits)).flat(), [0, 0, 0, 0]);
  assert.equal((await newClient(t).account.credit()).credit, 6000);
  await asBefore({ threads: before.threads + 1, descriptors: before.descriptors + 10 });
});

test("a worker that has nothing to do ends its clients", async () => {
  const before = await settledResources();
  assert.deepEqual(await once(start("leave"), "exit"), [0]);
  await asBefore(before);
});

test("a worker that calls process.exit ends its clients", async () => {
  const before = await settledResources();
  assert.deepEqual(await once(start("exit"), "exit"), [4]);
  await asBefore(before);
});

test("a worker that throws ends its clients", async () => {
  const before = await settledResources();
  const worker = start("throw");
  const [error] = await once(worker, "error");
  assert.equal(error.message, "mine");
  await asBefore(before);
});

test("terminate while a worker waits", async () => {
  const { threads } = await settledResources();
  for (let round = 0; round < 5; round++) {
    const worker = start("wait");
    await once(worker, "message");
    await once(worker, "message");
    await worker.terminate();
  }
  await asBefore({ threads, descriptors: Infinity });
});

test("terminate in the middle of calls", async () => {
  const { threads } = await settledResources();
  for (let round = 0; round < 5; round++) {
    const worker = start("flood");
    await once(worker, "message");
    await worker.terminate();
  }
  await asBefore({ threads, descriptors: Infinity });
});

test("terminate at any moment", async () => {
  const { threads } = await settledResources();
  for (let round = 0; round < 15; round++) {
    const worker = start("flood");
    await once(worker, "online");
    await new Promise((resolve) => setTimeout(resolve, 4 * round));
    await worker.terminate();
  }
  await asBefore({ threads, descriptors: Infinity });
});

test("the process ends while workers call", async () => {
  const program = `
    import { Worker } from "node:worker_threads";
    const program = ${JSON.stringify(PROGRAM)};
    const workerData = { end: "flood", clients: 2, calls: 10 };
    let begun = 0;
    for (let n = 0; n < 3; n++) new Worker(program, { eval: true, workerData }).on("message", () => {
      if (++begun === 3) process.exit(6);
    });`;
  const result = await run(program);
  assert.equal(result.code, 6, JSON.stringify(result));
});
