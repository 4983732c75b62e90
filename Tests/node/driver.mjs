// Drives scenarios through this binding: a line of JSON in, a line of JSON out. See Tests/conformance/README.md.
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { akool } from "./support.mjs";

const MEMBERS = {
  akoolCode: "akool_code",
  httpStatus: "http_status",
  retryable: "retryable",
  retryAfterMs: "retry_after_ms",
  hint: "hint",
  details: "details",
};
const clients = new Map();

/** What a promise became, in the words of the library's replies. */
async function outcome(promise) {
  try {
    return { result: "OK", reply: await promise };
  } catch (error) {
    return failure(error);
  }
}

function failure(error) {
  if (!(error instanceof akool.AkoolError)) throw error;
  const members = Object.entries(MEMBERS).filter(([property]) => error[property] !== undefined);
  const json = { code: error.code, message: error.message };
  for (const [property, member] of members) json[member] = error[property];
  const reply = { error: json, ...(error.meta && { meta: error.meta }) };
  return { result: error.code, reply, class: error.constructor.name };
}

function create({ client: name, config }) {
  try {
    const client = new akool.Client(config ?? {});
    clients.set(name, { client, events: client.events(), next: undefined, requests: new Map() });
    return { result: "OK" };
  } catch (error) {
    return failure(error);
  }
}

function call({ client, operation, params, options }) {
  return outcome(clients.get(client).client.call(operation, params ?? undefined, options ?? undefined));
}

function submit({ client: name, operation, params, options }) {
  const { client, requests } = clients.get(name);
  const abort = new AbortController();
  const promise = client.call(operation, params ?? undefined, { ...options, signal: abort.signal });
  if (promise.requestId === undefined) return outcome(promise);
  requests.set(promise.requestId, { abort, outcome: outcome(promise) });
  return { result: "OK", request: promise.requestId };
}

async function wait({ client, request, timeout_ms: timeout }) {
  const found = clients.get(client).requests.get(request);
  if (!found) return { result: "NOT_FOUND", reply: null };
  const ended = await soon(found.outcome, timeout);
  if (ended) clients.get(client).requests.delete(request);
  return ended ?? { result: "TIMEOUT", reply: null };
}

function cancel({ client, request }) {
  clients.get(client).requests.get(request)?.abort.abort();
  return { result: "OK" };
}

/** A `next` that was not waited for to its end is the next one's. */
async function nextEvent({ client: name, timeout_ms: timeout }) {
  const client = clients.get(name);
  client.next ??= client.events.next();
  const found = await soon(client.next, timeout);
  if (found) client.next = undefined;
  return { result: "OK", event: found?.value ?? null };
}

async function destroy({ client: name }) {
  const { client } = clients.get(name);
  clients.delete(name);
  const { result } = await outcome(client.close());
  return { result };
}

/** What a promise resolves to, if it does so in time; a negative time has no end. */
async function soon(promise, timeout) {
  if (timeout < 0) return promise;
  const timer = new AbortController();
  const late = delay(timeout, undefined, { signal: timer.signal }).catch(() => undefined);
  const found = await Promise.race([promise, late]);
  timer.abort();
  return found;
}

const COMMANDS = { create, call, submit, wait, cancel, next_event: nextEvent, destroy };

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: command, ...others } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id, ...(await COMMANDS[command](others)) })}\n`);
}
for (const name of [...clients.keys()]) await destroy({ client: name });
